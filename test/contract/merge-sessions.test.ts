import { describe, expect, test } from "vitest";
import { expectRow, type MergeCase } from "../support/merge-case.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// The merge rules one by one: what the row of a session is after some items, each in a request of its own.

const server = sharedServer();
const ann = sharedAccount(server, { device: "laptop" });
let cases = 0;

const HASH = 0x12345;

const SESSIONS: readonly MergeCase[] = [
  {
    name: "what a partial leaves out stays",
    items: [{ title: "T", model: "m" }, { title: "U" }],
    row: { title: "U", model: "m" },
  },
  { name: "an empty text is absent", items: [{ title: "T" }, { title: "" }], row: { title: "T" } },
  {
    name: "null is absent",
    items: [
      { title: "T", tokens: { input: 5 } },
      { title: null, tokens: null },
    ],
    row: { title: "T", tokensInput: 5 },
  },
  {
    name: "tokens of 0 never replace positive ones",
    items: [{ promptTokens: 5 }, { promptTokens: 0 }],
    row: { promptTokens: 5 },
  },
  {
    name: "tokens by kind replace all, zeros too",
    items: [{ promptTokens: 5, completionTokens: 6 }, { tokens: { input: 0 } }],
    row: { promptTokens: 0, completionTokens: 0 },
  },
  {
    name: "sums say nothing where kinds are known",
    items: [
      { tokens: { input: 1, cacheRead: 2, cacheWrite: 4, cacheWrite1h: 3, output: 8, reasoning: 5 } },
      { promptTokens: 99 },
    ],
    row: { promptTokens: 7, completionTokens: 8, tokensCacheWrite1h: 3, tokensReasoning: 5 },
  },
  { name: "a figure without a source is computed", items: [{ cost: 0.5 }], row: { cost: 0.5, costSource: "computed" } },
  {
    name: "a cost of 0 without a source is none",
    items: [{ cost: 0.5 }, { cost: 0 }],
    row: { cost: 0.5, costSource: "computed" },
  },
  {
    name: "tokens without a figure cost nobody knows what",
    items: [{ promptTokens: 5, cost: 0 }],
    row: { costSource: "unknown" },
  },
  { name: "nothing to price has no source", items: [{ title: "T" }], row: { cost: 0, costSource: "" } },
  {
    name: "0 reported for tokens is no figure",
    items: [{ promptTokens: 5, cost: 0, costSource: "reported" }],
    row: { costSource: "unknown" },
  },
  {
    name: "0 reported without tokens is one",
    items: [{ cost: 0.5 }, { cost: 0, costSource: "reported" }],
    row: { cost: 0, costSource: "reported" },
  },
  {
    name: "a reported figure is final",
    items: [{ cost: 0.5, costSource: "reported" }, { cost: 0.7, costSource: "computed" }, { cost: 0.8 }],
    row: { cost: 0.5, costSource: "reported" },
  },
  {
    name: "fractions are rounded",
    items: [{ durationMs: 1.5, promptTokens: 2.4, createdAt: 1e12 + 0.5 }],
    row: { durationMs: 2, promptTokens: 2, createdAt: 1e12 + 1 },
  },
  {
    name: "a stated createdAt moves only to earlier",
    items: [{ createdAt: 300 }, { createdAt: 200 }, { createdAt: 400 }],
    row: { createdAt: 200 },
  },
  {
    name: "a stated createdAt replaces the guess",
    items: [{ title: "T" }, { createdAt: 9e12 }],
    row: { createdAt: 9e12, updatedAt: 9e12 },
  },
  { name: "updatedAt moves only to later", items: [{ updatedAt: 300 }, { updatedAt: 200 }], row: { updatedAt: 300 } },
  { name: "an unnamed source is a guess", items: [{ title: "T" }], row: { source: "opencode" } },
  {
    name: "a stated source replaces the guess",
    items: [{ title: "T" }, { source: "pi" }, { title: "U" }],
    row: { source: "pi" },
  },
  { name: "cursor-sync is stored as cursor", items: [{ source: "cursor-sync" }], row: { source: "cursor" } },
  { name: "the key's device stands in", items: [{ title: "T" }], row: { device: "laptop" } },
  {
    name: "a stated device replaces the key's and stays",
    items: [{ title: "T" }, { device: "desk" }, { title: "U" }],
    row: { device: "desk" },
  },
  {
    name: "the project is named after its folder",
    items: [{ projectPath: "C:\\work\\app\\" }],
    row: { projectName: "app" },
  },
  {
    name: "a stated project name stays",
    items: [{ projectPath: "/a/b", projectName: "B" }, { projectPath: "/a/c" }],
    row: { projectPath: "/a/c", projectName: "B" },
  },
  {
    name: "why it ended goes to meta, which is kept member by member",
    items: [{ meta: { a: 1, b: null } }, { endReason: "logout" }, { meta: { a: 2 } }],
    row: { meta: '{"a":2,"b":null,"endReason":"logout"}' },
  },
  {
    name: "todos are replaced as a whole",
    items: [{ todos: [{ content: "a", status: "x" }] }, { todos: [] }],
    row: { todos: "[]" },
  },
  {
    name: "a snapshot clears what it leaves out",
    items: [
      { title: "T", model: "m", todos: [], meta: {} },
      { title: "U", hash: HASH, updatedAt: 5 },
    ],
    row: { title: "U", model: "", todos: null, meta: null, hash: HASH },
  },
  {
    name: "a partial never changes a snapshot",
    items: [
      { title: "T", hash: HASH },
      { title: "U", cost: 1 },
    ],
    row: { title: "T", cost: 0 },
  },
  {
    name: "an older snapshot changes nothing",
    items: [
      { title: "T", hash: HASH, updatedAt: 5 },
      { title: "U", hash: 1, updatedAt: 4 },
    ],
    row: { title: "T", hash: HASH, updatedAt: 5 },
  },
  {
    name: "of two snapshots of one version the later stays",
    items: [
      { title: "T", hash: HASH, updatedAt: 5 },
      { title: "U", hash: 1, updatedAt: 5 },
    ],
    row: { title: "U", hash: 1 },
  },
  {
    name: "a snapshot's createdAt replaces, to later too",
    items: [{ createdAt: 200 }, { createdAt: 300, hash: HASH }],
    row: { createdAt: 300 },
  },
  {
    name: "an equal hash moves the version, not the content",
    items: [
      { title: "T", hash: HASH, updatedAt: 5 },
      { title: "never", hash: HASH, updatedAt: 9 },
    ],
    row: { title: "T", updatedAt: 9 },
  },
  {
    name: "more masking wins, also from an older version",
    items: [
      { title: "secret", hash: HASH, updatedAt: 5 },
      { title: "▮", hash: HASH, updatedAt: 4, redacted: 1 },
    ],
    row: { title: "▮", redacted: 1, updatedAt: 5 },
  },
  {
    name: "less masking never unmasks",
    items: [
      { title: "▮", hash: HASH, updatedAt: 5, redacted: 1 },
      { title: "secret", hash: HASH, updatedAt: 6 },
    ],
    row: { title: "▮", redacted: 1, updatedAt: 6 },
  },
  {
    name: "what was observed is never cleared by absence",
    items: [
      { gitBranch: "main", device: "desk", hash: HASH, updatedAt: 5 },
      { hash: 1, updatedAt: 6 },
    ],
    row: { gitBranch: "main", device: "desk", hash: 1 },
  },
  {
    name: "what was observed is taken beside an equal hash",
    items: [
      { hash: HASH, updatedAt: 5 },
      { gitBranch: "main", hash: HASH, updatedAt: 5 },
    ],
    row: { gitBranch: "main" },
  },
  {
    name: "an older snapshot only fills in what nobody observed",
    items: [
      { gitBranch: "new", hash: HASH, updatedAt: 5 },
      { gitBranch: "old", gitCommit: "c0ffee", hash: 1, updatedAt: 4 },
    ],
    row: { gitBranch: "new", gitCommit: "c0ffee", hash: HASH },
  },
  { name: "a hash of 0 is none", items: [{ title: "T", hash: 0 }, { title: "U" }], row: { title: "U", hash: 0 } },
];

describe("sessions:", () => {
  test.for(SESSIONS)("$name", async ({ items, row }) => {
    cases += 1;
    const externalId = `session-${cases}`;
    for (const [index, item] of items.entries()) {
      const id = index % 2 === 0 ? { sessionId: externalId } : { externalId };
      expect(await push(server, ann.key, { sessions: [{ ...id, ...item }] })).toMatchObject({
        sessions: 1,
        errors: [],
      });
    }
    expectRow(server, "sessions", externalId, row);
  });

  test.for(SESSIONS)("in one list: $name", async ({ items, row }) => {
    cases += 1;
    const externalId = `session-${cases}`;
    const answer = await push(server, ann.key, { sessions: items.map((item) => ({ ...item, externalId })) });
    expect(answer).toMatchObject({ sessions: items.length, errors: [], changed: { sessions: 1 } });
    expectRow(server, "sessions", externalId, row);
  });
});
