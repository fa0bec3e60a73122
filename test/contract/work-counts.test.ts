import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { beforeEach, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { createKey, createUser, startServer } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

// How much work a request is: rows and statements, never time.

// PocketBase prints every statement in development mode: that is how they are counted.
const server = sharedServer(() => startServer({ args: ["--dev=true"] }));
const ann = sharedAccount(server);

const batch = (count: number, name: string) => ({
  sessions: [{ externalId: name, hash: 5, updatedAt: 7, source: "pi", createdAt: 1, device: "desk", model: "m" }],
  messages: Array.from({ length: count }, (_, index) => ({
    ...{ sessionExternalId: name, externalId: `${name}-${index}`, role: "assistant", textContent: `text ${index}` },
    ...{ createdAt: 1_700_000_000_000 + index, updatedAt: 7, hash: 1 + index, tokens: { input: 5, output: index } },
    parts: [{ type: "tool-call", content: { id: `${index}`, toolName: "bash", args: { command: "ls" } } }],
  })),
});

// Some jobs of the server run whenever a minute begins, for five seconds at most: their statements are not to be counted.
beforeEach(async () => {
  const isQuiet = () => {
    const seconds = new Date().getSeconds();
    return seconds >= 8 && seconds < 45;
  };
  await until("the jobs of the minute have run", isQuiet, 30_000);
});

/** The same, of a model that the price list knows: reported by the agent, or for the server to price. */
function paid(count: number, name: string, cost: object) {
  const { sessions, messages } = batch(count, name);
  return { sessions, messages: messages.map((message) => ({ ...message, model: "claude-opus-4-8", ...cost })) };
}
const REPORTED = { cost: 1, costSource: "reported" };

/** Statements that the server runs for a request, without those that it runs once a second: for the signal and the key. */
const countStatements = (request: object) => statementsOf(() => push(server, ann.key, request));

/** The same for anything that is asked of the server. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await printed();
  await work();
  const statements = (await printed())
    .slice(before.length)
    .split(/^\S*\[\d+\.\d+ms\]/m)
    .slice(1);
  return statements.filter((statement) => !/\bactivity\b|\bapi_keys\b|'mark-\d+'/.test(statement)).length;
}

let marks = 0;

/** All that the server has printed up to now: it comes later than the answers, but in order, so a mark is waited for. */
async function printed(): Promise<string> {
  marks += 1;
  const mark = `'mark-${marks}'`;
  const address = `${server.url}/api/collections/sessions/records?${new URLSearchParams({ filter: `title=${mark}` })}`;
  await (await fetch(address)).text();
  // The last word of that request: PocketBase tells every one of its own after its statements.
  await until("the mark is printed", () =>
    server.output().includes(`INFO GET /api/collections/sessions/records?filter=title=${mark}`),
  );
  return server.output();
}

describe("statements", () => {
  test("do not grow with the number of items", async () => {
    // The first request notes the use of the key.
    await push(server, ann.key, batch(1, "warm"));
    const one = await countStatements(batch(1, "one"));
    const many = await countStatements(batch(500, "many"));
    expect(one).toBeGreaterThan(10);
    expect(many).toBeLessThanOrEqual(one + 2);
    expect(many).toBeLessThan(30);
  });

  test("are fewer for a request that changes nothing", async () => {
    const changing = await countStatements(batch(3, "again"));
    expect(await countStatements(batch(3, "again"))).toBeLessThan(changing);
  });
});

test("curation of one session and of a thousand takes the same statements", async () => {
  const { key: full } = await createKey(server, await createUser(server), { scope: "full" });
  const ids = Array.from({ length: 1000 }, (_, index) => `curated-${index}`);
  await push(server, full, { sessions: ids.map((externalId) => ({ externalId })) });
  const count = (action: string, number: number, changes: object = {}) =>
    statementsOf(async () => {
      const answer = await fetch(`${server.url}/api/sessions/bulk`, {
        ...{ method: "POST", headers: { Authorization: `Bearer ${full}`, "Content-Type": "application/json" } },
        body: JSON.stringify({ action, ids: ids.slice(0, number), changes }),
      });
      expect(await answer.json()).toMatchObject({ ok: true, chosen: number });
    });
  const one = [await count("patch", 1, { addTags: ["x"] }), await count("delete", 1), await count("restore", 1)];
  const many = [
    await count("patch", 1000, { addTags: ["y"] }),
    await count("delete", 1000),
    await count("restore", 1000),
  ];
  // The log and the server's own jobs may add one of theirs.
  for (const [index, statements] of many.entries()) expect(Math.abs(statements - (one[index] ?? 0))).toBeLessThan(3);
  expect(Math.max(...many)).toBeLessThan(20);
});

describe("prices", () => {
  test("cost one statement more, and none where agents have reported all of them", async () => {
    // The first request looks up what the model's name means.
    await push(server, ann.key, paid(1, "names", {}));
    const plain = await countStatements(batch(20, "plain"));
    expect(await countStatements(paid(20, "reported", REPORTED))).toBe(plain);
    expect(await countStatements(paid(20, "priced", {}))).toBe(plain + 1);
    const rows = server.query("SELECT DISTINCT costSource FROM messages WHERE externalId LIKE 'priced-%'");
    expect(rows).toEqual([{ costSource: "computed" }]);
  });
});

describe("an identical re-sync", () => {
  test.for(["of what was priced", "of anything"])("%s writes no row at all", async (what) => {
    const items = () => (what === "of anything" ? batch(200, "resync") : paid(200, "resync-priced", {}));
    const session = items().sessions[0]?.externalId;
    await push(server, ann.key, items());
    const reader = new DatabaseSync(join(server.dataDir, "data.db"), { readOnly: true });
    try {
      // SQLite changes this number as seen by one connection whenever another has committed a change.
      const version = () => reader.prepare("PRAGMA data_version").get();
      const before = version();
      const { changed } = await push(server, ann.key, items());
      expect(changed).toEqual({ sessions: 0, messages: 0 });
      expect(version()).toEqual(before);
      await push(server, ann.key, { messages: [{ sessionExternalId: session, externalId: "new", role: "user" }] });
      expect(version(), "the number shows changes").not.toEqual(before);
    } finally {
      reader.close();
    }
  });

  test("of partials writes none either", async () => {
    const partials = {
      sessions: [{ externalId: "old", title: "T", promptTokens: 5, cost: 0 }],
      messages: [
        {
          sessionExternalId: "old",
          externalId: "p",
          role: "user",
          textContent: "hi",
          parts: [{ type: "text", content: "hi" }],
        },
      ],
    };
    await push(server, ann.key, partials);
    const stamp = () => server.query("SELECT syncedAt FROM sessions UNION ALL SELECT syncedAt FROM messages");
    const before = stamp();
    expect((await push(server, ann.key, partials)).changed).toEqual({ sessions: 0, messages: 0 });
    expect(stamp()).toEqual(before);
  });
});
