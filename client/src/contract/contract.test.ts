import { describe, expect, test } from "vitest";
import { createKeyRequestSchema } from "./api-key.ts";
import { batchAnswerSchema, batchRequestSchema } from "./batch.ts";
import { explainIssues } from "./explain.ts";
import { healthSchema } from "./health.ts";
import { messageSchema } from "./message.ts";
import { partSchema } from "./part.ts";
import { toolCallContentSchema, toolResultContentSchema } from "./part-contents.ts";
import { sessionSchema } from "./session.ts";
import { sessionsListSchema } from "./sessions-list.ts";

const session = { externalId: "s1" };
const message = { sessionExternalId: "s1", externalId: "m1", role: "user" };

describe("a session", () => {
  test.each<[name: string, input: unknown, output: unknown]>([
    ["needs no more than its id", session, session],
    ["may be called by its old alias", { sessionId: "s1" }, session],
    ["goes by its own id when the alias says another", { externalId: "s1", sessionId: "x" }, session],
    ["with an empty id goes by the alias", { externalId: "", sessionId: "s1" }, session],
    ["ignores keys that nobody knows", { ...session, endReason: 7, messageCount: "x", new: {} }, session],
    ["takes null for absent", { ...session, title: null, tokens: null, todos: null, meta: null }, session],
    ["keeps null inside meta", { ...session, meta: { a: null } }, { ...session, meta: { a: null } }],
    [
      "takes null members of tokens for absent",
      { ...session, tokens: { input: 1, output: null } },
      { ...session, tokens: { input: 1 } },
    ],
    [
      "rounds fractions half up",
      { ...session, durationMs: 2.5, createdAt: 1.4999 },
      { ...session, durationMs: 3, createdAt: 1 },
    ],
    [
      "takes the largest count",
      { ...session, createdAt: 9007199254740991 },
      { ...session, createdAt: 9007199254740991 },
    ],
    ["takes the largest cost", { ...session, cost: 1_000_000 }, { ...session, cost: 1_000_000 }],
    ["takes an id of 512 bytes", { externalId: "é".repeat(256) }, { externalId: "é".repeat(256) }],
  ])("%s", (_name, input, output) => {
    expect(sessionSchema.parse(input)).toEqual(output);
  });

  test.each<[name: string, input: unknown, why: string]>([
    ["without an id", {}, "externalId: expected string"],
    ["with an empty id", { externalId: "" }, "externalId: expected at least 1"],
    ["with an id of 513 bytes", { externalId: `${"é".repeat(256)}x` }, "externalId: expected at most 512 bytes"],
    ["with a number for an id", { externalId: 1 }, "externalId: expected string"],
    ["with a number for a title", { ...session, title: 1 }, "title: expected string"],
    ["with a count below 0", { ...session, durationMs: -1 }, "durationMs: expected at least 0"],
    ["with a count above 2^53−1", { ...session, createdAt: 2 ** 53 }, "createdAt: expected at most 9007199254740991"],
    ["with an infinite count", { ...session, createdAt: Number.POSITIVE_INFINITY }, "createdAt: expected number"],
    ["with a cost above a million", { ...session, cost: 1_000_001 }, "cost: expected at most 1000000"],
    ["with an infinite cost", { ...session, cost: Number.POSITIVE_INFINITY }, "cost: expected number"],
    [
      "with another costSource",
      { ...session, costSource: "guess" },
      "costSource: expected reported or computed or unknown",
    ],
    ["with a text for tokens", { ...session, tokens: "5" }, "tokens: expected object"],
    ["with a list for tokens", { ...session, tokens: [] }, "tokens: expected object"],
    ["with a text for a token count", { ...session, tokens: { input: "5" } }, "tokens.input: expected number"],
    ["with a todo without content", { ...session, todos: [{ status: "open" }] }, "todos[0].content: expected string"],
    ["with a list for meta", { ...session, meta: [] }, "meta: expected record"],
    ["that is a list", [], "the value: expected object"],
    ["that is null", null, "the value: expected object"],
  ])("%s is refused", (_name, input, why) => {
    expect(refusal(sessionSchema.safeParse(input))).toBe(why);
  });
});

