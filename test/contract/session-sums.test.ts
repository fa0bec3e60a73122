import { describe, expect, test } from "vitest";
import { expectRow, type Json } from "../support/merge-case.ts";
import { OPUS, OPUS_PRICE, OPUS_TOKENS } from "../support/priced-messages.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedKey, sharedServer } from "../support/shared.ts";
import { usageOf } from "../support/usage.ts";

const server = sharedServer();
const ann = sharedAccount(server, { role: "owner", scope: "full", device: "laptop" });
const desktop = sharedKey(server, ann, { device: "desktop" });

/** Items for one session, without its id. */
interface Request {
  readonly session?: Json;
  readonly messages?: readonly Json[];
}

/** Requests for one session, and what it shows after all of them. */
interface SumCase {
  readonly name: string;
  readonly requests: readonly Request[];
  readonly row: Json;
}

const reported = (externalId: string, fields: Json = {}): Json => ({
  ...{ externalId, tokens: { input: 10, cacheRead: 20, cacheWrite: 30, cacheWrite1h: 5, output: 40, reasoning: 4 } },
  ...{ cost: 0.25, costSource: "reported", ...fields },
});
/** Of a model that no price list has. */
const unknown = (externalId: string, fields: Json = {}): Json => ({
  ...{ externalId, model: "mystery", tokens: { input: 100, output: 10 }, ...fields },
});
const NOTHING = { promptTokens: 0, completionTokens: 0, tokensInput: 0, cost: 0, costSource: "", unpricedMessages: 0 };
const ONE = { promptTokens: 60, completionTokens: 40, tokensInput: 10, cost: 0.25, costSource: "computed" };

let sessions = 0;

/** Requests for a session that no other test has. */
function forNewSession(requests: readonly Request[]) {
  sessions += 1;
  const externalId = `session-${sessions}`;
  const batches = requests.map(({ session, messages = [] }) => ({
    sessions: session ? [{ externalId, ...session }] : [],
    messages: messages.map((message) => ({ role: "assistant", sessionExternalId: externalId, ...message })),
  }));
  return { externalId, batches };
}

