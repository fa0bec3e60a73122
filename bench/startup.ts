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
    let idle = 0;
    for (let start = 0; start < STARTS; start += 1) {
      const restarted = await launchServer({ dataDir: server.dataDir });
      times.push(restarted.startedInMs);
      if (start === STARTS - 1) {
        await pause(SETTLE_MS);
        idle = residentMegabytes(restarted.pid);
      }
      await restarted.end("SIGTERM");
    }
    times.sort((a, b) => a - b);
    const median = times[Math.floor(STARTS / 2)] ?? 0;
    return [
      { what: `cold start, median of ${STARTS}`, result: `${median.toFixed(0)} ms`, budget: "< 500 ms" },
      { what: "memory of the idle server", result: `${idle.toFixed(0)} MB`, budget: "< 60 MB" },
    ];
  } finally {
    await server.stop();
  }
}
