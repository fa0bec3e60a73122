import { inRoot } from "../scripts/paths.mjs";
import { type Measured, measureProgram, peakOf } from "./measured-process.ts";
import { type GeneratedHome, generateHome } from "./opencode-home.ts";
import type { Row } from "./report.ts";
import { startBenchServer } from "./server.ts";

/** What a backfill took, and the same once more, when the server had everything. */
interface Backfill {
  readonly generated: GeneratedHome;
  readonly first: Measured;
  readonly second: Measured;
  /** Most resident memory of the server during the first, in MB (10^6 bytes). */
  readonly serverPeak: number;
}

/** A whole history to an empty server, and the same once more. */
export async function measureBackfill(): Promise<Row[]> {
  const { generated, first, second, serverPeak } = await backfill(5_000, 10);
  return [
    { what: `backfill of ${sizeOf(generated)}`, result: seconds(first), budget: "< 60 s" },
    { what: "memory of opencode-sync at most", result: megabytes(first.peakMegabytes), budget: "< 150 MB" },
    { what: "memory of the server at most", result: megabytes(serverPeak), budget: "< 300 MB" },
    {
      what: `the same again, ${generated.sessions.toLocaleString("en")} sessions and nothing to send`,
      result: `${seconds(second)}, ${megabytes(second.peakMegabytes)}`,
    },
  ];
}

/** Histories that are larger than the memory anybody would give to this: many sessions, and a single one. */
export async function measureLargeBackfills(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [sessions, messagesEach] of [
    [5_000, 64],
    [1, 48_000],
  ] as const) {
    const { generated, first, second, serverPeak } = await backfill(sessions, messagesEach);
    const kind = sessions === 1 ? "one session" : `${sessions.toLocaleString("en")} sessions`;
    const what = `backfill of ${sizeOf(generated)} in ${kind}`;
    rows.push(
      { what, result: seconds(first) },
      { what: "memory of opencode-sync at most", result: megabytes(first.peakMegabytes), budget: "< 150 MB" },
      { what: "memory of the server at most", result: megabytes(serverPeak), budget: "< 300 MB" },
      { what: "the same again", result: `${seconds(second)}, ${megabytes(second.peakMegabytes)}` },
    );
  }
  return rows;
}

async function backfill(sessions: number, messagesEach: number): Promise<Backfill> {
  const server = await startBenchServer();
  const generated = generateHome(sessions, messagesEach);
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
    if (!second.stdout.startsWith("0 sessions sent")) throw new Error(`not everything was sent: ${second.stdout}`);
    return { generated, first, second, serverPeak };
  } finally {
    generated.remove();
    await server.stop();
  }
}

function sizeOf({ bytes, messages }: GeneratedHome): string {
  const size = bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
  return `${size}, ${messages.toLocaleString("en")} messages`;
}

const seconds = (measured: Measured) => `${measured.seconds.toFixed(0)} s`;
const megabytes = (value: number) => `${value.toFixed(0)} MB`;
