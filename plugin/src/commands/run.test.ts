import { describe, expect, test } from "vitest";
import { createTestTerminal } from "../io/test-terminal.ts";
import { createFakeServer } from "../testing/fake-server.ts";
import type { Command } from "./command.ts";
import { COMMANDS } from "./index.ts";
import { type Commands, runProgram } from "./run.ts";

async function run(args: readonly string[], commands: Commands = COMMANDS, env: Record<string, string> = {}) {
  const terminal = createTestTerminal();
  const { fetch } = createFakeServer({});
  const context = {
    terminal,
    env: { HOME: "/nowhere", ...env },
    now: () => 0,
    device: "d",
    fetch,
    folder: "/nowhere",
    packageFolder: "/",
  };
  const exitCode = await runProgram(args, commands, context);
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

describe("help", () => {
  test("lists every command in a line", async () => {
    const { exitCode, stdout, stderr } = await run(["help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatchInlineSnapshot(`
      "Sync your coding-agent sessions to your own OpenSync server.

      Usage
        opencode-sync <command> [options]

      Commands
        login    Sign this machine in with the address of your OpenSync server and an API key
        doctor   Check everything between OpenCode and the server, in order; the output is safe to paste
        verify   Check the credentials and OpenCode's configuration, or prove that the server has everything
        sync     Test the way to the server with a test session, or send the sessions of this machine
        watch    Keep syncing without the plugin: send what changes in OpenCode's store until stopped
        status   Show whether you are signed in, and what is still to be sent
        config   Show the current configuration, or change what leaves this machine
        redact   Show what would be masked in a file, without showing the secrets
        logout   Remove the saved credentials and what login registered
        version  Show the installed version, and that of the server
        help     Show this help, or that of one command

      Help on one of them: opencode-sync help <command>
      "
    `);
  });

  test.each([[], ["--help"], ["-h"]])("is what %j shows too", async (...args) => {
    expect((await run(args)).stdout).toBe((await run(["help"])).stdout);
  });

  test("of login", async () => {
    expect((await run(["login", "--help"])).stdout).toMatchInlineSnapshot(`
      "Sign this machine in with the address of your OpenSync server and an API key.

      Usage
        opencode-sync login [options]

      Options
            --url <address>  Address of the server (or OPENSYNC_URL)
            --key -          Read the key from stdin (or set OPENSYNC_API_KEY)
            --register       Let OpenCode load the plugin; --no-register: leave its settings alone
            --stand-in       While npm's registry is away, let OpenCode believe that its package for plugins is there; --no-stand-in: do not ask
        -h, --help           Show this help
        -q, --quiet          Print errors only
        -v, --verbose        Print one line for each request
            --debug          Print where an error comes from

      Example
        opencode-sync login --url https://opensync.example.com
      "
    `);
  });

  test.each(Object.keys(COMMANDS))("of %s has an example that starts with the program", async (name) => {
    const { exitCode, stdout } = await run(["help", name]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`\nExample\n  opencode-sync ${name}`);
  });
});

describe("a call that is not understood", () => {
  test.each([
    { args: ["frobnicate"], error: 'there is no command "frobnicate"', hint: "See: opencode-sync help" },
    { args: ["toString"], error: 'there is no command "toString"', hint: "See: opencode-sync help" },
    { args: ["--force"], error: "the first argument must be a command", hint: "See: opencode-sync help" },
    {
      args: ["login", "--kye", "x"],
      error: "opencode-sync login does not understand its options: unknown option '--kye'",
      hint: "See: opencode-sync login --help",
    },
    {
      args: ["status", "now"],
      error: "opencode-sync status takes options only",
      hint: "See: opencode-sync status --help",
    },
    {
      args: ["config", "--json", "url,colour"],
      error: 'opencode-sync config has no field "colour"',
      hint: "Its fields: url, key, device, credentials, plugin, openCodeConfig, registered, settings, redaction, patterns, excluded, pausedUntil",
    },
  ])("$args is told on stderr, with a hint", async ({ args, error, hint }) => {
    const expected = args.includes("--json")
      ? `${JSON.stringify({ error: { kind: "usage", message: error, hint, retryable: false } })}\n`
      : `error: ${error}\nhint:  ${hint}\n`;
    expect(await run(args)).toEqual({ exitCode: 1, stdout: "", stderr: expected });
  });

  test("never repeats a value, which may be a key", async () => {
    const { stderr } = await run(["login", "os_0123456789abcdef0123456789"]);
    expect(stderr).not.toContain("os_");
  });
});

test("--json without fields lists them", async () => {
  expect((await run(["version", "--json"])).stdout).toBe(
    "version\tversion of this program\n" +
      "commit\tfrom which it was built; null: not known\n" +
      "server\tversion of the server; null when nobody is signed in or it cannot be reached\n",
  );
});

describe("an error that nobody expected", () => {
  const broken: Command = {
    name: "broken",
    summary: "Fail",
    example: "opencode-sync broken",
    options: {},
    run: async () => {
      throw new TypeError("boom");
    },
  };
  const commands = { broken: async () => broken };

  test("is one line and a hint, without a stack", async () => {
    expect(await run(["broken"], commands)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "error: boom\nhint:  Run the command again with --debug and report what it prints.\n",
    });
  });

  test("shows its stack with --debug", async () => {
    expect((await run(["broken", "--debug"], commands)).stderr).toMatch(/TypeError: boom\n\s+at /);
  });
});
