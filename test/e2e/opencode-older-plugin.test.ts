import { delimiter, dirname } from "node:path";
import { afterEach, expect, test } from "vitest";
import { rowsOfServer, rowsOfStore } from "../faults/compare.ts";
import { createOpenCodeHome, type OpenCodeHome, openCodeBinary, runCli, runOpenCode } from "../support/opencode.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { sharedModel } from "../support/shared.ts";

const model = sharedModel();
let server: TestServer | undefined;
let home: OpenCodeHome | undefined;

afterEach(async () => {
  home?.remove();
  await server?.stop();
});

/** Long enough for the plugin to look for what the start before left behind. */
const SLOW = "And now [[slow:4000]][[say:Slowly.]]";

/** A machine with this version of OpenCode, signed in as a person would. */
async function machine(version: string): Promise<{ server: TestServer; home: OpenCodeHome }> {
  server = await startServer();
  const { key } = await createKey(server, await createUser(server));
  home = await createOpenCodeHome({ modelUrl: model.url, version });
  const env = { PATH: [dirname(openCodeBinary(version)), home.env["PATH"]].join(delimiter) };
  const login = await runCli(home, ["login", "--url", server.url, "--key", "-", "--register"], { input: key, env });
  expect(login).toMatchObject({ exitCode: 0 });
  for (const command of ["verify", "doctor"]) {
    expect((await runCli(home, [command], { env })).stdout).toMatch(/^plugin\tok\t/m);
  }
  return { server, home };
}

// Before 1.15.11 a plugin is not told that OpenCode ends: what it has not sent by then is the next start's.
test.each(["1.2.27", "1.14.34"])(
  "OpenCode %s loads the plugin, and each start brings what the one before left behind",
  async (version) => {
    const { server, home } = await machine(version);
    expect(await runOpenCode(home, "Hello [[say:Hi.]]")).toMatchObject({ exitCode: 0 });
    const [[id, session] = expect.fail("the first conversation is stored")] = Object.entries(
      await rowsOfStore(home.env),
    );
    expect(await runOpenCode(home, SLOW)).toMatchObject({ exitCode: 0 });
    expect(rowsOfServer(server)[id]).toEqual(session);
    expect(await runCli(home, ["sync", "--all"])).toMatchObject({ exitCode: 0, stderr: "" });
    expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
  },
);

test("OpenCode 1.1.65, which keeps files, works as ever with the plugin, and sync --all brings what it has", async () => {
  const { server, home } = await machine("1.1.65");
  const run = await runOpenCode(home, "Hello [[say:Hi.]]");
  expect({ exitCode: run.exitCode, stdout: run.stdout.trim() }).toEqual({ exitCode: 0, stdout: "Hi." });
  expect(await runCli(home, ["sync", "--all"])).toMatchObject({ exitCode: 0, stderr: "" });
  expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
});
