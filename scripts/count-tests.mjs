import { existsSync, readFileSync } from "node:fs";

/**
 * How many tests of a run passed and how many did not. Vitest's own report counts a file that never ran, a skipped test
 * and an error outside of a test as nothing; here each is a failure.
 * @param {string} reportFile vitest's JSON report; a run that died before it wrote one has failed once
 * @param {number} exitCode of vitest
 * @returns {{ passed: number, failed: number }}
 */
export function countTests(reportFile, exitCode) {
  if (!existsSync(reportFile)) return { passed: 0, failed: 1 };
  const report = JSON.parse(readFileSync(reportFile, "utf8"));
  /** @type {{ status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults;
  const brokenFiles = files.filter(
    (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  );
  let failed = report.numFailedTests + report.numPendingTests + report.numTodoTests + brokenFiles.length;
  if (exitCode !== 0 && failed === 0) failed = 1;
  return { passed: report.numPassedTests, failed };
}
