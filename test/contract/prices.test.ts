import { type Message, usageSchema } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { COST_TRAPS } from "../support/cost-traps.ts";
import {
  costOf,
  ITEM_KINDS,
  newSessionName,
  OPUS,
  OPUS_PRICE,
  OPUS_TOKENS,
  pushOne,
} from "../support/priced-messages.ts";
import { push } from "../support/push.ts";
import { createKey, createUser } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server);

describe.each(Object.entries(ITEM_KINDS))("a %s", (_, kind) => {
  test.for<readonly [name: string, fields: Partial<Message>, cost: number, costSource: string]>([
    ["without a cost is priced by kind and life of the cache", { tokens: OPUS_TOKENS }, OPUS_PRICE, "computed"],
    ["that says unknown is priced", { tokens: OPUS_TOKENS, costSource: "unknown" }, OPUS_PRICE, "computed"],
    [
      "with a client's own figure has the server's price",
      { tokens: OPUS_TOKENS, cost: 9, costSource: "computed" },
      OPUS_PRICE,
      "computed",
    ],
    ["of an old client with a figure has the server's price", { tokens: OPUS_TOKENS, cost: 9 }, OPUS_PRICE, "computed"],
    [
      "that reports 0 for its tokens: OPUS_TOKENS reports nothing",
      { tokens: OPUS_TOKENS, cost: 0, costSource: "reported" },
      OPUS_PRICE,
      "computed",
    ],
    ["that reports a cost keeps it", { tokens: OPUS_TOKENS, cost: 9, costSource: "reported" }, 9, "reported"],
    ["without tokens: OPUS_TOKENS is not priced", { textContent: "hi" }, 0, ""],
    [
      "whose tokens: OPUS_TOKENS are not told by kind is unknown",
      { promptTokens: 1000, completionTokens: 100 },
      0,
      "unknown",
    ],
    ["of an unknown model is unknown", { tokens: OPUS_TOKENS, model: "claude-opus-4-88" }, 0, "unknown"],
    ["of an unknown model has a client's own figure", { tokens: OPUS_TOKENS, model: "opus", cost: 9 }, 9, "computed"],
    [
      "in the ordinary tier costs what it costs",
      { tokens: OPUS_TOKENS, serviceTier: "standard" },
      OPUS_PRICE,
      "computed",
    ],
    ["in a faster tier costs more", { tokens: OPUS_TOKENS, serviceTier: "fast" }, 2 * OPUS_PRICE, "computed"],
    ["in a tier that the list does not know is unknown", { tokens: OPUS_TOKENS, serviceTier: "turbo" }, 0, "unknown"],
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
    const session = await pushOne(server, ann.key, { ...kind, ...OPUS, ...fields });
    expect(costOf(server, session)).toEqual([cost, costSource]);
  });
});

function deepseek(createdAt: number): Partial<Message> {
  return { provider: "deepseek", model: "deepseek-v4-pro", createdAt };
}

test("an answer costs what Claude Code itself has billed for it", async () => {
  const billed = { input: 15, cacheRead: 30_800, cacheWrite: 3_150, cacheWrite1h: 3_150, output: 420 };
  const session = await pushOne(server, ann.key, {
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    tokens: billed,
  });
  expect(costOf(server, session)).toEqual([0.034485, "computed"]);
});

test("partials are priced by what they have become, in any order", async () => {
  const parts = [
    { tokens: OPUS_TOKENS },
    { model: OPUS.model },
    { cost: 9 },
    { serviceTier: "fast" },
    { provider: "anthropic" },
  ];
  for (const order of [parts, parts.toReversed(), [...parts.slice(2), ...parts.slice(0, 2)]]) {
    const session = newSessionName();
    for (const part of order) {
      await push(server, ann.key, {
        messages: [{ sessionExternalId: session, externalId: "m", role: "assistant", ...part }],
      });
    }
    expect(costOf(server, session)).toEqual([2 * OPUS_PRICE, "computed"]);
  }
});

test("a session is priced by its own totals, in the smallest size of request", async () => {
  const session = newSessionName();
  const totals = { input: 1_000_000, output: 1000 };
  await push(server, ann.key, {
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
    const { totals } = usageSchema.parse(
      await (await fetch(`${server.url}/api/usage`, { headers: { Authorization: user.token } })).json(),
    );
    expect({ messages: totals.messages, tokens: totals.tokens.total, cost: totals.cost }).toEqual({
      messages: answer.responses,
      tokens: answer.promptTokens + answer.completionTokens,
      cost: answer.cost,
    });
    expect(totals.unpriced.messages + totals.unpriced.sessions).toBe(answer.unpriced ?? 0);
  });
});
