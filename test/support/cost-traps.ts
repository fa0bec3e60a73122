import type { Message, Session } from "@opensync/client";

// Mistakes that other tools made with real bills, each as the items that reach the server and the right answer.

/** What is asked of the usage of a trap. */
interface Answer {
  /** Paid responses. */
  readonly responses: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** USD of what has a price. */
  readonly cost: number;
  /** Responses without a price. */
  readonly unpriced?: number;
}

export interface CostTrap {
  readonly name: string;
  readonly sessions?: readonly Session[];
  readonly messages: readonly Message[];
  readonly answer: Answer;
}

const CREATED_AT = 1_790_000_000_000;
let hash = 0;

/** A response of a model: a snapshot, as our clients send it. */
function response(session: string, id: string, fields: Partial<Message>): Message {
  hash += 1;
  return {
    ...{
      sessionExternalId: session,
      externalId: id,
      role: "assistant",
      hash,
      createdAt: CREATED_AT,
      updatedAt: CREATED_AT,
    },
    ...{ model: "claude-sonnet-4-5", provider: "anthropic", responseId: id, costSource: "unknown" },
    ...fields,
  };
}

const codex = { model: "gpt-5.5", provider: "openai" };
/** 1000 × 3 + 100 × 15 per million. */
const SONNET_1000_100 = 0.0045;
const sonnet = (responseId: string, fields: Partial<Message> = {}) => ({
  ...{ responseId, tokens: { input: 1000, output: 100 } },
  ...fields,
});

export const COST_TRAPS: readonly CostTrap[] = [
  {
    name: "1: reasoning is inside the output and is not added to it",
    messages: [response("s", "r1", { ...codex, tokens: { input: 0, output: 1000, reasoning: 800 } })],
    answer: { responses: 1, promptTokens: 0, completionTokens: 1000, cost: 0.03 },
  },
  {
    name: "2: a fork or a sub-agent repeats its parent's responses under new times",
    messages: [
      response("parent", "m1", sonnet("r1")),
      response("parent", "m2", sonnet("r2")),
      response("fork", "m1", sonnet("r1", { createdAt: CREATED_AT + 86_400_000 })),
      response("fork", "m2", sonnet("r2", { createdAt: CREATED_AT + 86_400_000 })),
      response("fork", "m3", sonnet("r3", { createdAt: CREATED_AT + 86_400_001 })),
    ],
    answer: { responses: 3, promptTokens: 3000, completionTokens: 300, cost: 0.0135 },
  },
  {
    name: "3: two lanes write into one session by turns, while its running total counts both",
    sessions: [
      { externalId: "s", hash: 1, updatedAt: 1, model: "claude-sonnet-4-5", tokens: { input: 25_040, output: 2_504 } },
    ],
    messages: ["a1", "b1", "a2", "b2"].map((id) => response("s", id, sonnet(id, { agent: id.slice(0, 1) }))),
    answer: { responses: 4, promptTokens: 4000, completionTokens: 400, cost: 4 * SONNET_1000_100 },
  },
  {
    name: "4: the same counts are written twice",
    messages: [
      response("s", "line 1", sonnet("r1")),
      response("s", "line 2", sonnet("r1")),
      response("s", "line 3", sonnet("r2")),
    ],
    answer: { responses: 2, promptTokens: 2000, completionTokens: 200, cost: 2 * SONNET_1000_100 },
  },
  {
    name: "5: writing into a cache has its own price, and so has a large request, each by itself",
    messages: [
      // 100k × 4 + 100k × 0.4 + 72k × 5 + 1k × 20: 272k is not more than 272k.
      response("s", "r1", {
        ...{ model: "gpt-5.6-sol", provider: "openai" },
        tokens: { input: 100_000, cacheRead: 100_000, cacheWrite: 72_000, output: 1000 },
      }),
      // 100k × 8 + 100k × 0.8 + 72,001 × 10 + 1k × 30
      response("s", "r2", {
        ...{ model: "gpt-5.6-sol", provider: "openai" },
        tokens: { input: 100_000, cacheRead: 100_000, cacheWrite: 72_001, output: 1000 },
      }),
    ],
    answer: { responses: 2, promptTokens: 544_001, completionTokens: 2000, cost: 0.82 + 1.63001 },
  },
  {
    name: "6: one response is written in several rows, whose last alone has all of its output",
    messages: [
      response("s", "line 1", { responseId: "msg_1", tokens: { input: 4, cacheRead: 2000, output: 1 } }),
      response("s", "line 2", { responseId: "msg_1", tokens: { input: 4, cacheRead: 2000, output: 900 } }),
      response("s", "line 3", { responseId: "msg_1", tokens: { input: 3, cacheRead: 9000, output: 200 } }),
    ],
    // 4 × 3 + 2000 × 0.3 + 900 × 15: one row as a whole, never the largest of each column.
    answer: { responses: 1, promptTokens: 2004, completionTokens: 900, cost: 0.014112 },
  },
  {
    name: "7: rows of a gateway or a sub-agent lack the request's id, and are still one response",
    messages: [
      response("s", "line 1", sonnet("msg_1", { meta: { requestId: "req_1" } })),
      response("s", "line 2", sonnet("msg_1")),
      response("sub-agent", "line 1", sonnet("msg_1")),
    ],
    answer: { responses: 1, promptTokens: 1000, completionTokens: 100, cost: SONNET_1000_100 },
  },
  {
    name: "8: a fork in OpenCode copies messages under new ids, and the totals of its session contain them",
    sessions: [
      {
        externalId: "origin",
        hash: 1,
        updatedAt: 1,
        cost: 0.5,
        costSource: "reported",
        tokens: { input: 9, output: 9 },
      },
      {
        externalId: "fork",
        hash: 2,
        updatedAt: 1,
        cost: 0.7,
        costSource: "reported",
        tokens: { input: 99, output: 99 },
      },
    ],
    messages: [
      response("origin", "msg_a", sonnet("digest", { cost: 0.5, costSource: "reported" })),
      response("fork", "msg_b", sonnet("digest", { cost: 0.5, costSource: "reported" })),
    ],
    answer: { responses: 1, promptTokens: 1000, completionTokens: 100, cost: 0.5 },
  },
  {
    name: "9: input without the cache is not all of the input",
    messages: [
      // 200 × 3 + 50k × 0.3 + 5k × 3.75 + 2k × 6 + 100 × 15: what is kept for an hour costs more.
      response("s", "r1", {
        tokens: { input: 200, cacheRead: 50_000, cacheWrite: 7000, cacheWrite1h: 2000, output: 100 },
      }),
    ],
    answer: { responses: 1, promptTokens: 57_200, completionTokens: 100, cost: 0.04785 },
  },
  {
    name: "10: a session is counted again when it moves or is resumed, and a model that is none has no price",
    messages: [
      response("before", "msg_1", sonnet("msg_1")),
      response("after", "msg_1", sonnet("msg_1", { createdAt: CREATED_AT + 1 })),
      response("after", "msg_2", sonnet("msg_2")),
      response("after", "msg_3", sonnet("msg_3", { model: "<synthetic>" })),
    ],
    answer: { responses: 3, promptTokens: 3000, completionTokens: 300, cost: 2 * SONNET_1000_100, unpriced: 1 },
  },
  {
    name: "11: an agent that keeps no tokens has no cost, not a cost of nothing",
    messages: [response("s", "r1", { model: "default", provider: "cursor", cost: 0 })],
    answer: { responses: 1, promptTokens: 0, completionTokens: 0, cost: 0, unpriced: 1 },
  },
];