async function pushNew(...requests: readonly Request[]): Promise<string> {
  const { externalId, batches } = forNewSession(requests);
  for (const batch of batches) expect((await push(server, ann.key, batch)).errors).toEqual([]);
  return externalId;
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

/** Cases whose requests may come in any order. */
const ANY_ORDER: readonly SumCase[] = [
  {
    name: "messages alone: their tokens of every kind and their costs",
    requests: [{ messages: [reported("a")] }, { messages: [reported("b"), { externalId: "c", role: "user" }] }],
    row: {
      ...{ promptTokens: 120, completionTokens: 80, tokensInput: 20, tokensCacheRead: 40, tokensCacheWrite: 60 },
      ...{ tokensCacheWrite1h: 10, tokensOutput: 80, tokensReasoning: 8 },
      ...{ cost: 0.5, costSource: "computed", unpricedMessages: 0, messageCount: 3 },
    },
  },
  {
    name: "messages of which some tell their tokens without the kinds",
    requests: [
      { messages: [reported("a")] },
      { messages: [{ externalId: "b", promptTokens: 7, completionTokens: 3 }] },
    ],
    row: { ...ONE, promptTokens: 67, completionTokens: 43, unpricedMessages: 1 },
  },
  {
    name: "messages without tokens and costs: nothing",
    requests: [{ messages: [{ externalId: "a", role: "user" }] }, { session: { title: "T" } }],
    row: NOTHING,
  },
  {
    name: "a partial of the session that tells nothing of it changes nothing",
    requests: [{ messages: [reported("a")] }, { session: { title: "T", promptTokens: 0, cost: 0 } }],
    row: { ...ONE, title: "T" },
  },
  {
    name: "a split by kind of the session counts instead, with all of its zeros",
    requests: [{ messages: [reported("a")] }, { session: { tokens: { input: 3 } } }, { session: { title: "T" } }],
    row: { ...ONE, promptTokens: 3, completionTokens: 0, tokensInput: 3, tokensCacheRead: 0, tokensOutput: 0 },
  },
  {
    name: "a split of zeros is said too",
    requests: [{ messages: [reported("a")] }, { session: { tokens: {} } }],
    row: { ...ONE, promptTokens: 0, completionTokens: 0, tokensInput: 0 },
  },
  {
    name: "one sum of the session counts instead of all that its messages say",
    requests: [{ messages: [reported("a")] }, { session: { promptTokens: 9 } }],
    row: { ...ONE, promptTokens: 9, completionTokens: 0, tokensInput: 0, tokensCacheRead: 0, tokensReasoning: 0 },
  },
  {
    name: "both sums of the session, one after the other",
    requests: [{ session: { promptTokens: 9 } }, { messages: [reported("a")] }, { session: { completionTokens: 8 } }],
    row: { ...ONE, promptTokens: 9, completionTokens: 8, tokensInput: 0 },
  },
  {
    name: "a cost that the agent reports counts instead",
    requests: [
      { messages: [reported("a")] },
      { session: { cost: 3, costSource: "reported" } },
      { messages: [unknown("b")] },
    ],
    row: { cost: 3, costSource: "reported", unpricedMessages: 0, promptTokens: 160 },
  },
  {
    name: "a figure that nobody vouches for does not",
    requests: [{ messages: [reported("a")] }, { session: { cost: 3 } }, { session: { costSource: "unknown" } }],
    row: ONE,
  },
  {
    name: "but it counts where no message has a known cost",
    requests: [{ messages: [unknown("a")] }, { session: { cost: 3 } }],
    row: { promptTokens: 100, cost: 3, costSource: "computed", unpricedMessages: 0 },
  },
  {
    name: "costs that are reported, computed by the server, computed by a client and unknown: the known ones",
    requests: [
      { messages: [reported("a"), unknown("b")] },
      { messages: [{ externalId: "c", ...OPUS, tokens: OPUS_TOKENS }, unknown("d", { cost: 0.5 })] },
      { messages: [{ externalId: "e", role: "user" }, unknown("f")] },
    ],
    row: { cost: 0.25 + OPUS_PRICE + 0.5, costSource: "computed", unpricedMessages: 2 },
  },
  {
    name: "costs of messages are exact where the price of the session's totals is not",
    requests: [
      { session: { ...OPUS, tokens: { input: 1_000_000 } } },
      { messages: [{ externalId: "a", ...OPUS, tokens: OPUS_TOKENS }] },
    ],
    row: { tokensInput: 1_000_000, cost: OPUS_PRICE, costSource: "computed" },
  },
  {
    name: "no known cost is no cost of zero",
    requests: [{ messages: [unknown("a")] }, { messages: [unknown("b")] }],
    row: { promptTokens: 200, completionTokens: 20, cost: 0, costSource: "unknown", unpricedMessages: 0 },
  },
  {
    name: "messages that were removed in the agent are included: they were paid",
    requests: [{ messages: [reported("a"), reported("b")] }, { messages: [reported("b", { removedAt: 5 })] }],
    row: { promptTokens: 120, cost: 0.5, messageCount: 1 },
  },
  {
    name: "a snapshot of the session without tokens and cost",
    requests: [{ session: { hash: 5, updatedAt: 5 } }, { messages: [reported("a", { hash: 7 })] }],
    row: { ...ONE, hash: 5 },
  },
  {
    name: "a snapshot with both",
    requests: [
      { session: { hash: 5, updatedAt: 5, tokens: { output: 1 }, cost: 3, costSource: "reported" } },
      { messages: [reported("a", { hash: 7 })] },
    ],
    row: { promptTokens: 0, completionTokens: 1, tokensInput: 0, cost: 3, costSource: "reported" },
  },
  {
    name: "the newest of the snapshots of a session: it tells nothing any more",
    requests: [
      { session: { hash: 5, updatedAt: 5, tokens: { output: 1 }, cost: 3, costSource: "reported" } },
      { messages: [reported("a", { hash: 7 })] },
      { session: { hash: 6, updatedAt: 6 } },
    ],
    row: { ...ONE, hash: 6 },
  },
  {
    name: "the newest of the snapshots of a message: it carries nothing any more",
    requests: [
      { messages: [reported("a", { hash: 7, updatedAt: 1 })] },
      { messages: [{ externalId: "a", hash: 8, updatedAt: 2 }] },
    ],
    row: NOTHING,
  },
  {
    name: "what its messages lose: then the price of the session's own totals is back",
    requests: [
      { messages: [reported("a", { hash: 7, updatedAt: 1 })] },
      // Nobody has asked yet what this name of the model means: there is a sum when it comes.
      { session: { model: "anthropic/claude-opus-4.8", tokens: OPUS_TOKENS } },
      { messages: [{ externalId: "a", hash: 8, updatedAt: 2 }] },
    ],
    row: { promptTokens: 13_000, cost: OPUS_PRICE, costSource: "computed", unpricedMessages: 0 },
  },
  {
    name: "what its messages lose: then a client's own figure is back",
    requests: [
      { session: { cost: 3, promptTokens: 5 } },
      { messages: [reported("a", { hash: 7, updatedAt: 1 })] },
      { messages: [unknown("a", { hash: 8, updatedAt: 2 })] },
    ],
    row: { promptTokens: 5, cost: 3, costSource: "computed", unpricedMessages: 0 },
  },
  {
    name: "what its messages lose: then unknown is unknown",
    requests: [
      { session: { costSource: "unknown" } },
      { messages: [reported("a", { hash: 7, updatedAt: 1 })] },
      { messages: [{ externalId: "a", hash: 8, updatedAt: 2 }] },
    ],
    row: { ...NOTHING, costSource: "unknown" },
  },
];

describe("a session shows,", () => {
  test.for(ANY_ORDER)("in any order: $name", async ({ requests, row }) => {
    for (const order of permutations(requests)) {
      const { externalId, batches } = forNewSession(order);
      for (const batch of batches) expect((await push(server, ann.key, batch)).errors).toEqual([]);
      expectRow(server, "sessions", externalId, row);
      const whole = () => server.query("SELECT * FROM sessions WHERE externalId = ?", externalId);
      const before = whole();
      for (const batch of batches) {
        expect((await push(server, ann.key, batch)).changed, "the same once more").toEqual({
          sessions: 0,
          messages: 0,
        });
      }
      expect(whole()).toEqual(before);
    }
  });

  test.for(ANY_ORDER)("in one request: $name", async ({ requests, row }) => {
    const { externalId, batches } = forNewSession(requests);
    const request = { sessions: batches.flatMap((b) => b.sessions), messages: batches.flatMap((b) => b.messages) };
    expect((await push(server, ann.key, request)).errors).toEqual([]);
    expectRow(server, "sessions", externalId, row);
    expect((await push(server, ann.key, request)).changed).toEqual({ sessions: 0, messages: 0 });
  });

  test("the messages of all devices", async () => {
    const { externalId, batches } = forNewSession([{ messages: [reported("a")] }, { messages: [reported("b")] }]);
    for (const [index, key] of [ann.key, desktop.key].entries()) await push(server, key, batches[index] ?? {});
    expectRow(server, "sessions", externalId, {
      ...ONE,
      promptTokens: 120,
      completionTokens: 80,
      tokensInput: 20,
      cost: 0.5,
    });
  });

  test("none of what its sub-agents said, and all of what it repeats; usage counts that once", async () => {
    const before = (await usageOf(ann, "by=agent")).totals;
    const parent = await pushNew({ messages: [reported("a", { responseId: "paid-once" })] });
    const child = await pushNew({ session: { parentExternalId: parent }, messages: [reported("c")] });
    const fork = await pushNew({
      session: { forkedFrom: parent },
      messages: [reported("a", { responseId: "paid-once" })],
    });
    for (const session of [parent, child, fork]) expectRow(server, "sessions", session, ONE);
    const { totals } = await usageOf(ann, "by=agent");
    expect([totals.tokens.total - before.tokens.total, totals.cost - before.cost]).toEqual([200, 0.5]);
  });
});
