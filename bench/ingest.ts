import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { measureCeiling } from "./ceiling.ts";
import { type CorpusMessage, corpusBatches, corpusSession } from "./corpus.ts";
import { type Row, type Speed, speedText } from "./report.ts";
import { type BenchServer, processorSeconds } from "./server.ts";

const BATCH = 500;
const FILLED = 200_000;
const ROUNDS = 5;

/** Ours against PocketBase's own ways into the same collection, in one run: on an empty database and on a filled one. */
export async function measureIngest(server: BenchServer): Promise<Row[]> {
  const corpus = new Corpus();
  const empty = await compare(server, corpus, "empty");
  const comparison = [await measurePlainCollection(server, corpus), ...(await measureCeiling(server))];
  await pushAll(server, corpus.take(FILLED));
  await untilJobsRest(server);
  const filled = await compare(server, corpus, `${FILLED.toLocaleString("en")} messages`);
  const change = filled.ours.perSecond / empty.ours.perSecond - 1;
  return [
    ...empty.rows,
    ...comparison,
    ...filled.rows,
    { what: "ingest, from empty to filled", result: `${(change * 100).toFixed(0)} %`, budget: "falls < 20 %" },
    ...(await measureResync(server, FILLED)),
    ...(await measureSmallRequests(server, corpus)),
  ];
}

/** Hands out messages that were never sent before. */
class Corpus {
  #next = 0;

  take(count: number): CorpusMessage[][] {
    const batches = corpusBatches(this.#next, count, BATCH);
    this.#next += count;
    return batches;
  }
}

async function compare(server: BenchServer, corpus: Corpus, state: string): Promise<{ ours: Speed; rows: Row[] }> {
  const ours = await median(() =>
    rate(server, 10_000, bodies(corpus.take(10_000)), (body) => server.post("/sync/batch", body)),
  );
  const batchApi = await rate(server, 4_000, corpus.take(4_000), (batch) => pushThroughBatchApi(server, batch));
  const oneByOne = await rate(server, 1_000, corpus.take(1_000), async (batch) => {
    for (const message of batch) await server.admin.collection("messages").create(asRecord(server.userId, message));
  });
  const ratio = [batchApi, oneByOne].map(({ perSecond }) => `${(ours.perSecond / perSecond).toFixed(1)}×`).join(", ");
  return {
    ours,
    rows: [
      { what: `ingest, ${state}: POST /sync/batch, ${BATCH} a request`, result: speedText(ours), budget: "≥ 8,000/s" },
      { what: `ingest, ${state}: PocketBase's batch API`, result: speedText(batchApi) },
      { what: `ingest, ${state}: PocketBase, one record a request`, result: speedText(oneByOne) },
      { what: `ingest, ${state}: ours against these two`, result: ratio, budget: "≥ 5× the batch API" },
    ],
  };
}

/** What PocketBase alone does on this machine: its batch API into the same fields without index and trigger. */
async function measurePlainCollection(server: BenchServer, corpus: Corpus): Promise<Row> {
  const { admin, userId } = server;
  const { fields } = await admin.collections.getOne("messages");
  const { id } = await admin.collections.create({ name: "bench_plain", type: "base", fields });
  const speed = await rate(server, 4_000, corpus.take(4_000), async (messages) => {
    const batch = admin.createBatch();
    for (const message of messages) batch.collection("bench_plain").create(asRecord(userId, message));
    await batch.send();
  });
  await admin.collections.delete(id);
  const what = "for comparison, PocketBase's batch API into a collection without indexes and triggers";
  return { what, result: speedText(speed) };
}

async function pushAll(server: BenchServer, batches: CorpusMessage[][]): Promise<void> {
  for (const body of bodies(batches)) await server.post("/sync/batch", body);
}

/** Waits until the jobs of the minute have caught up with what was stored: they would be measured, too. */
async function untilJobsRest({ admin }: BenchServer): Promise<void> {
  const query = `SELECT max(0, coalesce((SELECT max(rowid) FROM messages), 0) - min(blocksUpTo, namesUpTo)) AS left
    FROM search_progress`;
  const answered = z.object({ rows: z.array(z.array(z.coerce.number())) });
  for (;;) {
    const { rows } = answered.parse(await admin.send("/api/sql", { method: "POST", body: { query } }));
    if (rows[0]?.[0] === 0) return;
    await setTimeout(1_000);
  }
}

async function measureResync(server: BenchServer, count: number): Promise<Row[]> {
  const messages = Math.min(20_000, count);
  const resent = bodies(corpusBatches(0, messages, BATCH));
  let changed = 0;
  await untilJobsRest(server);
  const speed = await median(() =>
    rate(server, messages, resent, async (body) => {
      const answer = /"changed":\{"sessions":(\d+),"messages":(\d+)\}/.exec(await server.post("/sync/batch", body));
      changed += Number(answer?.[1]) + Number(answer?.[2]);
    }),
  );
  return [
    { what: "re-sync of identical messages", result: speedText(speed), budget: "≥ 15,000/s" },
    { what: "rows written by that re-sync", result: String(changed), budget: "0" },
  ];
}

async function measureSmallRequests(server: BenchServer, corpus: Corpus): Promise<Row[]> {
  const small = (count: number) =>
    corpus
      .take(count)
      .flatMap((batch) =>
        batch.map((message, index) => JSON.stringify({ sessions: [corpusSession(index)], messages: [message] })),
      );
  const oneAfterAnother = await rate(server, 500, small(500), (body) => server.post("/sync/batch", body));
  const waiting = small(2_000);
  const together = await rate(
    server,
    2_000,
    Array.from({ length: 16 }),
    async () => {
      for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) await server.post("/sync/batch", body);
    },
    { parallel: true },
  );
  const what = "requests of 1 session + 1 message";
  return [
    { what: `${what}, one after another`, result: speedText(oneAfterAnother) },
    { what: `${what}, 16 clients`, result: speedText(together) },
  ];
}

