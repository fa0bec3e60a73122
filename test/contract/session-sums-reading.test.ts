import { sessionDetailSchema, sessionPageSchema, setPriceAnswerSchema, usageRebuiltSchema } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { archiveOf, importInto, rowsOf } from "../support/archive.ts";
import { expectRow } from "../support/merge-case.ts";
import { push } from "../support/push.ts";
import { administrator, createUser } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { usageOf } from "../support/usage.ts";

// What readers are told of sessions that show the sums of their messages, and what becomes of the sums by other writers.

const server = sharedServer();
const owner = sharedAccount(server, { role: "owner", scope: "full" });

const message = (session: string, externalId: string, fields: object) => ({
  ...{ sessionExternalId: session, externalId, role: "assistant", createdAt: 1_760_000_000_000, ...fields },
});
const MYSTERY = { model: "mystery", tokens: { input: 1_000_000, output: 100_000 } };
const PAID = { model: "m", tokens: { input: 10, output: 5 }, cost: 0.25, costSource: "reported" };

/** Two sessions that say nothing of themselves, and one that does. */
async function pushThree(key: string): Promise<void> {
  const { errors } = await push(server, key, {
    sessions: [{ externalId: "stated", promptTokens: 7, cost: 2, costSource: "reported" }],
    messages: [
      ...[message("small", "a", PAID), message("stated", "b", PAID)],
      ...[message("large", "c", PAID), message("large", "d", PAID), message("large", "e", MYSTERY)],
    ],
  });
  expect(errors).toEqual([]);
}

describe("readers:", () => {
  const reader = sharedAccount(server, { scope: "full" });
  const listed = async (query: string) =>
    sessionPageSchema.parse(await reader.get(`/api/sessions?${query}`)).sessions.map(({ externalId }) => externalId);

  test("a list sorts by sums, filters by them, and says what a cost leaves out", async () => {
    await pushThree(reader.key);
    expect(await listed("sort=tokens")).toEqual(["large", "small", "stated"]);
    expect(await listed("sort=cost")).toEqual(["stated", "large", "small"]);
    expect(await listed("minTokens=10")).toHaveLength(2);
    expect(await listed("minCost=0.5&maxCost=1")).toEqual(["large"]);
    expect(await listed("costSource=computed&sort=cost")).toEqual(["large", "small"]);
    const { sessions } = sessionPageSchema.parse(await reader.get("/api/sessions?sort=cost"));
    const costs = sessions.map(({ cost, costSource, unpricedMessages }) => [cost, costSource, unpricedMessages]);
    expect(costs).toEqual([
      [2, "reported", undefined],
      [0.5, "computed", 1],
      [0.25, "computed", undefined],
    ]);
    const { session } = sessionDetailSchema.parse(await reader.get("/api/sessions/large"));
    expect(session).toMatchObject({ totalTokens: 1_100_030, tokens: { input: 1_000_020, output: 100_010 } });
    expect(session).toMatchObject({ cost: 0.5, costSource: "computed", unpricedMessages: 1 });
  });

  test("an exported session says what its cost leaves out", async () => {
    for (const format of ["markdown", "html", "text"]) {
      const { text } = await reader.ask(`/api/export?id=large&format=${format}`);
      expect(text, format).toContain("$0.5000, without 1 of unknown cost");
    }
  });

  test("CSV and PocketBase's own collection show sums too", async () => {
    const { text } = await reader.ask("/api/export/csv");
    expect(text).toMatch(/1100030,0\.500000/);
    const records = await fetch(`${server.url}/api/collections/sessions/records?sort=-cost`, {
      headers: reader.signedIn(),
    });
    const { items } = (await records.json()) as { items: Record<string, unknown>[] };
    expect(items.map(({ promptTokens, cost, unpricedMessages }) => [promptTokens, cost, unpricedMessages])).toEqual([
      [7, 2, 0],
      [1_000_020, 0.5, 1],
      [10, 0.25, 0],
    ]);
  });

  test("usage counts messages, not what sessions show of them", async () => {
    const { totals, unpricedModels } = await usageOf(reader, "by=model");
    expect(totals).toMatchObject({ tokens: { total: 1_100_060 }, cost: 1, unpriced: { messages: 1, sessions: 0 } });
    expect(unpricedModels).toMatchObject([{ model: "mystery", messages: 1, sessions: 0 }]);
    const byAgent = (await usageOf(reader, "by=agent")).totals;
    expect(byAgent).toEqual(totals);
  });

  test("an archive does not mistake sums for what was said, and an import sums up again", async () => {
    const other = await createUser(server);
    await importInto(server, other.token, await archiveOf(server, reader.token));
    expect(rowsOf(server, other.id)).toEqual(rowsOf(server, reader.id));
    const archive = await archiveOf(server, other.token);
    const lines = archive.split("\n").filter((line) => line.startsWith('{"session"') && !line.includes("stated"));
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toMatch(/cost|tokens/i);
  });
});

