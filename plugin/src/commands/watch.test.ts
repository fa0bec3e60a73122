import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestMachine, type TestMachine } from "../testing/run-command.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  machine.remove();
});

const on = (platform: NodeJS.Platform) => vi.spyOn(process, "platform", "get").mockReturnValue(platform);

test("watch --print-service prints a file with the way to store and server, and how to install it", async () => {
  const env = { OPENSYNC_HOME: "/data/sync", NODE_EXTRA_CA_CERTS: "/etc/box.pem", no_proxy: "box.lan", OTHER: "x" };
  const { exitCode, stdout, stderr } = await machine.run(["watch", "--print-service"], { env });
  expect(exitCode).toBe(0);
  for (const text of [process.execPath, "cli.js", "watch", "/data/sync", "/etc/box.pem", "box.lan"]) {
    expect(stdout).toContain(text);
  }
  expect(stdout).not.toContain("OTHER");
  expect(stderr).toMatch(/^To install it:\n {2}mkdir -p .* && opencode-sync watch --print-service > .*\n {2}.*\n$/);
});

test("watch --print-service prints no secret, and says what is missing", async () => {
  const env = { HTTPS_PROXY: "http://me:hunter2@proxy.lan:3128", OPENSYNC_API_KEY: "os_0123456789" };
  const { stdout, stderr } = await machine.run(["watch", "--print-service"], { env });
  expect(stdout + stderr).not.toMatch(/hunter2|os_0123456789/);
  expect(stderr).toContain("HTTPS_PROXY is not in it, because of its password: add it where only you can read.\n");
  expect(stderr).toContain("The key in OPENSYNC_API_KEY is not in it: run opencode-sync login first.\n");
});

test.each([
  ["linux", /^\[Unit\]\n/],
  ["darwin", /^<\?xml .*\n<!DOCTYPE plist /],
] as const)("watch --print-service prints what %s takes", async (platform, form) => {
  on(platform);
  expect((await machine.run(["watch", "--print-service"])).stdout).toMatch(form);
});

test("watch --print-service says that Windows has another way", async () => {
  on("win32");
  expect(await machine.run(["watch", "--print-service"])).toMatchObject({
    exitCode: 1,
    stdout: "",
    stderr:
      "error: there is no such file for Windows\n" +
      "hint:  Let the Task Scheduler start it when you sign in: opencode-sync watch\n",
  });
});
