import { inRoot } from "../scripts/paths.mjs";
import { measureProgram, peakOf } from "./measured-process.ts";
import { generateHome } from "./opencode-home.ts";
import type { Row } from "./report.ts";
import { startBenchServer } from "./server.ts";

const SESSIONS = 5_000;
const MESSAGES_EACH = 10;

/** A whole history to an empty server, and the same once more, when the server has everything. */
export async function measureBackfill(): Promise<Row[]> {
  const server = await startBenchServer();
  const generated = generateHome(SESSIONS, MESSAGES_EACH);
  try {
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: generated.home,
      OPENSYNC_URL: server.process.url,
      OPENSYNC_API_KEY: server.key,
    };
    const sync = () => measureProgram(process.execPath, [inRoot("plugin/dist/cli.js"), "sync", "--all"], env);
    const first = await sync();
    const serverPeak = peakOf(server.process.pid);
    const second = await sync();
    const size = `${Math.round(generated.bytes / 1e6)} MB, ${generated.messages.toLocaleString("en")} messages`;
    const megabytes = (value: number) => `${value.toFixed(0)} MB`;
    if (!second.stdout.startsWith("0 sessions sent")) throw new Error(`not everything was sent: ${second.stdout}`);
    return [
      { what: `backfill of ${size}`, result: `${first.seconds.toFixed(0)} s`, budget: "< 60 s" },
      { what: "memory of opencode-sync at most", result: megabytes(first.peakMegabytes), budget: "< 150 MB" },
      { what: "memory of the server at most", result: megabytes(serverPeak), budget: "< 300 MB" },
      {
        what: `the same again, ${generated.sessions.toLocaleString("en")} sessions and nothing to send`,
        result: `${second.seconds.toFixed(0)} s, ${megabytes(second.peakMegabytes)}`,
      },
    ];
  } finally {
    generated.remove();
    await server.stop();
  }
}