describe("a price of the owner", () => {
  async function change(method: "PUT" | "DELETE", body?: object) {
    const headers = { Authorization: owner.token, "Content-Type": "application/json" };
    const answer = await fetch(`${server.url}/api/prices/riddle`, {
      method,
      headers,
      body: JSON.stringify(body) ?? null,
    });
    const text = await answer.text();
    expect(answer.status, text).toBe(200);
    return setPriceAnswerSchema.parse(JSON.parse(text)).changed;
  }
  const RIDDLE = { ...MYSTERY, model: "riddle" };

  test("reaches the sums of sessions, whose dashboards are told, and leaves them again", async () => {
    await push(server, owner.key, {
      sessions: [{ externalId: "with totals", model: "riddle", tokens: { input: 2_000_000 } }],
      messages: [
        ...[message("unpriced", "a", RIDDLE), message("mixed", "b", RIDDLE), message("mixed", "c", PAID)],
        message("with totals", "d", RIDDLE),
      ],
    });
    const shown = () =>
      ["unpriced", "mixed", "with totals"].map((session) => {
        const [row] = server.query(
          "SELECT cost, costSource, unpricedMessages FROM sessions WHERE externalId = ?",
          session,
        );
        return [row?.["cost"], row?.["costSource"], row?.["unpricedMessages"]];
      });
    const before = [
      [0, "unknown", 0],
      [0.25, "computed", 1],
      [0, "unknown", 0],
    ];
    expect(shown()).toEqual(before);
    const stamp = () => server.query("SELECT max(syncedAt) AS stamp FROM sessions")[0]?.["stamp"];
    const newest = stamp();

    expect(await change("PUT", { input: 3, output: 10 })).toEqual({ messages: 3, sessions: 3 });
    expect(shown()).toEqual([
      [4, "computed", 0],
      [4.25, "computed", 0],
      // Not 6, the price of its own totals: its message has an exact cost.
      [4, "computed", 0],
    ]);
    expect(stamp()).toBeGreaterThan(Number(newest));
    expect(await change("PUT", { input: 3, output: 10 }), "once more").toEqual({ messages: 0, sessions: 0 });
    expect(await change("DELETE")).toEqual({ messages: 3, sessions: 3 });
    expect(shown()).toEqual(before);
  });
});

const rebuild = async () => {
  const answer = await fetch(`${server.url}/api/usage/rebuild`, {
    method: "POST",
    headers: { Authorization: owner.token },
  });
  return usageRebuiltSchema.parse(await answer.json()).differences;
};

describe("a message that somebody deletes by hand", () => {
  test("is out of usage at once, and out of its session's sums with a rebuild", async () => {
    const reader = owner;
    await push(server, reader.key, { messages: [message("by hand", "only", PAID)] });
    const { tokens, cost } = (await usageOf(reader, "by=agent")).totals;
    const admin = await administrator(server);
    const [row] = server.query<{ id: string }>("SELECT id FROM messages WHERE externalId = 'only'");
    await admin.collection("messages").delete(row?.id ?? "");
    for (const by of ["agent", "model"]) {
      const { totals } = await usageOf(reader, `by=${by}`);
      expect([totals.tokens.total, totals.cost], by).toEqual([tokens.total - 15, cost - 0.25]);
    }

    expect(await rebuild()).toBe(1);
    expectRow(server, "sessions", "by hand", { promptTokens: 0, cost: 0, costSource: "", messageCount: 0 });
    expect(await rebuild()).toBe(0);
  });
});

test("a session whose content is just going does not follow its last messages", async () => {
  await push(server, owner.key, { messages: [message("going", "first", PAID), message("going", "last", PAID)] });
  server.change("UPDATE sessions SET deletedAt = 5, purgeAt = 6 WHERE externalId = 'going'");
  server.change("DELETE FROM messages WHERE externalId = 'first'");
  expect(await rebuild()).toBe(0);
});
