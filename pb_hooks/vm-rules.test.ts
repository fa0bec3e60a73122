import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

const forbidden: [name: string, text: string, complaint: string][] = [
  ["JSON.parse", 'export const x = JSON.parse("1");', "JSON.parse of 3 MB"],
  ["an async function", "export async function f() {}", "runs handlers synchronously"],
  ["an async arrow function", "export const f = async () => 1;", "runs handlers synchronously"],
  ["an async method", "export const o = { async m() {} };", "runs handlers synchronously"],
  ["an async method of a class", "export class C { async m() {} }", "runs handlers synchronously"],
  ["a promise", "export const p = Promise.resolve(1);", "noRestrictedGlobals"],
  ["fetch", 'fetch("https://example.com");', "noRestrictedGlobals"],
  ["a timer", "setTimeout(() => {}, 1);", "noRestrictedGlobals"],
  ["URL", 'export const u = new URL("x:y");', "noRestrictedGlobals"],
];

const folders = ["pb_hooks/lib", "pb_migrations/lib", "client/src"];

let complaints: string[];

// The linter with our rules, once over all the cases in each of the folders.
beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "opensync-vm-rules-"));
  for (const file of ["biome.json", "pb_hooks/vm.grit"]) cpSync(join(root, file), join(folder, file));
  for (const place of folders) {
    mkdirSync(join(folder, place), { recursive: true });
    for (const [n, [, text]] of forbidden.entries()) writeFileSync(join(folder, place, `case-${n}.ts`), text);
  }
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const options = ["lint", "--vcs-enabled=false", "--reporter=github", "--max-diagnostics=none", "."];
  complaints = spawnSync(process.execPath, [biome, ...options], { cwd: folder, encoding: "utf8" }).stdout.split("\n");
  rmSync(folder, { recursive: true });
});

test.each(forbidden.map((entry, n) => [n, ...entry] as const))(
  "the linter forbids case %i, %s, in hooks and migrations, and nowhere else",
  (n, _name, _text, complaint) => {
    const places = folders.filter((place) =>
      complaints.some((line) => line.includes(`${place}/case-${n}.ts`) && line.includes(complaint)),
    );
    expect(places).toEqual(["pb_hooks/lib", "pb_migrations/lib"]);
  },
);

test("no regular expression of the hooks uses \\p{…}, which matches nothing in the VM without saying so", () => {
  const sources = readdirSync(join(root, "pb_hooks"), { recursive: true, encoding: "utf8" });
  const files = sources.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  expect(files.length).toBeGreaterThan(10);
  expect(files.filter((file) => /\\p\{/.test(readFileSync(join(root, "pb_hooks", file), "utf8")))).toEqual([]);
});
