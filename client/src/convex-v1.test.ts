import { describe, expect, test } from "vitest";
import type { Message } from "./contract/message.ts";
import type { Session } from "./contract/session.ts";
import { toV1Message, toV1Session } from "./convex-v1.ts";

describe("toV1Session sends", () => {
  test.each<[name: string, session: Session, sent: unknown]>([
    ["an id alone as it is", { externalId: "s1" }, { externalId: "s1" }],
    [
      "only the fields that v1 knows",
      {
        externalId: "s1",
        source: "opencode",
        title: "t",
        projectPath: "/p",
        projectName: "p",
        model: "m",
        provider: "a",
        durationMs: 5,
        createdAt: 6,
        updatedAt: 7,
        gitBranch: "main",
        device: "laptop",
        agentVersion: "1",
        parentExternalId: "s0",
        todos: [],
        meta: {},
        hash: 1,
        redacted: 0,
      },
      {
        externalId: "s1",
        source: "opencode",
        title: "t",
        projectPath: "/p",
        projectName: "p",
        model: "m",
        provider: "a",
        durationMs: 5,
        createdAt: 6,
      },
    ],
    [
      "the token split as its two sums",
      {
        externalId: "s1",
        tokens: { input: 1, cacheRead: 20, cacheWrite: 300, cacheWrite1h: 100, output: 4000, reasoning: 1000 },
        promptTokens: 9,
        completionTokens: 9,
      },
      { externalId: "s1", promptTokens: 321, completionTokens: 4000 },
    ],
    [
      "the sums as they are without a split",
      { externalId: "s1", promptTokens: 8, completionTokens: 9 },
      { externalId: "s1", promptTokens: 8, completionTokens: 9 },
    ],
    ["a known cost", { externalId: "s1", cost: 0.5, costSource: "reported" }, { externalId: "s1", cost: 0.5 }],
    ["no unknown cost", { externalId: "s1", cost: 0.5, costSource: "unknown" }, { externalId: "s1" }],
    ["no cost of 0: v1 would overwrite what it has", { externalId: "s1", cost: 0 }, { externalId: "s1" }],
  ])("%s", (_name, session, sent) => {
    expect(toV1Session(session)).toStrictEqual(sent);
  });
});

describe("toV1Message sends", () => {
  const base = { sessionExternalId: "s1", externalId: "m1", role: "user" } as const;

  test.each<[name: string, message: Message, sent: unknown]>([
    ["a role even when there is none", { sessionExternalId: "s1", externalId: "m1" }, { ...base, role: "unknown" }],
    [
      "only the fields that v1 knows",
      {
        ...base,
        source: "opencode",
        device: "laptop",
        textContent: "",
        model: "m",
        provider: "a",
        agent: "build",
        responseId: "r",
        serviceTier: "fast",
        tokens: { input: 1, output: 2 },
        cost: 1,
        costSource: "reported",
        durationMs: 3,
        createdAt: 4,
        updatedAt: 5,
        error: { name: "n", message: "m" },
        meta: {},
        hash: 1,
        redacted: 1,
      },
      {
        ...base,
        source: "opencode",
        textContent: "",
        model: "m",
        promptTokens: 1,
        completionTokens: 2,
        durationMs: 3,
        createdAt: 4,
      },
    ],
    [
      "of a part only type and content",
      { ...base, parts: [{ type: "text", content: "x", id: "p1", meta: { synthetic: true } }] },
      { ...base, parts: [{ type: "text", content: "x" }] },
    ],
  ])("%s", (_name, message, sent) => {
    expect(toV1Message(message)).toStrictEqual(sent);
  });

  test.each<[name: string, content: unknown, sent: unknown]>([
    ["a key that starts with $", { args: { $schema: "x" } }, '{"args":{"$schema":"x"}}'],
    ["a key that is not ASCII", { args: [{ größe: 1 }] }, '{"args":[{"größe":1}]}'],
    ["an empty key", { "": 1 }, '{"":1}'],
    ["a plain object", { args: { a: [null, 1, "ä"] } }, { args: { a: [null, 1, "ä"] } }],
    ["null", null, null],
  ])("a content with %s in a form that Convex takes", (_name, content, sent) => {
    expect(toV1Message({ ...base, parts: [{ type: "tool-call", content }] }).parts).toStrictEqual([
      { type: "tool-call", content: sent },
    ]);
  });

  test("a content of more than 64 levels as text", () => {
    let content: unknown = 1;
    for (let depth = 0; depth < 65; depth++) content = [content];
    expect(toV1Message({ ...base, parts: [{ type: "x", content }] }).parts?.[0]?.content).toBe(JSON.stringify(content));
  });
});
