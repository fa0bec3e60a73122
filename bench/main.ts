import { parseArgs } from "node:util";
import { measureIngest } from "./ingest.ts";
import { table, writeReport } from "./report.ts";
import { residentMegabytes, startBenchServer } from "./server.ts";
import { measureStartup } from "./startup.ts";

// npm run bench            prints the table
// npm run bench -- --write  and puts it into docs/benchmarks.md
const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });

const startup = await measureStartup();
const server = await startBenchServer();
try {
  await server.admin.settings.update({ batch: { enabled: true, maxRequests: 500, timeout: 60 } });
  const ingest = await measureIngest(server);
  const memory = residentMegabytes(server.process.pid);
  const rows = [
    ...startup,
    ...ingest,
    { what: "memory of the server after all that", result: `${memory.toFixed(0)} MB` },
  ];
  const text = table(rows);
  console.log(text);
  if (values.write) writeReport(text);
} finally {
  await server.stop();
}
