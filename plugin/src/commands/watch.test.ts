import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../testing/run-command.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: true });
});
afterEach(() => machine.remove());

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
