import { defineConfig } from "vitest/config";

const server = { globalSetup: ["test/support/global-setup.ts"] };

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
      { test: { ...server, name: "contract", include: ["test/contract/**/*.test.ts"], testTimeout: 30_000 } },
      {
        test: {
          ...server,
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // Real agents, browsers and image builds: each waits for a condition with a deadline of its own below this one.
          testTimeout: 300_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
