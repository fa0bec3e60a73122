import { setPriceAnswerSchema } from "@opensync/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Batch, type History, histories, renamed } from "../support/histories.ts";
import { push } from "../support/push.ts";
import { freshSeed } from "../support/random.ts";
import { type Rate, shippedRates } from "../support/reference-prices.ts";
import { expectedState, storedState } from "../support/server-state.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const LIMIT_MS = 18_000;
const seed = freshSeed();

const server = sharedServer();
const owner = sharedAccount(server, { role: "owner" });

const MODELS: Readonly<Record<string, string>> = { opus: "claude-opus-4-8", sonnet: "gpt-5.5" };
const TIERS: Readonly<Record<string, string>> = { alpha: "fast", beta: "Standard", gamma: "priority" };

/** The same history with models, tiers and sizes of requests that the price list knows. */
function priced(history: History): History {
  const batch = ({ sessions, messages }: Batch): Batch => ({
    sessions: sessions.map(pricedItem),
    messages: messages.map(pricedItem),
  });
  return { items: batch(history.items), requests: history.requests.map(batch) };
}

type Item = Batch["sessions"][number] | Batch["messages"][number];

function pricedItem<Some extends Item>(item: Some): Some {
  const tier = "serviceTier" in item ? item.serviceTier : undefined;
  const tokens = Object.entries(item.tokens ?? {}).map(([kind, count]) => [kind, count * 100]);
  const longLived = (item.tokens?.cacheWrite ?? 0) * 30;
  return {
    ...item,
    ...(item.model === undefined ? {} : { model: MODELS[item.model] ?? item.model }),
    ...(tier === undefined ? {} : { serviceTier: TIERS[tier] ?? tier }),
    ...(item.tokens ? { tokens: { ...Object.fromEntries(tokens), cacheWrite1h: longLived } } : {}),
    ...(item.promptTokens === undefined ? {} : { promptTokens: item.promptTokens * 100 }),
    ...(item.completionTokens === undefined ? {} : { completionTokens: item.completionTokens * 100 }),
  };
}

async function changePrice(method: "PUT" | "DELETE", body?: object) {
  const answer = await fetch(`${server.url}/api/prices/anthropic%2Fclaude-opus-4.8`, {
    method,
    headers: { Authorization: owner.token, "Content-Type": "application/json" },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return setPriceAnswerSchema.parse(JSON.parse(text)).changed;
}

const OWN = { input: 1, output: 2, cacheRead: 0.3, cacheWrite: 4, cacheWrite1h: 5.5 };
/** The owner's price counts for every tier and size. */
const withOwn: readonly Rate[] = [
  ...shippedRates.filter(({ model }) => model !== "claude-opus-4-8"),
  ...["fast", "priority", "{delta}", "[1]", "ünï\u{1F600}", undefined].map((tier) => ({
    provider: "anthropic",
    model: "claude-opus-4-8",
    ...(tier === undefined ? {} : { tier }),
    ...OWN,
  })),
];

test("any order, splitting and repetition of a history ends in the prices of the reference model, also when prices change", async () => {
  let runs = 0;
  let computed = 0;
  const property = fc.asyncProperty(histories(), async (history) => {
    runs += 1;
    const prefix = `run${runs}`;
    const { items, requests } = renamed(priced(history), prefix);
    for (const request of requests) expect((await push(server, owner.key, request)).errors).toEqual([]);
    const state = () => storedState(server, "s.externalId LIKE ?", `${prefix}-%`);
    const stored = state();
    expect(stored).toEqual(expectedState(items, stored, "", shippedRates));
    computed += Object.values(stored.messages).filter((row) => row["costSource"] === "computed").length;

    const all = { sessions: requests.flatMap((r) => r.sessions), messages: requests.flatMap((r) => r.messages) };
    expect((await push(server, owner.key, all)).changed, "all of it once more changes nothing").toEqual({
      sessions: 0,
      messages: 0,
    });
    expect(state()).toEqual(stored);

    await changePrice("PUT", OWN);
    const own = state();
    const repeated = await changePrice("PUT", OWN);
    await changePrice("DELETE");
    expect(own, "the owner's price").toEqual(expectedState(items, stored, "", withOwn));
    expect(repeated, "the same price once more").toEqual({ sessions: 0, messages: 0 });
    expect(state(), "back to the list").toEqual(stored);
  });
  await fc.assert(property, { seed, numRuns: 40, interruptAfterTimeLimit: LIMIT_MS });
  expect(computed).toBeGreaterThan(10);
}, 60_000);
