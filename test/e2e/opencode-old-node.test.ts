import { realpathSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import {
  createOpenCodeHome,
  type OpenCodeHome,
  openCodeBinary,
  runCli,
  runOpenCode,
  startCli,
} from "../support/opencode.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

// A machine whose Node is too old for the command line, and which has OpenCode.

let server: TestServer;
let model: MockModel;
let home: OpenCodeHome;
let env: Record<string, string>;

beforeAll(async () => {
  server = await startServer();
  model = await startMockModel();
  home = await createOpenCodeHome({ modelUrl: model.url });
  const pretending = join(home.home, "old.mjs");
  writeFileSync(
    pretending,
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });',
  );
  env = {
    NODE_OPTIONS: `--import=${pretending}`,
    PATH: [dirname(openCodeBinary()), home.env["PATH"]].join(delimiter),
  };
  // What a checkout may hold for Bun: it must stay unread.
  writeFileSync(join(home.project, ".env"), "OPENSYNC_HOME=/nowhere\n");
  writeFileSync(join(home.project, "bunfig.toml"), 'preload = ["./preload.js"]\n');
  writeFileSync(join(home.project, "preload.js"), 'console.log("code of the project");');
});

afterAll(async () => {
  await model?.stop();
  await server?.stop();
  home?.remove();
});

const cli = (...args: string[]) => runCli(home, args, { env });

test("opencode-sync runs on the runtime inside of OpenCode, and does the same there", async () => {
  expect(await runOpenCode(home, "Hello [[say:Hi.]]")).toMatchObject({ exitCode: 0 });
  const { key } = await createKey(server, await createUser(server));
  const args = ["login", "--url", server.url, "--key", "-", "--register"];
  const login = await runCli(home, args, { env, input: `${key}\n` });
  expect(login).toMatchObject({ exitCode: 0, stdout: "", stderr: expect.stringContaining("Signed in to") });

  expect(await cli("verify")).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await cli("sync", "--all")).stdout).toBe("1 session sent, 0 already there, 2 messages\n");
  expect(await cli("verify", "--deep")).toMatchObject({
    exitCode: 0,
    stderr: "The server has all of 1 session with 2 messages.\n",
  });
  expect(await cli("sync", "--all")).toMatchObject({
    exitCode: 0,
    stdout: "0 sessions sent, 1 already there, 0 messages\n",
  });
  const doctor = await cli("doctor");
  expect(doctor.stdout).toContain("opencode\tok\tversion 1.18.33");
  expect(doctor.stdout).not.toContain("\tfailed\t");
  expect(await cli("nonsense")).toMatchObject({ exitCode: 1, stdout: "" });
});

test("opencode-sync watch has its lock there, and ends when it is asked to", async () => {
  const watching = startCli(home, ["watch"], { env });
  let said = "";
  watching.child.stderr?.on("data", (text: string) => (said += text));
  await until("it watches", () => said.includes("Watching the store"));
  expect(await cli("watch")).toMatchObject({ exitCode: 8, stderr: expect.stringContaining("is at work") });
  watching.child.kill("SIGTERM");
  expect(await watching.finished).toMatchObject({ exitCode: 0 });
});

test("the service that opencode-sync prints there runs on the same runtime, and reads nothing of its folder either", async () => {
  const printed = await cli("watch", "--print-service");
  expect(printed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("To install it:") });
  for (const text of [
    realpathSync(openCodeBinary()),
    "--env-file=/dev/null",
    "--config=/dev/null",
    "cli.js",
    "BUN_BE_BUN",
  ]) {
    expect(printed.stdout).toContain(text);
  }
});

test("without OpenCode it says what to install", async () => {
  const answer = await runCli(home, ["version"], { env: { ...env, PATH: "" } });
  expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
  expect(answer.stderr).toBe(
    "error: opencode-sync needs Node 22.19 or newer, this is 20.20.2\n" +
      "hint:  Install OpenCode, whose own runtime will do, or a current Node from https://nodejs.org, and run it again.\n",
  );
});
