import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";

// How much work a request is: rows and statements, never time.

let server: TestServer;
let key = "";

beforeAll(async () => {
  // PocketBase prints every statement in development mode: that is how they are counted.
  server = await startServer({ args: ["--dev=true"] });
  ({ key } = await createKey(server, await createUser(server)));
});

afterAll(() => server.stop());

const batch = (count: number, name: string) => ({
  sessions: [{ externalId: name, hash: 5, updatedAt: 7, source: "pi", createdAt: 1, device: "desk", model: "m" }],
  messages: Array.from({ length: count }, (_, index) => ({
    ...{ sessionExternalId: name, externalId: `${name}-${index}`, role: "assistant", textContent: `text ${index}` },
    ...{ createdAt: 1_700_000_000_000 + index, updatedAt: 7, hash: 1 + index, tokens: { input: 5, output: index } },
    parts: [{ type: "tool-call", content: { id: `${index}`, toolName: "bash", args: { command: "ls" } } }],
  })),
});

/** Statements that the server runs for a request, without those of the signal, which is sent once a second. */
async function countStatements(request: object): Promise<number> {
  const before = server.output().length;
  await push(server, key, request);
  const statements = server
    .output()
    .slice(before)
    .split(/^\S*\[\d+\.\d+ms\]/m)
    .slice(1);
  return statements.filter((statement) => !/\bactivity\b/.test(statement)).length;
}

describe("statements", () => {
  test("do not grow with the number of items", async () => {
    // The first request notes the use of the key.
    await push(server, key, batch(1, "warm"));
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

describe("an identical re-sync", () => {
  test("writes no row at all", async () => {
    await push(server, key, batch(200, "resync"));
    const reader = new DatabaseSync(join(server.dataDir, "data.db"), { readOnly: true });
    try {
      // SQLite changes this number as seen by one connection whenever another has committed a change.
      const version = () => reader.prepare("PRAGMA data_version").get();
      const before = version();
      const { changed } = await push(server, key, batch(200, "resync"));
      expect(changed).toEqual({ sessions: 0, messages: 0 });
      expect(version()).toEqual(before);
      await push(server, key, { messages: [{ sessionExternalId: "resync", externalId: "new", role: "user" }] });
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
    await push(server, key, partials);
    const stamp = () => server.query("SELECT syncedAt FROM sessions UNION ALL SELECT syncedAt FROM messages");
    const before = stamp();
    expect((await push(server, key, partials)).changed).toEqual({ sessions: 0, messages: 0 });
    expect(stamp()).toEqual(before);
  });
});
