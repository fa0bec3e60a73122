import { configDefaults, defineConfig } from "vitest/config";
import { findChromium, hasCurl } from "./scripts/find-programs.mjs";

const server = { globalSetup: ["test/support/global-setup.ts"] };

// `npm test` says what this leaves out; in CI nothing may be missing, and a test without its browser fails.
const isCi = process.env["CI"] === "true";
const curlTests = hasCurl() || isCi ? [] : ["test/contract/api-examples.test.ts"];
const canLeaveOutBrowser = findChromium() === undefined && !isCi;
const browserTests = canLeaveOutBrowser ? ["test/e2e/{dashboard-*,first-light}.test.ts"] : [];

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: ".cache/vitest.json" }]],
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "{client,plugin,dashboard}/src/**/*.test.{ts,tsx}",
            "{pb_hooks,scripts}/**/*.test.ts",
            "test/architecture/**/*.test.ts",
          ],
        },
      },
      {
        test: {
          ...server,
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...curlTests],
          testTimeout: 30_000,
          // A server and its accounts; each password costs its hash, seconds of it on a busy machine.
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...server,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...browserTests],
          // Real agents, browsers and image builds: each waits for a condition with a deadline of its own below this one.
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...server,
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          // Processes are killed and lines are cut until all is well again; each test bounds its own rounds.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
