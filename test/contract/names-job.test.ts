import { expect, test } from "vitest";
import { push } from "../support/push.ts";
import { administrator, startServer } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

// How much work it is to note the names in code of messages that have arrived: statements and rows, never time.

// PocketBase prints every statement in development mode: that is how they are counted.
const server = sharedServer(() => startServer({ args: ["--dev=true"] }));
const ann = sharedAccount(server);
const ben = sharedAccount(server);

const KINDS = {
  read: /\bFROM messages_fts_content WHERE rowid\b/g,
  note: /\bINSERT INTO search_names\b/g,
  pass: /\bUPDATE search_progress SET namesUpTo\b/g,
  passBlocks: /\bUPDATE search_progress SET blocksUpTo\b/g,
} as const;

/** One run of the job, until it is done with everything; how many statements of each kind it took. */
async function run(): Promise<Record<keyof typeof KINDS, number>> {
  const before = server.output().length;
  await (await administrator(server)).crons.run("opensyncSearch");
  // The last statement of a run looks for users who have names and no message.
  await until("the run is over", () => server.output().slice(before).includes("FROM users u\n  WHERE EXISTS"), 45_000);
  const printed = server.output().slice(before);
  const count = (kind: RegExp) => printed.match(kind)?.length ?? 0;
  return {
    ...{ read: count(KINDS.read), note: count(KINDS.note) },
    ...{ pass: count(KINDS.pass), passBlocks: count(KINDS.passBlocks) },
  };
}

test("a backfill is read once, a hundred messages at a time, and noted a thousand at a time", async () => {
  // It runs by itself whenever a minute begins.
  await until("no minute begins soon", () => new Date().getSeconds() >= 2 && new Date().getSeconds() < 30, 40_000);
  const text = (index: number) => `call openStoreFile(${index}) in lib/part${index}.ts\n`.repeat(40);
  const store = async (key: string, name: string, count: number) => {
    const messages = Array.from({ length: count }, (_, index) => ({
      ...{ sessionExternalId: name, externalId: `${name}-${index}`, role: "user", textContent: text(index) },
      createdAt: 1_700_000_000_000 + index,
    }));
    for (let from = 0; from < count; from += 500)
      await push(server, key, { messages: messages.slice(from, from + 500) });
  };
  await store(ann.key, "anns", 2_300);
  await store(ben.key, "bens", 200);
  // Three steps, of which the last one holds messages of both users.
  expect(await run()).toEqual({ read: 25, note: 4, pass: 3, passBlocks: 1 });
  // A name that is used a hundred thousand times is a row for each of its words, and each use counts once.
  const rows = server.query("SELECT user, word, uses FROM search_names ORDER BY user = ?, word", ben.id);
  const words = ["file", "open", "openstore", "store", "storefile"];
  expect(rows).toEqual([
    ...words.map((word) => ({ user: ann.id, word, uses: 2_300 * 40 })),
    ...words.map((word) => ({ user: ben.id, word, uses: 200 * 40 })),
  ]);
  expect(await run(), "nothing has arrived since").toEqual({ read: 0, note: 0, pass: 0, passBlocks: 0 });
  await push(server, ann.key, { messages: [{ sessionExternalId: "anns", externalId: "more", role: "user" }] });
  expect(await run(), "a message without a name").toEqual({ read: 1, note: 0, pass: 1, passBlocks: 1 });
}, 120_000);
