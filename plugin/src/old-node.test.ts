import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canRun, explainOldNode, runInOpenCode } from "./old-node.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-old-node-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [{ node: "18.20.4" }, false],
  [{ node: "20.20.2" }, false],
  [{ node: "22.18.0" }, false],
  [{ node: "22.19.0" }, true],
  [{ node: "24.0.0" }, true],
  [{ node: "20.0.0", bun: "1.3.14" }, true],
])("on %o the program can run: %s", (versions, expected) => {
  expect(canRun(versions)).toBe(expected);
});

describe("where Node is too old", () => {
  const run = () => runInOpenCode("/no/such/program.js", [], { PATH: folder, HOME: folder });

  test("and there is no OpenCode, nothing is run", async () => {
    expect(await run()).toBeUndefined();
    expect(explainOldNode("20.20.2")).toMatch(
      /^error: opencode-sync needs Node 22\.19 .*20\.20\.2\nhint: {2}Install OpenCode/,
    );
  });

  test.each([
    ["that prints its own version", "echo 1.0.3"],
    ["that is another program", "echo 'unknown option -e' >&2; exit 1"],
    ["whose runtime is not there", "echo bun:/no/such/runtime"],
  ])("an opencode %s is left alone", async (_, script) => {
    writeFileSync(join(folder, "opencode"), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, "opencode"), 0o755);
    expect(await run()).toBeUndefined();
  });
});

test("what an old Node reads imports nothing that it lacks", () => {
  const source = readFileSync(new URL("old-node.ts", import.meta.url), "utf8");
  const entry = readFileSync(new URL("cli.ts", import.meta.url), "utf8");
  const imported = [...`${source}${entry}`.matchAll(/^import .*/gm)].map(([line]) => line).sort();
  expect(imported).toEqual([
    'import { canRun, explainOldNode, runInOpenCode } from "./old-node.ts";',
    'import { execFile, spawn } from "node:child_process";',
    'import { existsSync } from "node:fs";',
    'import { fileURLToPath } from "node:url";',
    'import { join } from "node:path";',
  ]);
});