/** Records in one transaction by PocketBase's `/api/batch`, which takes 50 requests unless the settings say more. */
async function pushThroughBatchApi(server: BenchServer, messages: readonly CorpusMessage[]): Promise<void> {
  const batch = server.admin.createBatch();
  for (const message of messages) batch.collection("messages").create(asRecord(server.userId, message));
  await batch.send();
}

function asRecord(user: string, { tokens, sessionExternalId, ...message }: CorpusMessage) {
  const { input, cacheRead, output, reasoning } = tokens ?? { input: 0, cacheRead: 0, output: 0, reasoning: 0 };
  return {
    ...message,
    user,
    session: sessionExternalId,
    tokensInput: input,
    tokensCacheRead: cacheRead,
    tokensOutput: output,
    tokensReasoning: reasoning,
  };
}

const bodies = (batches: CorpusMessage[][]) => batches.map((messages) => JSON.stringify({ messages }));

/** The middle one of some rounds, each of a few seconds at most: a job of the minute that falls into one shows in that one. */
async function median(measure: () => Promise<Speed>): Promise<Speed> {
  const speeds: Speed[] = [];
  for (let round = 0; round < ROUNDS; round++) speeds.push(await measure());
  const middle = speeds.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(ROUNDS / 2)];
  if (!middle) throw new Error("nothing was measured");
  return middle;
}

/** How long `count` things took, the bodies being ready before the clock starts. */
async function rate<Item>(
  server: BenchServer,
  count: number,
  items: readonly Item[],
  send: (item: Item) => Promise<unknown>,
  { parallel = false } = {},
): Promise<Speed> {
  const before = processorSeconds(server.process.pid);
  const start = performance.now();
  if (parallel) await Promise.all(items.map(send));
  else for (const item of items) await send(item);
  const perSecond = count / ((performance.now() - start) / 1_000);
  const used = processorSeconds(server.process.pid) - before;
  return { perSecond, processorSeconds: (used / count) * 10_000 };
}
