import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import { copyFixtureStore } from "../testing/opencode-fixture.ts";
import {
  createTestMachine,
  EMPTY_SERVER,
  REFUSED,
  TEST_KEY,
  TEST_URL,
  type TestMachine,
} from "../testing/run-command.ts";
import { VERSION } from "../version.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: false });
});
afterEach(() => machine.remove());

describe("verify", () => {
  test("names each check, and is content after login and one start of OpenCode", async () => {
    const store = copyFixtureStore("1.15.13");
    const env = { OPENSYNC_URL: TEST_URL, OPENSYNC_API_KEY: TEST_KEY };
    await machine.run(["login", "--register"], { env });
    const result = await machine.run(["verify"], { env: store.env });
    store.remove();
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: "",
      stdout: [
        "credentials\tok\t~/.opensync/credentials.json\t",
        `server\tok\t${TEST_URL} answers (version ${VERSION})\t`,
        "key\tok\tthe server takes it\t",
        "plugin\tok\t~/.opensync/plugin.js\t",
        "registration\tok\t~/.config/opencode/opencode.json names the plugin\t",
        "store\tok\t1 session of OpenCode\t",
        "",
      ].join("\n"),
    });
  });

  test("shows a person what is wrong and the exact fix, one under the other", async () => {
    machine.signIn();
    const terminal = createTestTerminal({ isTerminal: true });
    const server = { ...EMPTY_SERVER, "GET /sync/sessions/list": REFUSED };
    const { exitCode, stdout } = await machine.run(["verify"], { terminal, server });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      [
        "failed   plugin        ~/.opensync/plugin.js is missing",
        "                       Run: opencode-sync login",
        "failed   registration  ~/.config/opencode/opencode.json does not name the plugin",
        "                       Run: opencode-sync login --register",
        "warning  store         OpenCode has no sessions here yet",
        "                       Start OpenCode once.",
        "",
      ].join("\n"),
    );
    expect(stdout).toMatch(/^failed {3}key {11}.*Invalid API key/m);
  });

  test("warns about a key file that others can read", async () => {
    mkdirSync(join(machine.home, ".opensync"));
    writeFileSync(
      join(machine.home, ".opensync/credentials.json"),
      JSON.stringify({ url: TEST_URL, apiKey: TEST_KEY }),
      { mode: 0o644 },
    );
    expect((await machine.run(["verify"])).stdout).toContain(
      "credentials\twarning\t~/.opensync/credentials.json can be read by others\tRun: chmod 600 ~/.opensync/credentials.json\n",
    );
  });
});
