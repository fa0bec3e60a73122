import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { startMockModel } from "../test/support/mock-model.ts";
import { createOpenCodeHome } from "../test/support/opencode.ts";
import { type OpenCodeServer, startOpenCodeServer } from "../test/support/opencode-scenario.ts";
import { until } from "../test/support/until.ts";
import type { Row } from "./report.ts";
import { startBenchServer } from "./server.ts";

const ANSWERS = 40;
const idSchema = z.object({ id: z.string() });
const rowsSchema = z.array(z.object({ stored: z.number() }));

/** How long after OpenCode has written the end of an answer the server has it. */
export async function measureFreshness(): Promise<Row[]> {
  const server = await startBenchServer();
  const model = await startMockModel();
  const at = { url: server.process.url, key: server.key };
  const home = await createOpenCodeHome({ modelUrl: model.url, server: at });
  const serve = await startOpenCodeServer(home);
  const database = new DatabaseSync(join(server.dataDir, "data.db"), { readOnly: true });
  try {
    const { id } = idSchema.parse(await serve.send("POST", "/session", {}));
    const count = database.prepare("SELECT count(*) AS stored FROM messages WHERE textContent = ?");
    const delays: number[] = [];
    for (let n = 0; n < ANSWERS; n++) {
      const text = `The answer number ${n}.`;
      const isStored = () => rowsSchema.parse(count.all(text).map((row) => ({ ...row })))[0]?.stored === 1;
      await ask(serve, id, `Number ${n} [[say:${text}]]`);
      await until("the answer is stored", isStored, 60_000);
      delays.push(Date.now() - writtenAtMs(home.databaseFile, text));
    }
    delays.sort((a, b) => a - b);
    const quantile = (share: number) => delays[Math.min(delays.length - 1, Math.floor(share * delays.length))] ?? 0;
    return [
      {
        what: `answer written in OpenCode → stored on the server, p50 / p95 of ${ANSWERS}`,
        result: `${quantile(0.5)} / ${quantile(0.95)} ms`,
        budget: "p95 < 2,000 ms, until it is visible",
      },
    ];
  } finally {
    database.close();
    await serve.stop();
    home.remove();
    await model.stop();
    await server.stop();
  }
}

async function ask(serve: OpenCodeServer, session: string, text: string): Promise<void> {
  const model = { providerID: "mock", modelID: "mock-1" };
  await serve.send("POST", `/session/${session}/message`, { parts: [{ type: "text", text }], model });
}

/** When OpenCode wrote the part with this text last, epoch ms, as its own database says. */
function writtenAtMs(file: string, text: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const sql = "SELECT time_updated AS stored FROM part WHERE json_extract(data, '$.text') = ?";
    const [row] = rowsSchema.parse(
      database
        .prepare(sql)
        .all(text)
        .map((found) => ({ ...found })),
    );
    if (row === undefined) throw new Error(`OpenCode has not written "${text}"`);
    return row.stored;
  } finally {
    database.close();
  }
}
