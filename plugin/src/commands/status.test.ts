import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copyFixtureStore } from "../testing/opencode-fixture.ts";
import { createTestMachine, REFUSED, TEST_URL, type TestMachine } from "../testing/run-command.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: false });
});
afterEach(() => machine.remove());

describe("status", () => {
  test("tells a machine that is not signed in by its exit code", async () => {
    expect(await machine.run(["status"])).toMatchObject({
      exitCode: 4,
      stdout: "",
      stderr: "error: this machine is not signed in\nhint:  Run: opencode-sync login\n",
    });
  });

  test("asks the server once and counts what is waiting", async () => {
    machine.signIn();
    const store = copyFixtureStore("1.2.27");
    mkdirSync(join(machine.home, ".opensync/state"));
    writeFileSync(
      join(machine.home, ".opensync/state/opencode.json"),
      JSON.stringify({
        sinceMs: 0,
        sessions: { ses_e046ca6fcffeVLsO7mdgGenyoF: 1795222100584 },
        lastSuccessAtMs: 1795222200000,
      }),
    );
    const result = await machine.run(["status"], { env: store.env });
    store.remove();
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: "",
      stdout: [
        `url\t${TEST_URL}`,
        "key\tos_01234…ABCD",
        "server\tok",
        "lastSuccessAt\t2026-11-21T00:50:00.000Z",
        "waiting\t1",
        "rejected\t0",
        "",
      ].join("\n"),
    });
    expect(result.requests).toHaveLength(1);
  });

  test("says that a pause keeps everything back, until it is over", async () => {
    machine.signIn();
    await machine.run(["config", "--pause", "8h"]);
    expect((await machine.run(["status"])).stdout).toMatch(/^pausedUntil\t\d{4}-\d\d-\d\dT[\d:.]+Z$/m);
    await machine.run(["config", "--resume"]);
    expect((await machine.run(["status"])).stdout).not.toContain("pausedUntil");
  });

  test("fails when the server does not take the key", async () => {
    machine.signIn();
    const result = await machine.run(["status", "--json", "server"], {
      server: { "GET /sync/sessions/list": REFUSED },
    });
    expect(result.exitCode).toBe(4);
    expect(result.stdout).toContain("Invalid API key");
  });
});
