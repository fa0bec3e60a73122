import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestMachine, type TestMachine } from "../testing/run-command.ts";
import { VERSION } from "../version.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: false });
});
afterEach(() => machine.remove());

describe("version", () => {
  test("is told alone when nobody is signed in", async () => {
    expect(await machine.run(["--version"])).toMatchObject({
      exitCode: 0,
      stdout: `opencode-sync ${VERSION}\n`,
      stderr: "",
    });
  });

  test("comes with the server's, which may be away", async () => {
    machine.signIn();
    const there = await machine.run(["version"]);
    expect(there.stdout).toBe(`opencode-sync ${VERSION}\nserver ${VERSION}\n`);
    const away = await machine.run(["version"], { server: { "GET /health": "refused" } });
    expect(away).toMatchObject({ exitCode: 0, stdout: `opencode-sync ${VERSION}\n` });
    expect(away.stderr).toContain("connection refused");
  });
});
