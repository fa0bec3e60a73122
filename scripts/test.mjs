import { rmSync } from "node:fs";
import { build } from "./build.mjs";
import { check } from "./check.mjs";
import { countTests } from "./count-tests.mjs";
import { missingPrograms } from "./find-programs.mjs";
import { ensurePocketBase } from "./get-pocketbase.mjs";
import { installPackages } from "./install.mjs";
import { inRoot, root } from "./paths.mjs";
import { onSupportedNode, run } from "./supported-node.mjs";

await onSupportedNode();
await installPackages();
const { path: pocketbase } = await ensurePocketBase();
await build(undefined, { onlyStale: true });

const results = await check(pocketbase);
const reportFile = inRoot(".cache", "vitest.json");
// A run that dies early leaves the report of the run before.
rmSync(reportFile, { force: true });
const exitCode = await run(
  process.execPath,
  [inRoot("node_modules/vitest/vitest.mjs"), "run", ...process.argv.slice(2)],
  {
    cwd: root,
    env: { ...process.env, POCKETBASE_BIN: pocketbase },
  },
);

const tests = countTests(reportFile, exitCode);
const missing = missingPrograms();
for (const sentence of missing) console.log(sentence);
// Nothing may be left out where everything can be installed.
if (process.env["CI"] === "true") tests.failed += missing.length;
const failedChecks = results.filter(({ passed }) => !passed);
for (const { name } of failedChecks) console.log(`failed: ${name}`);
const passed = tests.passed + results.length - failedChecks.length;
const failed = tests.failed + failedChecks.length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : exitCode);
