import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import { PASSWORD, random } from "../redact/testing/planted.ts";
import { COMMANDS } from "./index.ts";
import { runProgram } from "./run.ts";

const NOW = Date.UTC(2026, 10, 25, 12);
const apiKey = "os_0123456789abcdefghijklmnopqrstuvwxyzABCD";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opensync-settings-"));
  mkdirSync(join(home, ".opensync"), { mode: 0o700 });
  writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify({ url: "http://127.0.0.1:1", apiKey }));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

async function run(args: readonly string[], input = "") {
  const terminal = createTestTerminal({ input });
  const context = {
    terminal,
    env: { HOME: home },
    now: () => NOW,
    device: "workstation",
    fetch: () => Promise.reject(new Error("nothing is sent")),
    folder: "/nowhere",
    packageFolder: home,
  };
  const exitCode = await runProgram(args, COMMANDS, context);
  const [stdout, stderr] = [terminal.stdout(), terminal.stderr()].map((text) => text.replaceAll(home, "HOME"));
  return { exitCode, stdout, stderr };
}

const file = () => join(home, ".opensync/settings.json");
const saved = () => JSON.parse(readFileSync(file(), "utf8"));
const show = async (...fields: string[]) =>
  JSON.parse((await run(["config", "--json", fields.join(",")])).stdout ?? "");

describe("config changes what leaves this machine", () => {
  test("and keeps it in a file that only its owner can read", async () => {
    await run(["config", "--no-redact"]);
    expect(saved()).toEqual({ redaction: false, patterns: [], excluded: [], pausedUntilMs: 0 });
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    await run(["config", "--redact"]);
    expect(await show("redaction")).toEqual({ redaction: true });
  });

  test("patterns are added, replaced and forgotten by name", async () => {
    await run(["config", "--pattern", "customer=CUST-[0-9]{6}"]);
    await run(["config", "--pattern", "ticket=T=[0-9]+"]);
    await run(["config", "--pattern", "customer=KD-[0-9]{6}"]);
    expect(saved().patterns).toEqual([
      { name: "ticket", pattern: "T=[0-9]+" },
      { name: "customer", pattern: "KD-[0-9]{6}" },
    ]);
    await run(["config", "--forget-pattern", "ticket"]);
    expect(await show("patterns")).toEqual({ patterns: ["customer"] });
  });

  test("folders are excluded and included again", async () => {
    await run(["config", "--exclude", join(home, "clients/acme")]);
    expect(await show("excluded")).toEqual({ excluded: ["~/clients/acme"] });
    await run(["config", "--include", join(home, "clients/acme")]);
    expect(await show("excluded")).toEqual({ excluded: [] });
  });

  test.each([
    ["30m", "2026-11-25T12:30:00.000Z"],
    ["8h", "2026-11-25T20:00:00.000Z"],
    ["3d", "2026-11-28T12:00:00.000Z"],
    ["2026-12-01T00:00:00Z", "2026-12-01T00:00:00.000Z"],
  ])("a pause of %s lasts until %s, and --resume ends it", async (pause, pausedUntil) => {
    await run(["config", "--pause", pause]);
    expect(await show("pausedUntil")).toEqual({ pausedUntil });
    expect(await run(["sync", "--all"])).toEqual({
      exitCode: 8,
      stdout: "",
      stderr: `error: nothing is sent before ${pausedUntil}: sync is paused on this machine\nhint:  To go on now: opencode-sync config --resume\n`,
    });
    await run(["config", "--resume"]);
    expect(await show("pausedUntil")).toEqual({ pausedUntil: null });
  });

  test.each([
    [["--pattern", "customer"], "the pattern cannot be used: it has the form name=expression"],
    [["--pattern", "a b=c"], 'the pattern cannot be used: a name has 1 to 48 letters, digits, "-", "_" and "."'],
    [["--pattern", "a=(x+)+"], "the pattern cannot be used: a repeated group can take for ever"],
    [["--pattern", "a=("], "the pattern cannot be used: it is not a regular expression"],
    [["--pattern", "a=x*"], "the pattern cannot be used: it matches nothing at all, and with it every place"],
    [["--forget-pattern", "a"], "a is not in the settings"],
    [["--include", "/x"], "/x is not in the settings"],
    [["--pause", "soon"], '"soon" is not a time: give 30m, 8h, 3d, or a date'],
    [["--pause", "2020-01-01"], "2020-01-01T00:00:00.000Z is over already"],
  ])("%j is refused with a reason, and nothing is changed", async (args, message) => {
    const { exitCode, stderr } = await run(["config", ...args]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `error: ${message}\nhint:  See: opencode-sync config --help\n`,
    });
    expect(() => saved()).toThrow();
  });

  test("a file that is not valid stops every command that would send something", async () => {
    writeFileSync(file(), '{"redaction": "yes"}');
    for (const args of [["sync"], ["sync", "--all"], ["config"]]) {
      const { exitCode, stderr } = await run(args);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("settings.json is not valid, so nothing is sent");
    }
  });
});

describe("redact --test", () => {
  const secret = random.mixed(24);
  const text = `first\n  OPENAI_API_KEY=${secret} and ${apiKey}\n\npostgres://app:${PASSWORD}@db/shop\n`;

  test("shows places by name and line, and never a secret", async () => {
    writeFileSync(join(home, "notes.md"), text);
    const result = await run(["redact", "--test", join(home, "notes.md"), "--project", home]);
    expect(result).toEqual({
      exitCode: 0,
      stdout: [
        "2:18\tkey\t24 characters",
        "2:47\topensync-key\t43 characters",
        "4:16\turl-password\t11 characters",
        "",
      ].join("\n"),
      stderr: "",
    });
  });

  test("reads stdin, and knows the secrets of the project", async () => {
    writeFileSync(join(home, ".env"), "MAIL_PASSWORD=plum-4411-tree\n");
    const { stdout } = await run(["redact", "--test", "-", "--project", home], "sent plum-4411-tree\n");
    expect(stdout).toBe("1:6\tMAIL_PASSWORD\t14 characters\n");
  });

  test("knows the person's own patterns", async () => {
    await run(["config", "--pattern", "customer=CUST-[0-9]{6}"]);
    const { stdout } = await run(["redact", "--test", "-", "--project", home], "for CUST-123456\n");
    expect(stdout).toBe("1:5\tcustomer\t11 characters\n");
  });

  test("says when there is nothing, and when redaction is off", async () => {
    expect(await run(["redact", "--test", "-", "--project", home], "nothing")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "Nothing would be masked.\n",
    });
    await run(["config", "--no-redact"]);
    expect(await run(["redact", "--test", "-", "--project", home], text)).toEqual({
      exitCode: 0,
      stdout: "2:47\topensync-key\t43 characters\n",
      stderr: "Redaction is off: only our own key is masked.\n",
    });
  });

  test("without a file says how to give one", async () => {
    expect(await run(["redact"])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("redact --test FILE") });
    expect(await run(["redact", "--test", join(home, "none")])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("cannot read HOME/none (ENOENT)"),
    });
  });
});
