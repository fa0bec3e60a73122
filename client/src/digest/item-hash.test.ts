import { describe, expect, test } from "vitest";
import type { Message } from "../contract/message.ts";
import type { Session } from "../contract/session.ts";
import { hashFromHex, messageHash, sessionHash } from "./item-hash.ts";

const call = { id: "t1", toolName: "Bash", status: "running", args: { a: null, Ä: 1 } };

/** The expected numbers were computed by another program (Python's hashlib) over the canonical JSON written by hand. */
describe("the hash of a message is that of its canonical JSON:", () => {
  const vectors: [name: string, message: Message, hash: number][] = [
    ["only an id", { sessionExternalId: "s1", externalId: "m1" }, 574_365_635_268],
    [
      "text, parts, tokens and a reported cost",
      {
        sessionExternalId: "s1",
        externalId: "m2",
        role: "assistant",
        textContent: "Grüße 👋",
        parts: [{ type: "tool-call", content: call }],
        tokens: { output: 7, input: 5 },
        cost: 0.25,
        costSource: "reported",
      },
      881_899_368_349,
    ],
  ];
  test.each(vectors)("%s", (_name, message, hash) => {
    expect(messageHash(message)).toBe(hash);
  });
});

test("the hash of a session is that of its canonical JSON", () => {
  const session: Session = {
    externalId: "s1",
    source: "opencode",
    title: "First",
    todos: [{ status: "done", content: "x" }],
    createdAt: 1_700_000_000_000,
    archivedAt: 1_700_000_000_001,
  };
  expect(sessionHash(session)).toBe(1_074_476_175_471);
});

describe("a message's hash ignores", () => {
  const message: Message = { sessionExternalId: "s1", externalId: "m1" };
  const ignored: Partial<Message>[] = [
    { sessionExternalId: "other" },
    { source: "opencode" },
    { device: "laptop" },
    { promptTokens: 1, completionTokens: 2 },
    { cost: 1 },
    { cost: 1, costSource: "computed" },
    { costSource: "unknown" },
    { updatedAt: 1 },
    { removedAt: 1 },
    { hash: 1 },
    { redacted: 1 },
  ];
  test.each(ignored)("%j", (fields) => {
    expect(messageHash({ ...message, ...fields })).toBe(messageHash(message));
  });
});

describe("a message's hash changes with", () => {
  const message: Message = { sessionExternalId: "s1", externalId: "m1" };
  const hashed: Partial<Message>[] = [
    { externalId: "m2" },
    { role: "user" },
    { textContent: "" },
    { parts: [] },
    { model: "m" },
    { provider: "p" },
    { agent: "build" },
    { responseId: "r" },
    { serviceTier: "fast" },
    { tokens: {} },
    { cost: 0, costSource: "reported" },
    { durationMs: 0 },
    { createdAt: 0 },
    { error: { name: "n", message: "m" } },
    { meta: {} },
  ];
  test.each(hashed)("%j", (fields) => {
    expect(messageHash({ ...message, ...fields })).not.toBe(messageHash(message));
  });
});

describe("a session's hash ignores", () => {
  const session: Session = { externalId: "s1" };
  const ignored: Partial<Session>[] = [
    { device: "laptop" },
    { gitRemote: "r", gitBranch: "b", gitCommit: "c" },
    { promptTokens: 1, completionTokens: 2 },
    { cost: 1, costSource: "computed" },
    { updatedAt: 1 },
    { hash: 1, redacted: 1 },
  ];
  test.each(ignored)("%j", (fields) => {
    expect(sessionHash({ ...session, ...fields })).toBe(sessionHash(session));
  });
});

describe("a session's hash changes with", () => {
  const session: Session = { externalId: "s1" };
  const hashed: Partial<Session>[] = [
    { externalId: "s2" },
    { source: "opencode" },
    { title: "t" },
    { projectPath: "/p" },
    { projectName: "p" },
    { agentVersion: "1" },
    { model: "m" },
    { provider: "p" },
    { parentExternalId: "s0" },
    { forkedFrom: "s0" },
    { tokens: {} },
    { cost: 1, costSource: "reported" },
    { durationMs: 1 },
    { createdAt: 1 },
    { archivedAt: 1 },
    { todos: [] },
    { meta: {} },
  ];
  test.each(hashed)("%j", (fields) => {
    expect(sessionHash({ ...session, ...fields })).not.toBe(sessionHash(session));
  });
});

describe("ten hex digits become an integer:", () => {
  test.each([
    ["0000000000ffff", 1],
    ["0000000001", 1],
    ["00000000020", 2],
    ["ffffffffff00", 1_099_511_627_775],
  ])("%s is %d", (hex, hash) => {
    expect(hashFromHex(hex)).toBe(hash);
  });
});
