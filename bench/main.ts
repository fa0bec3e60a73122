import { parseArgs } from "node:util";
import { measureLargeBackfills } from "./backfill.ts";
import { measureDashboard } from "./dashboard.ts";
import { measureIngest } from "./ingest.ts";
import { measurePlugin } from "./plugin.ts";
import { measureReads } from "./reads.ts";
import { type Row, table, writeReport } from "./report.ts";
import { residentMegabytes, startBenchServer } from "./server.ts";
import { measureStartup } from "./startup.ts";

const parts: Readonly<Record<string, () => Promise<Row[]>>> = {
  startup: measureStartup,
  ingest: measureWriting,
  dashboard: measureDashboard,
};

/** Measured only when they are named: they take minutes. */
const longParts: Readonly<Record<string, () => Promise<Row[]>>> = {
  plugin: measurePlugin,
  large: measureLargeBackfills,
  reads: () => measureReads({ seed: 1, messages: Number(values.messages) }),
};

// npm run bench              measures every part and prints the table
// npm run bench -- --write   and puts it into docs/benchmarks.md
// npm run bench -- dashboard measures one part
// npm run bench -- plugin    measures what is between OpenCode and the server
// npm run bench -- large     measures histories of gigabytes
// npm run bench -- reads     measures reading a million messages (another number: --messages 100000)
const { values, positionals } = parseArgs({
  options: { write: { type: "boolean", default: false }, messages: { type: "string", default: "1000000" } },
  allowPositionals: true,
});
const all = { ...parts, ...longParts };
const unknown = positionals.filter((name) => all[name] === undefined);
if (unknown.length > 0) throw new Error(`no part ${unknown.join(", ")}: there are ${Object.keys(all).join(", ")}`);

const rows: Row[] = [];
for (const [name, measure] of Object.entries(all)) {
  if (positionals.length === 0 ? name in parts : positionals.includes(name)) rows.push(...(await measure()));
}
const text = table(rows);
console.log(text);
if (values.write) writeReport(text);

async function measureWriting(): Promise<Row[]> {
  const server = await startBenchServer();
  try {
    await server.admin.settings.update({ batch: { enabled: true, maxRequests: 500, timeout: 60 } });
    const ingest = await measureIngest(server);
    const memory = residentMegabytes(server.process.pid);
    return [...ingest, { what: "memory of the server after all that", result: `${memory.toFixed(0)} MB` }];
  } finally {
    await server.stop();
  }
}
