import { OpenSyncClient, type SearchAnswer, searchSessions } from "@opensync/client";
import type PocketBase from "pocketbase";
import { beforeAll, describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { seededRandom } from "../support/random.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

// What the job of every minute keeps for search, against what it should be.

const seed = Number(process.env["SEARCH_SEED"] ?? 7);

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
let client: OpenSyncClient;
let admin: PocketBase;

beforeAll(async () => {
  client = new OpenSyncClient({ url: server.url, apiKey: ann.key });
  admin = await administrator(server);
});

const message = (session: string, index: number, textContent: string) => ({
  ...{ sessionExternalId: session, externalId: `${session}-${index}`, role: "user", textContent },
  createdAt: 1_700_000_000_000 + index * 1_000,
});

/** A run that is not done by then has been overtaken by another, or a crash: it is started anew. */
const RUN_MS = 46_000;

/** Runs the job, as the clock does every minute, and waits until it is done with everything. */
async function runJob(): Promise<void> {
  let startedMs = Number.NEGATIVE_INFINITY;
  const isDone = async () => {
    const [row] = server.query<{ behind: number }>(
      "SELECT (SELECT max(rowid) FROM messages) - min(blocksUpTo, namesUpTo) AS behind FROM search_progress",
    );
    if (row?.behind !== 0 && performance.now() - startedMs > RUN_MS) {
      startedMs = performance.now();
      await admin.crons.run("opensyncSearch");
    }
    return row?.behind === 0;
  };
  await until("the job is done", isDone, 100_000);
}

const blocks = () => server.query("SELECT * FROM search_blocks ORDER BY user, block");
const recounted = () =>
  server.query(`SELECT user, rowid / 1024 AS block, min(createdAt) AS oldest, max(createdAt) AS newest FROM messages
    GROUP BY 1, 2 ORDER BY 1, 2`);
const found = async (query: string, sort: "newest" | "relevance" = "newest") =>
  (await searchSessions(client, query, { sort })).results.map(({ session }) => session.externalId);

describe("the job", () => {
  test("notes the times of blocks of messages", async () => {
    for (const session of ["one", "two", "three"]) {
      await push(server, ann.key, {
        messages: Array.from({ length: 700 }, (_, index) => message(session, index, `${session} text`)),
      });
      await runJob();
    }
    expect(blocks()).toEqual(recounted());
    expect(blocks().length).toBeGreaterThan(1);
  });

  test("widens a block when a message turns out to be of another time", async () => {
    const early = { ...message("one", 5, "one text"), createdAt: 1_600_000_000_000 };
    await push(server, ann.key, { messages: [early] });
    expect(blocks()).toEqual(recounted());
  });

  test("looks again at rows whose numbers are given out anew", async () => {
    await push(server, ann.key, { messages: [message("last", 0, "words of the last one")] });
    await runJob();
    await admin.collection("sessions").delete(server.sessionId("last"));
    await push(server, ann.key, {
      messages: [{ ...message("newer", 0, "readFileSync again"), createdAt: 1_800_000_000_000 }],
    });
    expect(await found("again")).toEqual(["newer"]);
    await runJob();
    expect(await found("text OR again")).toEqual(["newer", "three", "two", "one"]);
    expect(await found("file")).toEqual(["newer"]);
  });

  test("finds names in code by their parts", async () => {
    const texts = ["const x = getUserName(y);", "the parseHTTPHeader helper", "aVeryStrange1b2c3dThing"];
    await push(server, ann.key, { messages: texts.map((text, index) => message(`code${index}`, index, text)) });
    expect(await found("username")).toEqual([]);
    await runJob();
    for (const word of ["user", "name", "username", "getUserName", "USER"])
      expect(await found(word), word).toEqual(["code0"]);
    for (const word of ["http", "header", "httpheader"]) expect(await found(word), word).toEqual(["code1"]);
    expect(await found("parse -header")).toEqual([]);
    const [result] = (await searchSessions(client, "username")).results;
    expect(result?.hit?.marks.map(([start, end]) => result.hit?.snippet.slice(start, end))).toEqual(["getUserName"]);
  });

  test("lets pages of the newest be those of a plain sort over everything, in whatever order messages came", async () => {
    const erin = await createAccount(server, { scope: "full" });
    const erins = new OpenSyncClient({ url: server.url, apiKey: erin.key });
    const random = seededRandom(seed);
    // Three machines with a year each, of which one sends its history late.
    for (const [count, year] of [
      [2_000, 2],
      [1_500, 0],
      [1_500, 1],
    ] as const) {
      const messages = Array.from({ length: count }, (_, index) => ({
        ...message(
          `s${year}-${random.below(60)}`,
          index,
          `all ${random.below(3) === 0 ? "third" : ""} rare${random.below(400)}`,
        ),
        externalId: `${year}-${index}`,
        createdAt: 1_600_000_000_000 + year * 31_000_000_000 + index * 15_000_000 + random.below(40_000_000),
      }));
      for (let from = 0; from < count; from += 500)
        await push(server, erin.key, { messages: messages.slice(from, from + 500) });
      // What the last machine sends is in no block yet.
      if (year !== 1) await runJob();
    }
    for (const word of ["all", "third", "rare7", "rare8 OR rare9"]) {
      const sorted = server.query<{ id: string }>(
        `SELECT s.externalId AS id FROM sessions s JOIN messages m ON m.session = s.id
          WHERE s.user = ? AND (' ' || m.textContent || ' ' LIKE ? OR ' ' || m.textContent || ' ' LIKE ?)
          GROUP BY s.id ORDER BY max(m.createdAt) DESC, s.rowid DESC`,
        ...[erin.id, ...word.split(" OR "), word].slice(0, 3).map((one, index) => (index === 0 ? one : `% ${one} %`)),
      );
      const pages: string[] = [];
      let cursor: string | null = null;
      do {
        const page: SearchAnswer = await searchSessions(erins, word, {
          sort: "newest",
          limit: 7,
          ...(cursor !== null && { cursor }),
        });
        pages.push(...page.results.map(({ session }) => session.externalId));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages, `${word}, seed ${seed}`).toEqual(sorted.map(({ id }) => id));
    }
  }, 120_000);

  test("finds a name that is used once by two of its words, though others hold each of them more often", async () => {
    const often = Array.from(
      { length: 24 },
      (_, index) => `${"user bold".split(" ")[index % 2]}Part${"abcdefghijklmnopqrstuvwx"[index]}x`,
    );
    const texts = [often.join(" ").repeat(5), "call userPickerBold() once"];
    await push(server, ann.key, { messages: texts.map((text, index) => message(`picker${index}`, index, text)) });
    await runJob();
    expect(await found("picker")).toEqual(["picker1"]);
    for (const query of ["user picker", "picker bold", "bold user picker"])
      expect(await found(query), query).toEqual(["picker1"]);
  });

  test("finds names far inside long texts", async () => {
    await push(server, ann.key, {
      messages: [message("long", 0, `${"a line of a log\n".repeat(6_000)} readNextChunk`)],
    });
    await runJob();
    expect(await found("chunk")).toEqual(["long"]);
  });

  test("keeps names apart by user", async () => {
    const ben = await createAccount(server, { scope: "full" });
    await push(server, ben.key, { messages: [message("bens", 0, "writePrivateNotes username")] });
    await runJob();
    const bens = new OpenSyncClient({ url: server.url, apiKey: ben.key });
    expect((await searchSessions(bens, "notes")).results).toHaveLength(1);
    expect(await found("notes")).toEqual([]);
  });

  test("forgets the names of a user whose messages are all gone", async () => {
    const dora = await createAccount(server, { scope: "full" });
    await push(server, dora.key, { messages: [message("doras", 0, "writeShortLetters")] });
    await runJob();
    const left = () => server.query("SELECT DISTINCT user FROM search_names WHERE user = ?", dora.id).length;
    expect(left()).toBe(1);
    const [session] = server.query<{ id: string }>("SELECT id FROM sessions WHERE user = ?", dora.id);
    await admin.collection("sessions").delete(session?.id ?? "");
    await admin.crons.run("opensyncSearch");
    await until("the names are gone", () => left() === 0);
  });

  test("has nothing left of an account that is gone", async () => {
    const carl = await createAccount(server, { scope: "full" });
    await push(server, carl.key, { messages: [message("carls", 0, "deleteMePlease")] });
    await runJob();
    const left = () =>
      server.query(
        "SELECT user FROM search_names WHERE user = ? UNION SELECT user FROM search_blocks WHERE user = ?",
        carl.id,
        carl.id,
      );
    expect(left()).toHaveLength(1);
    await admin.collection("users").delete(carl.id);
    expect(left()).toEqual([]);
  });
});
