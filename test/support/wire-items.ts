import fc from "fast-check";

/** The two lists of a batch. */
export type Kind = "sessions" | "messages";

/** An item as a client may send it: not yet checked, null and unknown keys included. */
export type WireItem = Readonly<Record<string, unknown>>;

/** Stands for the number `1e999`: valid JSON that JavaScript cannot write. */
const INFINITE = "@1e999@";

/** JSON of an item, with its infinities. */
export function toJson(item: WireItem): string {
  return JSON.stringify(item).replaceAll(`"${INFINITE}"`, "1e999");
}

const text = fc.string({ unit: "binary", maxLength: 20 });

const id = fc.oneof(
  { weight: 20, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom("é".repeat(256), "x".repeat(512), "/", "%00", "'; --") },
);

const count = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.constantFrom(0, 0.5, 1.4999, Number.MAX_SAFE_INTEGER),
);

const cost = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, 1e6, 1e-9));

const data = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });

const costSource = fc.constantFrom("reported", "computed", "unknown");

const tokens = fc.record(
  {
    input: orNull(count),
    cacheRead: count,
    cacheWrite: count,
    cacheWrite1h: count,
    output: count,
    reasoning: orNull(count),
    more: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const part = fc.record(
  {
    type: fc.oneof(fc.constantFrom("text", "tool-call", "tool-result"), text),
    content: fc.jsonValue(),
    id: orNull(text),
    meta: orNull(data),
    more: fc.jsonValue(),
  },
  { requiredKeys: ["type", "content"] },
);

const todo = fc.record(
  { content: text, status: text, priority: orNull(text), more: fc.jsonValue() },
  { requiredKeys: ["content", "status"] },
);

/** What session and message have in common beside their ids. */
const shared = {
  source: orNull(text),
  device: orNull(text),
  model: orNull(text),
  provider: orNull(text),
  promptTokens: orNull(count),
  completionTokens: orNull(count),
  tokens: orNull(tokens),
  cost: orNull(cost),
  costSource: orNull(costSource),
  durationMs: orNull(count),
  createdAt: orNull(count),
  updatedAt: orNull(count),
  meta: orNull(data),
  redacted: orNull(count),
  unheardOf: fc.jsonValue(),
};

/** Sessions that the contract allows, with nulls, unknown keys, fractions and odd texts. Never a hash. */
export const validSession = fc.record(
  {
    externalId: id,
    ...shared,
    title: orNull(text),
    projectPath: orNull(text),
    projectName: orNull(text),
    gitRemote: orNull(text),
    gitBranch: orNull(text),
    gitCommit: orNull(text),
    agentVersion: orNull(text),
    parentExternalId: orNull(text),
    forkedFrom: orNull(text),
    archivedAt: orNull(count),
    todos: orNull(fc.array(todo, { maxLength: 3 })),
    messageCount: fc.jsonValue(),
    toolCallCount: fc.jsonValue(),
    totalTokens: fc.jsonValue(),
  },
  { requiredKeys: ["externalId"] },
);

/** Messages that the contract allows, likewise, each with a role. */
export const validMessage = fc.record(
  {
    sessionExternalId: id,
    externalId: id,
    role: fc.constantFrom("user", "assistant", "system", "tool", "unknown"),
    ...shared,
    textContent: orNull(text),
    parts: orNull(fc.array(part, { maxLength: 4 })),
    agent: orNull(text),
    responseId: orNull(text),
    serviceTier: orNull(text),
    removedAt: orNull(count),
    error: orNull(fc.record({ name: text, message: text })),
  },
  { requiredKeys: ["sessionExternalId", "externalId", "role"] },
);

function orNull<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> {
  return fc.option(arbitrary, { freq: 8 });
}

const NO_TEXT = [5, true, [], {}];
const NO_COUNT = [-1, 2 ** 53, INFINITE, "5", true, [], {}];
const NO_DATA = [5, "x", true, []];

const WRONG_SHARED: Readonly<Record<string, readonly unknown[]>> = {
  externalId: ["", "x".repeat(513), `${"é".repeat(256)}x`, null, ...NO_TEXT],
  source: NO_TEXT,
  device: NO_TEXT,
  model: NO_TEXT,
  provider: NO_TEXT,
  promptTokens: NO_COUNT,
  completionTokens: NO_COUNT,
  tokens: [
    5,
    "x",
    [],
    { input: -1 },
    { cacheRead: "5" },
    { output: INFINITE },
    { reasoning: 2 ** 53 },
    { cacheWrite: [] },
  ],
  cost: [-0.01, 1_000_000.01, INFINITE, "1", true, [], {}],
  costSource: ["guess", "Reported", ...NO_TEXT],
  durationMs: NO_COUNT,
  createdAt: NO_COUNT,
  updatedAt: NO_COUNT,
  meta: NO_DATA,
  hash: NO_COUNT,
  redacted: NO_COUNT,
};

const WRONG: Readonly<Record<Kind, Readonly<Record<string, readonly unknown[]>>>> = {
  sessions: {
    ...WRONG_SHARED,
    title: NO_TEXT,
    projectPath: NO_TEXT,
    projectName: NO_TEXT,
    gitRemote: NO_TEXT,
    gitBranch: NO_TEXT,
    gitCommit: NO_TEXT,
    agentVersion: NO_TEXT,
    parentExternalId: NO_TEXT,
    forkedFrom: NO_TEXT,
    archivedAt: NO_COUNT,
    todos: [
      5,
      "x",
      {},
      [5],
      ["x"],
      [null],
      [[]],
      [{ content: "x" }],
      [{ status: "x" }],
      [{ content: 5, status: "x" }],
      [{ content: "x", status: "x", priority: 5 }],
    ],
  },
  messages: {
    ...WRONG_SHARED,
    sessionExternalId: ["", "x".repeat(513), null, ...NO_TEXT],
    role: ["bot", "User", "", ...NO_TEXT],
    textContent: NO_TEXT,
    parts: [
      5,
      "x",
      {},
      [5],
      ["x"],
      [null],
      [[]],
      [{}],
      [{ type: "text" }],
      [{ content: "x" }],
      [{ type: 5, content: "x" }],
      [{ type: null, content: "x" }],
      [{ type: "text", content: "x", id: 5 }],
      [{ type: "text", content: "x", meta: [] }],
      [{ type: "text", content: "x", meta: "x" }],
      [{ type: "text", content: "x" }, { type: "text" }],
    ],
    agent: NO_TEXT,
    responseId: NO_TEXT,
    serviceTier: NO_TEXT,
    removedAt: NO_COUNT,
    error: [5, "x", [], {}, { name: "x" }, { message: "x" }, { name: 5, message: "x" }, { name: "x", message: [] }],
  },
};

/** One wrong field each. */
export const BROKEN: Readonly<Record<Kind, readonly { field: string; value: unknown }[]>> = {
  sessions: pairs(WRONG.sessions),
  messages: pairs(WRONG.messages),
};

const EDGES_OF_BOTH: readonly (readonly [json: string, verdict: "stored" | "refused"])[] = [
  ['{"externalId":"x","createdAt":-0}', "stored"],
  ['{"externalId":"x","createdAt":-0.4}', "refused"],
  ['{"externalId":"x","createdAt":1e-400}', "stored"],
  ['{"externalId":"x","createdAt":1.7E12}', "stored"],
  ['{"externalId":"x","createdAt":9007199254740991.4}', "stored"],
  ['{"externalId":"x","createdAt":18446744073709551616}', "refused"],
  ['{"externalId":"x","cost":-0.0}', "stored"],
  ['{"externalId":"x","cost":1000000.0000001}', "refused"],
  ['{"externalId":"\\u0000","model":"a\\u0000b"}', "stored"],
  ['{"externalId":"\\ud800","model":"\\udc00\\ud800"}', "stored"],
  ['{"externalId":"__proto__","__proto__":{"cost":-1},"constructor":5}', "stored"],
  ['{"externalId":"x","meta":{"__proto__":{"a":1},"cost":-1,"n":null}}', "stored"],
];

/** Items at the edges, as JSON: what no generator makes, because JavaScript writes it differently or not at all. */
export const EDGES: Readonly<Record<Kind, typeof EDGES_OF_BOTH>> = {
  sessions: [
    ...EDGES_OF_BOTH,
    ['{"sessionId":"x"}', "stored"],
    ['{"externalId":"","sessionId":"x"}', "stored"],
    ['{"externalId":null,"sessionId":"x"}', "stored"],
    ['{"externalId":"x","sessionId":5}', "stored"],
    ['{"externalId":5,"sessionId":"x"}', "refused"],
    ['{"externalId":[],"sessionId":"x"}', "refused"],
    ['{"externalId":"","sessionId":""}', "refused"],
    ['{"sessionId":5}', "refused"],
    ["{}", "refused"],
  ],
  messages: [
    ...EDGES_OF_BOTH,
    ['{"externalId":"x","timestamp":5}', "stored"],
    ['{"externalId":"x","createdAt":null,"timestamp":5}', "stored"],
    ['{"externalId":"x","createdAt":5,"timestamp":"then"}', "stored"],
    ['{"externalId":"x","createdAt":"then","timestamp":5}', "refused"],
    ['{"externalId":"x","timestamp":"2026-11-25T12:00:00Z"}', "refused"],
    ['{"externalId":"x","timestamp":1e999}', "refused"],
    [`{"externalId":"x","parts":[{"type":"deep","content":${"[".repeat(500)}1${"]".repeat(500)}}]}`, "stored"],
    ['{"externalId":"x","parts":[{"type":"","content":null,"id":null,"meta":null,"more":[null]}]}', "stored"],
  ],
};

function pairs(wrong: Readonly<Record<string, readonly unknown[]>>) {
  return Object.entries(wrong).flatMap(([field, values]) => values.map((value) => ({ field, value })));
}
