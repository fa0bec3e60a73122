import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { namedByPackage, readRegistration, register, unregister } from "./registration.ts";

const url = "file:///home/dev/.opensync/plugin.js";
let home: string;
let env: { HOME: string };
let folder: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opensync-registration-"));
  env = { HOME: home };
  folder = join(home, ".config/opencode");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (name: string, text: string) => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
};
const read = (name: string) => readFileSync(join(folder, name), "utf8");

test.each([
  {
    name: "comments, trailing commas and other plugins stay",
    before: `{
  // my model
  "model": "mock/mock-1", /* really */
  "plugin": [
    "opencode-wakatime@1.0.0", // time
    ["./mine.ts", { "loud": true }],
  ],
}
`,
    after: `{
  // my model
  "model": "mock/mock-1", /* really */
  "plugin": [
    "opencode-wakatime@1.0.0", // time
    ["./mine.ts", { "loud": true }],
    "${url}",
  ],
}
`,
  },
  {
    name: "a comment behind the last entry stays behind it",
    before: '{\n  "plugin": [\n    "x" // mine\n  ]\n}\n',
    after: `{\n  "plugin": [\n    "x", // mine\n    "${url}"\n  ]\n}\n`,
  },
  {
    name: "a list on one line stays on one line",
    before: '{ "plugin": ["x"], "model": "a/b" }',
    after: `{ "plugin": ["x", "${url}"], "model": "a/b" }`,
  },
  {
    name: "an empty list over several lines is filled",
    before: '{\n  "plugin": [\n    // none yet\n  ]\n}\n',
    after: `{\n  "plugin": [\n    // none yet\n    "${url}"\n  ]\n}\n`,
  },
  {
    name: "tabs stay tabs",
    before: '{\n\t"model": "a/b"\n}\n',
    after: `{\n\t"model": "a/b",\n\t"plugin": ["${url}"]\n}\n`,
  },
  {
    name: "the line ends of Windows stay",
    before: '{\r\n    "model": "a/b"\r\n}\r\n',
    after: `{\r\n    "model": "a/b",\r\n    "plugin": ["${url}"]\r\n}\r\n`,
  },
  { name: "an empty list is filled", before: '{ "plugin": [] }', after: `{ "plugin": ["${url}"] }` },
  {
    name: "an empty object is filled",
    before: "{}",
    after: `{"plugin": ["${url}"]}`,
  },
  {
    name: "an empty file is begun",
    before: "\n",
    after: `{\n  "$schema": "https://opencode.ai/config.json",\n  "plugin": [\n    "${url}"\n  ]\n}\n`,
  },
])("registering: $name", async ({ before, after }) => {
  write("opencode.json", before);
  expect(await register(env, url)).toBe(join(folder, "opencode.json"));
  expect(read("opencode.json")).toBe(after);
  expect(await readRegistration(env, url)).toMatchObject({ isRegistered: true });
  await register(env, url);
  expect(read("opencode.json")).toBe(after);
});

test("without a configuration one is made", async () => {
  expect(await readRegistration(env, url)).toEqual({ file: join(folder, "opencode.json"), isRegistered: false });
  await register(env, url);
  expect(JSON.parse(read("opencode.json"))).toEqual({ $schema: "https://opencode.ai/config.json", plugin: [url] });
});

test.each([
  {
    name: "the one that lists plugins",
    jsonc: '{ "model": "a/b" }',
    json: '{ "plugin": ["x"] }',
    file: "opencode.json",
  },
  { name: "the one with comments, when neither does", jsonc: "{}", json: "{}", file: "opencode.jsonc" },
  {
    name: "the one that names it already",
    jsonc: '{ "plugin": ["x"] }',
    json: `{ "plugin": ["${url}"] }`,
    file: "opencode.json",
  },
])("of two configuration files, $name counts", async ({ jsonc, json, file }) => {
  write("opencode.jsonc", jsonc);
  write("opencode.json", json);
  expect(await register(env, url)).toBe(join(folder, file));
});

test.each([
  '{\n  // mine\n  "plugin": [\n    "x", // first\n    "y" // second\n  ]\n}\n',
  '{\n  "plugin": [\n    "x",\n  ],\n}\n',
  '{ "plugin": ["x"], "model": "a/b" }',
  '{\n  "model": "a/b" // mine\n}\n',
  '{\r\n\t"model": "a/b",\r\n}\r\n',
  '{ "model": "a/b" }',
])("unregistering leaves what was there before: %j", async (before) => {
  write("opencode.jsonc", before);
  await register(env, url);
  expect(await unregister(env, url)).toEqual([join(folder, "opencode.jsonc")]);
  expect(read("opencode.jsonc")).toBe(before);
  expect(await unregister(env, url)).toEqual([]);
});

test.each([
  { before: `{ "plugin": ["${url}", "x"] }`, after: '{ "plugin": ["x"] }' },
  { before: `{\n  "plugin": [\n    "${url}",\n    "x"\n  ]\n}`, after: '{\n  "plugin": [\n    "x"\n  ]\n}' },
  { before: `{\n  "plugin": ["${url}"],\n  "model": "a/b"\n}`, after: '{\n  "model": "a/b"\n}' },
  { before: `{ "plugin": ["x", ["${url}", {}]] }`, after: '{ "plugin": ["x"] }' },
])("unregistering takes out the entry wherever it stands: $before", async ({ before, after }) => {
  write("opencode.json", before);
  await unregister(env, url);
  expect(read("opencode.json")).toBe(after);
});

test.each(['{ "plugin": ["x" ', "[]", '{ "plugin": "x" }', "not json"])(
  "a file that cannot be understood is left alone: %s",
  async (text) => {
    write("opencode.json", text);
    await expect(register(env, url)).rejects.toMatchObject({ kind: "config" });
    expect(read("opencode.json")).toBe(text);
  },
);

test("a link stays a link, and permissions stay", async () => {
  const target = join(home, "dotfiles.json");
  writeFileSync(target, "{}", { mode: 0o600 });
  mkdirSync(folder, { recursive: true });
  symlinkSync(target, join(folder, "opencode.json"));
  await register(env, url);
  expect(lstatSync(join(folder, "opencode.json")).isSymbolicLink()).toBe(true);
  expect(readFileSync(target, "utf8")).toContain(url);
  expect(statSync(target).mode & 0o777).toBe(0o600);
});

test("XDG_CONFIG_HOME and OPENCODE_CONFIG_DIR move the configuration", async () => {
  const xdg = { ...env, XDG_CONFIG_HOME: join(home, "xdg") };
  expect((await readRegistration(xdg, url)).file).toBe(join(home, "xdg/opencode/opencode.json"));
  const own = { ...xdg, OPENCODE_CONFIG_DIR: join(home, "own") };
  expect((await readRegistration(own, url)).file).toBe(join(home, "own/opencode.json"));
});

test("an installation of version 1, by the npm name, is noticed", async () => {
  write("opencode.json", '{ "plugin": ["opencode-sync-plugin@0.3.6", "opencode-sync-plugin-other"] }');
  expect(await namedByPackage(env)).toEqual([join(folder, "opencode.json")]);
});
