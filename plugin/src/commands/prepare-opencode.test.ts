import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestTerminal, type TestTerminal } from "../io/test-terminal.ts";
import { installPackage, packageState, writeStandIn } from "../sources/opencode/plugin-package.ts";
import { createTestMachine, TEST_KEY, TEST_URL, type TestMachine } from "../testing/run-command.ts";

let machine: TestMachine;
let folder: string;
beforeEach(() => {
  machine = createTestMachine({ isSignedIn: false });
  folder = join(machine.home, ".config/opencode");
  mkdirSync(folder, { recursive: true });
  // An OpenCode, and an npm that cannot reach its registry.
  mkdirSync(join(machine.home, "bin"));
  program("opencode", "echo 1.18.33");
  program("npm", 'echo "$@" >> "$HOME/npm.log"; exit 1');
});
afterEach(() => machine.remove());

function program(name: string, script: string): void {
  writeFileSync(join(machine.home, "bin", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(machine.home, "bin", name), 0o755);
}

const state = () => packageState({ HOME: machine.home });
const run = (args: string[], terminal: TestTerminal = createTestTerminal()) =>
  machine.run(args, {
    terminal,
    env: { PATH: `${machine.home}/bin:/bin:/usr/bin`, OPENSYNC_URL: TEST_URL, OPENSYNC_API_KEY: TEST_KEY },
  });

const AWAY = "npm's registry cannot be reached: OpenCode would wait for it at every start, 73 seconds.";

test("without the registry a person is asked, and a stand-in is put there and taken away again by logout", async () => {
  const terminal = createTestTerminal({ isTerminal: true, answers: [true] });
  const result = await run(["login", "--register"], terminal);
  expect(terminal.questions).toEqual([`${AWAY} Put a stand-in into ~/.config/opencode?`]);
  expect(result.stderr).toContain("A stand-in for @opencode-ai/plugin is in ~/.config/opencode.");
  expect(await state()).toBe("stand-in");
  expect((await run(["doctor"])).stdout).toContain("\npackage\twarning\t@opencode-ai/plugin is a stand-in");

  expect((await run(["logout"])).stderr).toContain("The stand-in is gone from ~/.config/opencode\n");
  expect(await state()).toBe("missing");
  expect(readdirSync(folder)).toEqual(["opencode.json"]);
});

test("who does not want it, and a script that does not say so, gets none", async () => {
  const terminal = createTestTerminal({ isTerminal: true, answers: [false] });
  for (const result of [await run(["login", "--register"], terminal), await run(["login", "--register"])]) {
    expect(result.stderr).toContain(`${AWAY} To avoid that: opencode-sync login --stand-in\n`);
  }
  expect(await state()).toBe("missing");
  await run(["login", "--register", "--stand-in"]);
  expect(await state()).toBe("stand-in");
});

test.each([
  ["another plugin in the configuration", "opencode.json", '{"plugin": ["other"]}'],
  ["another plugin in a folder", "plugin/other.ts", "export default {}"],
  ["a tool", "tools/mine.ts", "export default {}"],
])("beside %s there is never a stand-in", async (_, path, text) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
  const { stderr } = await run(["login", "--register", "--stand-in"]);
  expect(stderr).toContain(`${AWAY} Your other plugins need @opencode-ai/plugin.\n`);
  expect(await state()).toBe("missing");
});

test("what somebody else installed there is left alone", async () => {
  writeFileSync(join(folder, "package.json"), '{"dependencies":{"left-pad":"1"}}');
  expect((await run(["login", "--register", "--stand-in"])).stderr).not.toContain("registry");
  expect(await state()).toBe("unknown");
  expect(existsSync(join(machine.home, "npm.log"))).toBe(false);
});

test("without OpenCode nothing is said and nothing is asked", async () => {
  writeFileSync(join(machine.home, "bin/opencode"), "");
  expect((await run(["login", "--register", "--stand-in"])).stderr).not.toContain("registry");
  expect(await state()).toBe("missing");
});

/** What npm leaves in a folder. */
async function installed(made: string): Promise<void> {
  const dependencies = { "@opencode-ai/plugin": "1.18.33" };
  mkdirSync(join(made, "node_modules/@opencode-ai/plugin"), { recursive: true });
  writeFileSync(
    join(made, "package-lock.json"),
    JSON.stringify({ name: "opencode", packages: { "": { dependencies } } }),
  );
}

test("the package replaces a stand-in whole, or leaves no trace", async () => {
  const env = { HOME: machine.home };
  await writeStandIn(env);
  await expect(installPackage(env, "1.18.33", async () => Promise.reject(new Error("no registry")))).rejects.toThrow();
  expect(await state()).toBe("stand-in");
  await installPackage(env, "1.18.33", installed);
  expect(await state()).toBe("ready");
  expect(readdirSync(folder).sort()).toEqual(["node_modules", "package-lock.json", "package.json"]);
  expect(readFileSync(join(folder, "package.json"), "utf8")).toContain('"@opencode-ai/plugin": "1.18.33"');
});

test("an OpenCode that is faster keeps what it has installed", async () => {
  const env = { HOME: machine.home };
  await installPackage(env, "1.18.33", async (made) => {
    await installed(made);
    mkdirSync(join(folder, "node_modules/@opencode-ai/other"), { recursive: true });
  });
  expect(readdirSync(folder)).toEqual(["node_modules"]);
  expect(readdirSync(join(folder, "node_modules/@opencode-ai"))).toEqual(["other"]);
});
