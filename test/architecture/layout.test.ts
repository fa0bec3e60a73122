import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { findCycles, type Import, readImports, sourceFiles } from "./imports.ts";

const imports = readImports();
const workspaceOf = (path: string) => path.split("/")[0] ?? "";
const isOurs = ({ to }: Import) => /^(client|plugin|dashboard|pb_hooks|pb_migrations|test|bench|scripts)\//.test(to);
const show = ({ from, to }: Import) => `${from} → ${to}`;

describe("import direction", () => {
  test("there are imports to look at", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  test("a workspace reaches another one only by its package name", () => {
    const strays = imports.filter((one) => isOurs(one) && workspaceOf(one.from) !== workspaceOf(one.to));
    expect(strays.map(show)).toEqual([]);
  });

  test("only dashboard and plugin use the client at run time, the hooks take its types", () => {
    const users = imports.filter(({ to }) => to.startsWith("@opensync/client"));
    const wrong = users.filter(({ from, isTypeOnly }) => {
      if (workspaceOf(from) === "pb_hooks") return !isTypeOnly;
      return !["dashboard", "plugin"].includes(workspaceOf(from));
    });
    expect(wrong.map(show)).toEqual([]);
  });

  test("nobody imports the plugin, the dashboard or the hooks", () => {
    const wrong = imports.filter(({ to }) => /^(opencode-sync-plugin|@opensync\/dashboard)/.test(to));
    expect(wrong.map(show)).toEqual([]);
  });

  test("inside the plugin the layers point one way: plugin and commands, sync, sources and redaction", () => {
    const rank = (file: string) => {
      if (/^plugin\/src\/(plugin|cli)\.ts|^plugin\/src\/commands\//.test(file)) return 3;
      if (file.startsWith("plugin/src/sync/")) return 2;
      if (/^plugin\/src\/(sources|redact)\//.test(file)) return 1;
      return undefined;
    };
    const wrong = imports.filter(({ from, to }) => (rank(from) ?? 9) < (rank(to) ?? 0));
    expect(wrong.map(show)).toEqual([]);
  });

  test("a dashboard feature never imports another feature", () => {
    const feature = (path: string) => /^dashboard\/src\/features\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(({ from, to }) => feature(from) && feature(to) && feature(from) !== feature(to));
    expect(wrong.map(show)).toEqual([]);
  });

  test("no file imports itself by a detour", () => {
    expect(findCycles(imports)).toEqual([]);
  });
});

test("the sync engine knows no agent by name", () => {
  const named = sourceFiles()
    .filter((file) => file.startsWith("plugin/src/sync/"))
    .filter((file) =>
      /opencode|claude|codex|cursor/i.test(readFileSync(inRoot(file), "utf8").replaceAll("opencode-sync", "")),
    );
  expect(named).toEqual([]);
});

test("no file of the project, of its tests or its tools is longer than 320 lines", () => {
  const files = globSync("{client,plugin,dashboard,pb_hooks,pb_migrations,scripts,test,bench}/**/*.{ts,tsx,mjs}", {
    cwd: inRoot(),
    exclude: ["**/node_modules", "**/dist"],
  });
  expect(files.length).toBeGreaterThan(sourceFiles().length);
  const long = files
    .filter((file) => !file.endsWith("pocketbase-types.ts"))
    .filter((file) => readFileSync(inRoot(file), "utf8").split("\n").length > 320);
  expect(long).toEqual([]);
});
