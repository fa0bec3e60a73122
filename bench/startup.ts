import { setTimeout as pause } from "node:timers/promises";
import { launchServer } from "../test/support/launch.ts";
import type { Row } from "./report.ts";
import { residentMegabytes, startBenchServer } from "./server.ts";

const STARTS = 5;
/** Long enough for the server's own start-up work to end. */
const SETTLE_MS = 3_000;

/** Cold start (process start to first answer, median) and memory at rest, on a migrated database. */
export async function measureStartup(): Promise<Row[]> {
  const server = await startBenchServer();
  try {
    await server.process.end("SIGTERM");
    const times: number[] = [];
    const idle: number[] = [];
    for (let start = 0; start < STARTS; start += 1) {
      const restarted = await launchServer({ dataDir: server.dataDir });
      times.push(restarted.startedInMs);
      await pause(SETTLE_MS);
      idle.push(residentMegabytes(restarted.pid));
      await restarted.end("SIGTERM");
    }
    return [
      { what: `cold start, median of ${STARTS}`, result: `${median(times).toFixed(0)} ms`, budget: "< 500 ms" },
      // One start in ten is read just before Go has given memory back, and shows up to 8 MB more.
      {
        what: `memory of the idle server, median of ${STARTS}`,
        result: `${median(idle).toFixed(0)} MB`,
        budget: "< 60 MB",
      },
    ];
  } finally {
    await server.stop();
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
