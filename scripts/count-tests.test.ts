import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countTests } from "./count-tests.mjs";
import { inRoot } from "./paths.mjs";

let folder: string;

/** Inside of the project, where the tests of a test find vitest. */
beforeEach(() => {
  folder = mkdtempSync(join(inRoot("node_modules"), ".opensync-count-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Each starts a vitest of its own, seconds of it on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

/** Runs vitest itself on one file and counts. */
async function count(source: string): Promise<{ passed: number; failed: number }> {
  writeFileSync(
    join(folder, "vitest.config.mjs"),
    'export default { test: { include: ["*.spec.mjs"], exclude: [] } };',
  );
  writeFileSync(join(folder, "one.spec.mjs"), `import { beforeAll, test } from "vitest";\n${source}`);
  const report = join(folder, "report.json");
  const args = [inRoot("node_modules/vitest/vitest.mjs"), "run", "--reporter=json", `--outputFile=${report}`];
  const exitCode = await new Promise<number>((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error) => resolve(error === null ? 0 : Number(error.code)));
  });
  return countTests(report, exitCode);
}

test.each([
  ["a test that passes", "test('a', () => {});", { passed: 1, failed: 0 }],
  [
    "one that fails beside it",
    "test('a', () => {}); test('b', () => { throw new Error(); });",
    { passed: 1, failed: 1 },
  ],
  ["a skipped one", "test('a', () => {}); test.skip('b', () => {});", { passed: 1, failed: 1 }],
  ["one that is still to be written", "test('a', () => {}); test.todo('b');", { passed: 1, failed: 1 }],
  ["a file that cannot be read", "import './nothing.mjs'; test('a', () => {});", { passed: 0, failed: 1 }],
  [
    "an error outside of a test",
    "test('a', () => { setTimeout(() => { throw new Error(); }); return new Promise((r) => setTimeout(r, 50)); });",
    { passed: 1, failed: 1 },
  ],
])("%s counts as it should", async (_, source, expected) => {
  expect(await count(source)).toEqual(expected);
});

test("tests whose preparation failed count as failed", async () => {
  const { passed, failed } = await count(
    "beforeAll(() => { throw new Error(); }); test('a', () => {}); test('b', () => {});",
  );
  expect(passed).toBe(0);
  expect(failed).toBeGreaterThan(0);
});

test("a run that left no report has failed", () => {
  expect(countTests(join(folder, "none.json"), 1)).toEqual({ passed: 0, failed: 1 });
});