describe("a message", () => {
  test.each<[name: string, input: unknown, output: unknown]>([
    ["may come without a role", { ...message, role: null }, { sessionExternalId: "s1", externalId: "m1" }],
    ["may call its time by the old alias", { ...message, timestamp: 5 }, { ...message, createdAt: 5 }],
    [
      "goes by its own time when the alias says another",
      { ...message, createdAt: 4, timestamp: 5 },
      { ...message, createdAt: 4 },
    ],
    [
      "takes the alias when its own time is null",
      { ...message, createdAt: null, timestamp: 5 },
      { ...message, createdAt: 5 },
    ],
    ["may be empty", { ...message, textContent: "", parts: [] }, { ...message, textContent: "", parts: [] }],
    ["takes null for an absent list of parts", { ...message, parts: null }, message],
  ])("%s", (_name, input, output) => {
    expect(messageSchema.parse(input)).toEqual(output);
  });

  test.each<[name: string, input: unknown, why: string]>([
    ["without a session", { externalId: "m1" }, "sessionExternalId: expected string"],
    ["with another role", { ...message, role: "bot" }, "role: expected user or assistant or system or tool or unknown"],
    ["with a part that is a text", { ...message, parts: ["x"] }, "parts[0]: expected object"],
    ["with a part without type", { ...message, parts: [{ content: 1 }] }, "parts[0].type: expected string"],
    ["with an object for parts", { ...message, parts: {} }, "parts: expected array"],
    ["with a text for an error", { ...message, error: "x" }, "error: expected object"],
    ["with a text for a time", { ...message, timestamp: "2026-01-01" }, "createdAt: expected number"],
  ])("%s is refused", (_name, input, why) => {
    expect(refusal(messageSchema.safeParse(input))).toBe(why);
  });
});

describe("a part", () => {
  test.each<[name: string, part: unknown]>([
    ["of a type that nobody knows", { type: "step-start", content: { deep: [{ a: null }] } }],
    ["whose content is null", { type: "text", content: null }],
    ["with keys of its own", { type: "text", content: "x", id: "p1", meta: { synthetic: true }, more: null }],
  ])("%s comes out exactly as it went in", (_name, part) => {
    expect(partSchema.parse(part)).toEqual(part);
  });

  test("without content is refused", () => {
    expect(partSchema.safeParse({ type: "text" }).success).toBe(false);
  });
});

describe("the contents of known parts", () => {
  test("a tool call keeps null arguments, they are data", () => {
    const call = { id: "t1", toolName: "x", args: null, status: "running" };
    expect(toolCallContentSchema.parse({ ...call, title: null })).toEqual(call);
  });

  test("a tool result keeps a null output, it is data", () => {
    expect(toolResultContentSchema.parse({ id: "t1", output: null })).toEqual({ id: "t1", output: null });
  });
});

describe("a batch", () => {
  test("may be empty, its lists may be null", () => {
    expect(batchRequestSchema.parse({ sessions: null })).toEqual({});
  });

  test.each([
    [5_000, true],
    [5_001, false],
  ])("of %d messages is valid: %s", (count, valid) => {
    const messages = Array.from({ length: count }, () => message);
    expect(batchRequestSchema.safeParse({ messages }).success).toBe(valid);
  });
});

describe("answers", () => {
  test("a v1 server's are understood", () => {
    expect(healthSchema.parse({ status: "ok", timestamp: 1 })).toEqual({ status: "ok", timestamp: 1 });
    const batch = { ok: true, sessions: 0, messages: 1, errors: [] };
    expect(batchAnswerSchema.parse(batch)).toEqual(batch);
    expect(sessionsListSchema.parse({ sessionIds: ["a"] })).toEqual({ sessionIds: ["a"] });
  });

  test("a digest has four numbers", () => {
    expect(sessionsListSchema.safeParse({ sessionIds: [], digests: { s1: [1, 2, 3] } }).success).toBe(false);
  });
});

test("a key needs a name, its scope is one of two", () => {
  expect(createKeyRequestSchema.parse({ name: "laptop", scope: null })).toEqual({ name: "laptop" });
  expect(createKeyRequestSchema.safeParse({ name: "" }).success).toBe(false);
  expect(createKeyRequestSchema.safeParse({ name: "laptop", scope: "admin" }).success).toBe(false);
});

test("an explanation of many misfits names three and counts the rest", () => {
  const issues = messageSchema.safeParse({ role: 1, model: 1, cost: "x" }).error?.issues ?? [];
  expect(explainIssues(issues)).toBe(
    "sessionExternalId: expected string; externalId: expected string; role: expected user or assistant or system or tool or unknown; and 2 more",
  );
});

function refusal(result: { readonly error?: { readonly issues: Parameters<typeof explainIssues>[0] } | undefined }) {
  return explainIssues(result.error?.issues ?? []);
}
