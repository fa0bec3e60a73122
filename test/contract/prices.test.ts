import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Message, pricesAnswerSchema, setPriceAnswerSchema, usageSchema } from "@opensync/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COST_TRAPS } from "../support/cost-traps.ts";
import { push } from "../support/push.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import { until } from "../support/until.ts";

let server: TestServer;
let owner: TestUser;
let member: TestUser;
let key = "";
let fullKey = "";

beforeAll(async () => {
  server = await startServer();
  owner = await createUser(server, { role: "owner" });
  member = await createUser(server);
  ({ key } = await createKey(server, owner));
  ({ key: fullKey } = await createKey(server, member, { scope: "full" }));
});

afterAll(() => server.stop());

async function request(method: string, path: string, authorization = owner.token, body?: object) {
  const answer = await fetch(server.url + path, {
    method,
    headers: { Authorization: authorization },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

async function setPrice(model: string, body: object) {
  const { status, text } = await request("PUT", `/api/prices/${encodeURIComponent(model)}`, owner.token, body);
  expect(status, text).toBe(200);
  return setPriceAnswerSchema.parse(JSON.parse(text));
}

async function removePrice(model: string) {
  const { status, text } = await request("DELETE", `/api/prices/${encodeURIComponent(model)}`);
  expect(status, text).toBe(200);
  return setPriceAnswerSchema.parse(JSON.parse(text));
}

/** `[cost, costSource]` of the only message of a session. */
function costOf(session: string): unknown[] {
  const [row] = server.query(
    "SELECT m.cost, m.costSource FROM messages m JOIN sessions s ON s.id = m.session WHERE s.externalId = ?",
    session,
  );
  return [row?.["cost"], row?.["costSource"]];
}

let names = 0;
function newName(): string {
  names += 1;
  return `session-${names}`;
}

/** A message in a session of its own: with `hash` a snapshot, without a partial. */
async function pushOne(fields: Partial<Message>): Promise<string> {
  const session = newName();
  await push(server, key, {
    messages: [
      { sessionExternalId: session, externalId: "m", role: "assistant", createdAt: 1_790_000_000_000, ...fields },
    ],
  });
  return session;
}

const KINDS = { snapshot: { hash: 7, updatedAt: 1 }, partial: {} };
const opus = { provider: "anthropic", model: "claude-opus-4-8" };
const tokens = { input: 1000, cacheRead: 10_000, cacheWrite: 2000, cacheWrite1h: 500, output: 100, reasoning: 90 };
/** 1000 × 5 + 10,000 × 0.5 + 1500 × 6.25 + 500 × 10 + 100 × 25 per million. */
const PRICE = 0.026875;

describe.each(Object.entries(KINDS))("a %s", (_, kind) => {
  test.for<readonly [name: string, fields: Partial<Message>, cost: number, costSource: string]>([
    ["without a cost is priced by kind and life of the cache", { tokens }, PRICE, "computed"],
    ["that says unknown is priced", { tokens, costSource: "unknown" }, PRICE, "computed"],
    [
      "with a client's own figure has the server's price",
      { tokens, cost: 9, costSource: "computed" },
      PRICE,
      "computed",
    ],
    ["of an old client with a figure has the server's price", { tokens, cost: 9 }, PRICE, "computed"],
    ["that reports 0 for its tokens reports nothing", { tokens, cost: 0, costSource: "reported" }, PRICE, "computed"],
    ["that reports a cost keeps it", { tokens, cost: 9, costSource: "reported" }, 9, "reported"],
    ["without tokens is not priced", { textContent: "hi" }, 0, ""],
    ["whose tokens are not told by kind is unknown", { promptTokens: 1000, completionTokens: 100 }, 0, "unknown"],
    ["of an unknown model is unknown", { tokens, model: "claude-opus-4-88" }, 0, "unknown"],
    ["of an unknown model has a client's own figure", { tokens, model: "opus", cost: 9 }, 9, "computed"],
    ["in the ordinary tier costs what it costs", { tokens, serviceTier: "standard" }, PRICE, "computed"],
    ["in a faster tier costs more", { tokens, serviceTier: "fast" }, 2 * PRICE, "computed"],
    ["in a tier that the list does not know is unknown", { tokens, serviceTier: "turbo" }, 0, "unknown"],
    ["with absurd counts is unknown", { tokens: { input: Number.MAX_SAFE_INTEGER } }, 0, "unknown"],
    [
      "older than a change of price has the old one",
      { ...deepseek(1_794_000_000_000), tokens: { output: 1e6 } },
      0.87,
      "computed",
    ],
    [
      "newer than a change of price has the new one",
      { ...deepseek(1_795_000_000_000), tokens: { output: 1e6 } },
      3.96,
      "computed",
    ],
  ])("%s", async ([, fields, cost, costSource]) => {
    const session = await pushOne({ ...kind, ...opus, ...fields });
    expect(costOf(session)).toEqual([cost, costSource]);
  });
});

function deepseek(createdAt: number): Partial<Message> {
  return { provider: "deepseek", model: "deepseek-v4-pro", createdAt };
}

test("an answer costs what Claude Code itself has billed for it", async () => {
  const billed = { input: 15, cacheRead: 30_800, cacheWrite: 3_150, cacheWrite1h: 3_150, output: 420 };
  const session = await pushOne({ provider: "anthropic", model: "claude-sonnet-4-5-20250929", tokens: billed });
  expect(costOf(session)).toEqual([0.034485, "computed"]);
});

test("partials are priced by what they have become, in any order", async () => {
  const parts = [{ tokens }, { model: opus.model }, { cost: 9 }, { serviceTier: "fast" }, { provider: "anthropic" }];
  for (const order of [parts, parts.toReversed(), [...parts.slice(2), ...parts.slice(0, 2)]]) {
    const session = newName();
    for (const part of order) {
      await push(server, key, {
        messages: [{ sessionExternalId: session, externalId: "m", role: "assistant", ...part }],
      });
    }
    expect(costOf(session)).toEqual([2 * PRICE, "computed"]);
  }
});

test("a session is priced by its own totals, in the smallest size of request", async () => {
  const session = newName();
  const totals = { input: 1_000_000, output: 1000 };
  await push(server, key, {
    sessions: [{ externalId: session, hash: 3, updatedAt: 1, model: "gpt-5.5", provider: "openai", tokens: totals }],
  });
  expect(server.query("SELECT cost, costSource FROM sessions WHERE externalId = ?", session)).toEqual([
    { cost: 5.03, costSource: "computed" },
  ]);
});

describe("the trap", () => {
  test.for(COST_TRAPS)("$name", async ({ sessions = [], messages, answer }) => {
    const user = await createUser(server);
    const { key: ownKey } = await createKey(server, user);
    const usage = () =>
      server.query(
        `SELECT sum(u.messages) AS responses, sum(u.promptTokens) AS promptTokens,
           sum(u.completionTokens) AS completionTokens, sum(u.costNano) / 1e9 AS cost,
           sum(iif(u.costSource = 'unknown', u.messages, 0)) AS unpriced
         FROM usage u JOIN sessions s ON s.id = u.session WHERE s.user = ? AND u.costSource <> 'copy'`,
        user.id,
      )[0];
    // One at a time and the last one first: what counts must not depend on the order of arrival.
    for (const message of messages.toReversed()) await push(server, ownKey, { messages: [message] });
    await push(server, ownKey, { sessions, messages });
    expect(usage()).toEqual({ unpriced: 0, ...answer });
    const { totals } = usageSchema.parse(JSON.parse((await request("GET", "/api/usage", user.token)).text));
    expect({ messages: totals.messages, tokens: totals.tokens.total, cost: totals.cost }).toEqual({
      messages: answer.responses,
      tokens: answer.promptTokens + answer.completionTokens,
      cost: answer.cost,
    });
    expect(totals.unpriced.messages + totals.unpriced.sessions).toBe(answer.unpriced ?? 0);
  });
});

describe("the owner's price", () => {
  const GPT = { provider: "openai", model: "gpt-5.5", tokens: { input: 1000, output: 100 } };

  test("counts for all that was priced, in every tier, until it is removed", async () => {
    const priced = await pushOne({ ...GPT, ...KINDS.snapshot });
    const fast = await pushOne({ ...GPT, serviceTier: "turbo" });
    const reported = await pushOne({ ...GPT, cost: 7, costSource: "reported" });
    const own = await pushOne({ ...GPT, model: "unheard-of", cost: 8, hash: 9 });
    expect([priced, fast, reported, own].map(costOf)).toEqual([
      [0.008, "computed"],
      [0, "unknown"],
      [7, "reported"],
      [8, "computed"],
    ]);

    const { changed, ...name } = await setPrice("openai/GPT-5.5", { input: 1, output: 2 });
    expect(name).toEqual({ provider: "openai", model: "gpt-5-5" });
    expect(changed.messages).toBeGreaterThanOrEqual(2);
    await setPrice("unheard-of", { input: 3, output: 4 });
    const later = await pushOne(GPT);
    expect([priced, fast, reported, own, later].map(costOf)).toEqual([
      [0.0012, "computed"],
      [0.0012, "computed"],
      [7, "reported"],
      [0.0034, "computed"],
      [0.0012, "computed"],
    ]);
    const usage = server.query(
      "SELECT costNano FROM usage u JOIN sessions s ON s.id = u.session WHERE s.externalId = ?",
      priced,
    );
    expect(usage).toEqual([{ costNano: 1_200_000 }]);

    await removePrice("openai/gpt-5.5");
    await removePrice("unheard-of");
    expect([priced, fast, reported, own, later].map(costOf)).toEqual([
      [0.008, "computed"],
      [0, "unknown"],
      [7, "reported"],
      [8, "computed"],
      [0.008, "computed"],
    ]);
  });

  test("of one seller counts for that one alone, and before that of any", async () => {
    const here = await pushOne({ ...GPT, provider: "my-gateway", model: "my-model" });
    const there = await pushOne({ ...GPT, provider: "other", model: "my-model" });
    await setPrice("my-model", { input: 1, output: 1 });
    await setPrice("my-model", { provider: "My-Gateway", input: 2, output: 2 });
    expect([here, there].map(costOf)).toEqual([
      [0.0022, "computed"],
      [0.0011, "computed"],
    ]);
    const { status } = await request("DELETE", "/api/prices/my-model?provider=my-gateway");
    expect(status).toBe(200);
    expect(costOf(here)).toEqual([0.0011, "computed"]);
    await removePrice("my-model");
    expect([here, there].map(costOf)).toEqual([
      [0, "unknown"],
      [0, "unknown"],
    ]);
  });

  test("of 0 is a price: this costs nothing", async () => {
    const local = await pushOne({ ...GPT, provider: "ollama", model: "local-model" });
    await setPrice("ollama/local-model", { input: 0, output: 0 });
    expect(costOf(local)).toEqual([0, "computed"]);
    await removePrice("ollama/local-model");
  });

  const valid = { input: 1, output: 1 };
  test.for<
    readonly [
      name: string,
      method: string,
      path: string,
      who: () => string,
      body: object | undefined,
      status: number,
      text: string,
    ]
  >([
    ["nobody may set one", "PUT", "/api/prices/m", () => "", valid, 401, "Sign in first"],
    ["a member may not", "PUT", "/api/prices/m", () => member.token, valid, 403, "Only the owner"],
    ["a key may not", "PUT", "/api/prices/m", () => `Bearer ${fullKey}`, valid, 401, "Sign in first"],
    ["a member may not remove one", "DELETE", "/api/prices/m", () => member.token, undefined, 403, "Only the owner"],
    [
      "it needs a price of output",
      "PUT",
      "/api/prices/m",
      () => owner.token,
      { input: 1 },
      400,
      "output: expected USD",
    ],
    [
      "it is a number",
      "PUT",
      "/api/prices/m",
      () => owner.token,
      { input: "1", output: 1 },
      400,
      "input: expected a number from 0",
    ],
    [
      "it is not negative",
      "PUT",
      "/api/prices/m",
      () => owner.token,
      { input: 1, output: -1 },
      400,
      "output: expected a number",
    ],
    [
      "it is not in cents per token",
      "PUT",
      "/api/prices/m",
      () => owner.token,
      { input: 1e6, output: 1 },
      400,
      "input: expected",
    ],
    ["it has a model", "PUT", "/api/prices/%20", () => owner.token, valid, 400, "model: expected the name"],
    [
      "only one that was set can be removed",
      "DELETE",
      "/api/prices/m",
      () => owner.token,
      undefined,
      404,
      "You have set no price for m",
    ],
  ])("%s", async ([, method, path, who, body, status, text]) => {
    const answer = await request(method, path, who(), body);
    expect(answer).toMatchObject({ status, text: expect.stringContaining(text) });
  });
});

describe("GET /api/prices", () => {
  test("tells the list with its date and sources, the owner's prices, and which of one's own models have none", async () => {
    const { key: memberKey } = await createKey(server, member);
    await push(server, memberKey, {
      messages: [1, 2].map((id) => ({
        ...{ sessionExternalId: "mine", externalId: `${id}`, role: "assistant", ...opus, tokens },
        model: "mystery",
      })),
    });
    await setPrice("anthropic/claude-opus-4-8", { input: 1, output: 2, cacheWrite: 3 });
    const answer = await request("GET", "/api/prices", `Bearer ${fullKey}`);
    await removePrice("anthropic/claude-opus-4-8");
    const { date, sources, prices, unpriced } = pricesAnswerSchema.parse(JSON.parse(answer.text));
    expect(date).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(sources[0]).toMatchObject({ name: "models.dev", license: "MIT" });
    const ofOpus = prices.filter(({ provider, model }) => provider === "anthropic" && model === "claude-opus-4-8");
    const rates = { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25, cacheWrite1h: 10 };
    const name = { provider: "anthropic", model: "claude-opus-4-8" };
    expect(ofOpus).toEqual([
      { ...name, origin: "owner", input: 1, output: 2, cacheRead: 1, cacheWrite: 3, cacheWrite1h: 3 },
      { ...name, origin: "list", ...rates },
      {
        ...name,
        origin: "list",
        tier: "fast",
        input: 10,
        output: 50,
        cacheRead: 1,
        cacheWrite: 12.5,
        cacheWrite1h: 20,
      },
    ]);
    expect(prices).toContainEqual(expect.objectContaining({ model: "gpt-5.5", above: 272_000, input: 10 }));
    expect(prices).toContainEqual(expect.objectContaining({ model: "deepseek-v4-pro", from: "2026-11-10" }));
    expect(unpriced).toEqual([{ provider: "anthropic", model: "mystery", messages: 2 }]);
  });

  test.for<readonly [who: string, authorization: () => string, status: number]>([
    ["nobody", () => "", 401],
    ["a key that may only sync", () => `Bearer ${key}`, 403],
    ["a member", () => member.token, 200],
  ])("%s", async ([, authorization, status]) => {
    expect((await request("GET", "/api/prices", authorization())).status).toBe(status);
  });
});

test("a newer list prices again what was priced by an older one, at the next start", async () => {
  const older = await startServer();
  const { key: olderKey } = await createKey(older, await createUser(older));
  const item = { sessionExternalId: "s", role: "assistant", ...opus, tokens, hash: 1 };
  await push(older, olderKey, {
    messages: [
      { ...item, externalId: "m1" },
      { ...item, externalId: "m2", model: "claude-opus-4-7" },
      { ...item, externalId: "m3", cost: 9, costSource: "reported" },
    ],
  });
  await older.kill();
  const database = new DatabaseSync(join(older.dataDir, "data.db"));
  // As if this data had been written when one model was cheaper and another not known yet.
  database.exec(`
    UPDATE price_list SET digest = 'older', date = '2026-01-01';
    UPDATE price_rates SET input = 1 WHERE model = 'claude-opus-4-8';
    DELETE FROM price_rates WHERE model = 'claude-opus-4-7';
    UPDATE price_names SET origin = '', rateProvider = '', rateModel = '' WHERE model = 'claude-opus-4-7';
    UPDATE messages SET cost = 0.001 WHERE externalId = 'm1';
    UPDATE messages SET cost = 0, costSource = 'unknown', stated = stated & ~128 WHERE externalId = 'm2';
  `);
  database.close();
  const newer = await startServer({ dataDir: older.dataDir });
  try {
    expect(newer.query("SELECT cost, costSource FROM messages ORDER BY externalId")).toEqual([
      { cost: PRICE, costSource: "computed" },
      { cost: PRICE, costSource: "computed" },
      { cost: 9, costSource: "reported" },
    ]);
    expect(newer.output()).toContain("New prices: 2 messages and 0 sessions changed.");
    expect(newer.query("SELECT sum(costNano) AS nano FROM usage")).toEqual([{ nano: 9e9 + 2 * PRICE * 1e9 }]);
  } finally {
    await newer.stop();
    rmSync(older.dataDir, { recursive: true, force: true });
  }
});

test("a change of price that is cut off by a crash is finished at the next start", async () => {
  const first = await startServer();
  const user = await createUser(first, { role: "owner" });
  const { key: firstKey } = await createKey(first, user);
  for (let batch = 0; batch < 4; batch += 1) {
    const messages = Array.from({ length: 1500 }, (_, index) => ({
      ...{ sessionExternalId: `s${batch}`, externalId: `m${index}`, role: "assistant", ...opus, tokens, hash: 1 },
    }));
    await push(first, firstKey, { messages });
  }
  const costs = (at: TestServer) => at.query("SELECT cost, count(*) AS n FROM messages GROUP BY cost ORDER BY n DESC");
  expect(costs(first)).toEqual([{ cost: PRICE, n: 6000 }]);
  const change = fetch(`${first.url}/api/prices/claude-opus-4-8`, {
    method: "PUT",
    headers: { Authorization: user.token },
    body: JSON.stringify({ input: 0, output: 10 }),
  }).catch(() => undefined);
  await until("some rows are priced anew", () => costs(first).some(({ cost }) => cost === 0.001));
  await first.kill();
  await change;
  const second = await startServer({ dataDir: first.dataDir });
  try {
    expect(costs(second)).toEqual([{ cost: 0.001, n: 6000 }]);
    expect(second.query("SELECT sum(costNano) AS nano FROM usage")).toEqual([{ nano: 6000 * 1e6 }]);
    expect(second.query("SELECT digest FROM price_list WHERE digest LIKE '~%'")).toEqual([]);
  } finally {
    await second.stop();
    rmSync(first.dataDir, { recursive: true, force: true });
  }
}, 90_000);
