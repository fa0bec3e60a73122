import { pricesAnswerSchema, setPriceAnswerSchema } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { costOf, ITEM_KINDS, OPUS, OPUS_TOKENS, pushOne } from "../support/priced-messages.ts";
import { push } from "../support/push.ts";
import { administrator, createKey, createUser } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const owner = sharedAccount(server, { role: "owner" });
const member = sharedAccount(server, { scope: "full" });

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

describe("the owner's price", () => {
  const GPT = { provider: "openai", model: "gpt-5.5", tokens: { input: 1000, output: 100 } };

  test("counts for all that was priced, in every tier, until it is removed", async () => {
    const priced = await pushOne(server, owner.key, { ...GPT, ...ITEM_KINDS.snapshot });
    const fast = await pushOne(server, owner.key, { ...GPT, serviceTier: "turbo" });
    const reported = await pushOne(server, owner.key, { ...GPT, cost: 7, costSource: "reported" });
    const own = await pushOne(server, owner.key, { ...GPT, model: "unheard-of", cost: 8, hash: 9 });
    expect([priced, fast, reported, own].map((session) => costOf(server, session))).toEqual([
      [0.008, "computed"],
      [0, "unknown"],
      [7, "reported"],
      [8, "computed"],
    ]);

    const { changed, ...name } = await setPrice("openai/GPT-5.5", { input: 1, output: 2 });
    expect(name).toEqual({ provider: "openai", model: "gpt-5-5" });
    expect(changed.messages).toBeGreaterThanOrEqual(2);
    await setPrice("unheard-of", { input: 3, output: 4 });
    const later = await pushOne(server, owner.key, GPT);
    expect([priced, fast, reported, own, later].map((session) => costOf(server, session))).toEqual([
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
    expect([priced, fast, reported, own, later].map((session) => costOf(server, session))).toEqual([
      [0.008, "computed"],
      [0, "unknown"],
      [7, "reported"],
      [8, "computed"],
      [0.008, "computed"],
    ]);
  });

  test("of one seller counts for that one alone, and before that of any", async () => {
    const here = await pushOne(server, owner.key, { ...GPT, provider: "my-gateway", model: "my-model" });
    const there = await pushOne(server, owner.key, { ...GPT, provider: "other", model: "my-model" });
    await setPrice("my-model", { input: 1, output: 1 });
    await setPrice("my-model", { provider: "My-Gateway", input: 2, output: 2 });
    expect([here, there].map((session) => costOf(server, session))).toEqual([
      [0.0022, "computed"],
      [0.0011, "computed"],
    ]);
    const { status } = await request("DELETE", "/api/prices/my-model?provider=my-gateway");
    expect(status).toBe(200);
    expect(costOf(server, here)).toEqual([0.0011, "computed"]);
    await removePrice("my-model");
    expect([here, there].map((session) => costOf(server, session))).toEqual([
      [0, "unknown"],
      [0, "unknown"],
    ]);
  });

  test("of 0 is a price: this costs nothing", async () => {
    const local = await pushOne(server, owner.key, { ...GPT, provider: "ollama", model: "local-model" });
    await setPrice("ollama/local-model", { input: 0, output: 0 });
    expect(costOf(server, local)).toEqual([0, "computed"]);
    await removePrice("ollama/local-model");
  });

  test("reaches open pages: rows that changed are marked as new, and their users are told", async () => {
    const reader = await createUser(server);
    const { key: readersKey } = await createKey(server, reader);
    const theirs = await pushOne(server, readersKey, { ...GPT, provider: "box", model: "shared-model" });
    const stranger = await createUser(server);
    const { key: strangersKey } = await createKey(server, stranger);
    const other = await pushOne(server, strangersKey, { ...GPT, provider: "box", model: "another-model" });
    const state = (user: string, session: string) =>
      server.query<{ rev: number; syncedAt: number; last: number }>(
        `SELECT a.rev, m.syncedAt, (SELECT max(syncedAt) FROM sessions WHERE user = ?) AS last
          FROM activity a, messages m JOIN sessions s ON s.id = m.session WHERE a.id = ? AND s.externalId = ?`,
        user,
        user,
        session,
      )[0];
    // A signal is sent once a second at most: as if the last one was long ago.
    const admin = await administrator(server);
    for (const { id } of [reader, stranger]) await admin.collection("activity").update(id, { changedAt: 1 });
    const [before, strangersBefore] = [state(reader.id, theirs), state(stranger.id, other)];
    await setPrice("box/shared-model", { input: 1, output: 1 });
    const after = state(reader.id, theirs);
    expect(after?.rev).toBe((before?.rev ?? 0) + 1);
    expect(after?.syncedAt).toBeGreaterThan(before?.last ?? 0);
    expect(state(stranger.id, other)).toEqual(strangersBefore);
    await removePrice("box/shared-model");
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
    ["a key may not", "PUT", "/api/prices/m", () => `Bearer ${member.key}`, valid, 401, "Sign in first"],
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
        ...{ sessionExternalId: "mine", externalId: `${id}`, role: "assistant", ...OPUS, tokens: OPUS_TOKENS },
        model: "mystery",
      })),
      sessions: [{ externalId: "totals alone", model: "riddle", provider: "x", tokens: { input: 70, output: 7 } }],
    });
    await setPrice("anthropic/claude-opus-4-8", { input: 1, output: 2, cacheWrite: 3 });
    const answer = await request("GET", "/api/prices", `Bearer ${member.key}`);
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
    expect(unpriced).toEqual([
      { provider: "anthropic", model: "mystery", messages: 2, sessions: 0, tokens: 26_200 },
      { provider: "x", model: "riddle", messages: 0, sessions: 1, tokens: 77 },
    ]);
  });

  test.for<readonly [who: string, authorization: () => string, status: number]>([
    ["nobody", () => "", 401],
    ["a key that may only sync", () => `Bearer ${owner.key}`, 403],
    ["a member", () => member.token, 200],
  ])("%s", async ([, authorization, status]) => {
    expect((await request("GET", "/api/prices", authorization())).status).toBe(status);
  });
});
