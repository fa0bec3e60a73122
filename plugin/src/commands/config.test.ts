import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import { createTestMachine, TEST_URL, type TestMachine } from "../testing/run-command.ts";

let machine: TestMachine;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: false });
});
afterEach(() => machine.remove());

describe("config", () => {
  const rows = [
    ["url", TEST_URL],
    ["key", "os_01234…ABCD"],
    ["device", "workstation"],
    ["credentials", "~/.opensync/credentials.json"],
    ["plugin", "~/.opensync/plugin.js"],
    ["openCodeConfig", "~/.config/opencode/opencode.json"],
    ["registered", "false"],
    ["settings", "~/.opensync/settings.json"],
    ["redaction", "true"],
    ["patterns", "-"],
    ["excluded", "-"],
    ["pausedUntil", "-"],
  ];

  test("for a program is tab-separated", async () => {
    machine.signIn();
    const stdout = rows.map((row) => `${row.join("\t")}\n`).join("");
    expect(await machine.run(["config"], { server: {} })).toMatchObject({ exitCode: 0, stdout, stderr: "" });
  });

  test("for a person is aligned", async () => {
    machine.signIn();
    const terminal = createTestTerminal({ isTerminal: true });
    const stdout = rows.map(([field = "", value]) => `${field.padEnd(14)}  ${value}\n`).join("");
    expect(await machine.run(["config"], { server: {}, terminal })).toMatchObject({ exitCode: 0, stdout, stderr: "" });
  });

  test("as JSON has the fields that were asked for, and null for what is not there", async () => {
    expect((await machine.run(["config", "--json", "url,registered"])).stdout).toBe(
      '{"url":null,"registered":false}\n',
    );
  });
});
