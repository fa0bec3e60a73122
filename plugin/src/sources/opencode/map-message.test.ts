import { messageHash } from "@opensync/client/digest";
import { describe, expect, test } from "vitest";
import { readFixtureEvents } from "../../testing/opencode-fixture.ts";
import { type Data, dataOf, omit } from "./json.ts";
import { mapMessage, type StoredRow } from "./map-message.ts";
import { restoreMessage } from "./restore.ts";

const row = (data: object | string, id = "msg_1"): StoredRow => ({
  id,
  createdAtMs: 100,
  updatedAtMs: 200,
  data: typeof data === "string" ? data : JSON.stringify(data),
});

const recorded = readFixtureEvents("message.updated").map(({ name, properties }) => ({
  name: name.replace("message.updated.", ""),
  info: omit(dataOf(properties["info"]), "id", "sessionID"),
}));

/** What a provider answered word for word never leaves. */
function withoutAnswer(info: Data): Data {
  const error = dataOf(info["error"]);
  if (Object.keys(error).length === 0) return info;
  return { ...info, error: { ...error, data: omit(dataOf(error["data"]), "responseHeaders", "responseBody") } };
}

test.each(recorded)("a recorded message comes back exactly: $name", ({ info }) => {
  const mapped = mapMessage("ses_1", row(info), []);
  expect(restoreMessage(mapped).info).toEqual(withoutAnswer(info));
  expect(JSON.stringify(mapped)).not.toContain('"original"');
});

const answer = {
  role: "assistant",
  parentID: "msg_0",
  mode: "build",
  agent: "build",
  path: { cwd: "/a", root: "/a" },
  modelID: "claude-sonnet-5",
  providerID: "anthropic",
  cost: 0.00666,
  tokens: { total: 2580, input: 1200, output: 155, reasoning: 25, cache: { read: 1200, write: 50 } },
  time: { created: 1000, completed: 1750 },
  finish: "stop",
};

describe("an answer", () => {
  const mapped = mapMessage("ses_1", row(answer), [
    { ...row({ type: "text", text: "One." }, "prt_1"), updatedAtMs: 300 },
    { ...row({ type: "text", text: "hidden", synthetic: true }, "prt_2"), updatedAtMs: 250 },
    { ...row({ type: "text", text: "Two." }, "prt_3"), updatedAtMs: 250 },
  ]);

  test("has OpenCode's figures in the contract's terms", () => {
    expect(mapped).toMatchObject({
      sessionExternalId: "ses_1",
      externalId: "msg_1",
      role: "assistant",
      model: "claude-sonnet-5",
      provider: "anthropic",
      agent: "build",
      // Input excludes cache in both; output excludes reasoning in OpenCode only.
      tokens: { input: 1200, cacheRead: 1200, cacheWrite: 50, output: 180, reasoning: 25 },
      cost: 0.00666,
      costSource: "reported",
      durationMs: 750,
      createdAt: 1000,
      meta: { finish: "stop", parentID: "msg_0", tokens: { total: 2580 } },
    });
  });

  test("is as new as its newest part", () => {
    expect(mapped.updatedAt).toBe(300);
  });

  test("reads as what was said, without what OpenCode put in", () => {
    expect(mapped.textContent).toBe("One.\n\nTwo.");
  });

  test("has the identity of the paid response, equal in a fork's copy of it", () => {
    const copy = mapMessage("ses_2", row({ ...answer, parentID: "msg_9" }, "msg_8"), []);
    expect(copy.responseId).toBe(mapped.responseId);
    expect(copy.responseId).toMatch(/^opencode:[0-9a-f]{32}$/);
    for (const other of [{ cost: 0.1 }, { modelID: "x" }, { time: { created: 1001 } }]) {
      expect(mapMessage("ses_1", row({ ...answer, ...other }), []).responseId).not.toBe(mapped.responseId);
    }
  });

  test("that costs 0 reports no cost: a subscription, or a model without a price", () => {
    const free = mapMessage("ses_1", row({ ...answer, cost: 0 }), []);
    expect(free).not.toHaveProperty("cost");
    expect(free).not.toHaveProperty("costSource");
    expect(restoreMessage(free).info).toEqual({ ...answer, cost: 0 });
  });

  test("that has not begun has no response to pay for", () => {
    const tokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
    const waiting = mapMessage("ses_1", row({ ...answer, tokens, cost: 0, time: { created: 1000 } }), []);
    expect(waiting).not.toHaveProperty("responseId");
    expect(waiting).not.toHaveProperty("durationMs");
  });
});

test("a prompt quoted by `opencode run` reads as it was typed, and the original can be rebuilt", () => {
  const data = { role: "user", time: { created: 1 }, agent: "build", model: { providerID: "p", modelID: "m" } };
  const part = { type: "text", text: '"Fix \\"this\\" please"\n' };
  const mapped = mapMessage("ses_1", row(data), [row(part, "prt_1")]);
  expect(mapped.textContent).toBe('Fix "this" please');
  expect(restoreMessage(mapped)).toEqual({ info: data, parts: [{ id: "prt_1", data: part }] });
});

test("an error keeps its name and words, and loses what the provider answered", () => {
  const error = {
    name: "APIError",
    data: { message: "overloaded", statusCode: 529, responseHeaders: { "set-cookie": "s" }, responseBody: "account" },
  };
  const mapped = mapMessage("ses_1", row({ ...answer, error }), []);
  expect(mapped.error).toEqual({ name: "APIError", message: "overloaded" });
  expect(mapped.meta).toMatchObject({ error: { data: { statusCode: 529 } } });
  expect(JSON.stringify(mapped)).not.toMatch(/set-cookie|account/);
});

test.each([
  { name: "no JSON", data: "{half", meta: { unreadable: "{half" } },
  { name: "JSON that is no object", data: "[1]", meta: { unreadable: "[1]" } },
])("a damaged row is kept and does not stop the others: $name", ({ data, meta }) => {
  expect(mapMessage("ses_1", row(data), [])).toMatchObject({ role: "unknown", createdAt: 100, meta });
});

test("a damaged part is kept as text", () => {
  const [part] = mapMessage("ses_1", row(answer), [row("{half", "prt_1")]).parts ?? [];
  expect(part).toEqual({ type: "unreadable", id: "prt_1", content: "{half" });
});

test.each([
  { name: "tokens that are no counts", info: { ...answer, tokens: { input: -1, output: 2 } } },
  { name: "a time that is no time", info: { ...answer, time: "yesterday" } },
  { name: "an unknown role", info: { ...answer, role: "moderator" } },
  { name: "completed before it began", info: { ...answer, time: { created: 10, completed: 5 } } },
])("what the contract cannot express comes back all the same: $name", ({ info }) => {
  expect(restoreMessage(mapMessage("ses_1", row(info), [])).info).toEqual(info);
});

test("the same rows give the same hash, whatever the order of members", () => {
  const reversed = Object.fromEntries(Object.entries(answer).reverse());
  expect(messageHash(mapMessage("s", row(reversed), []))).toBe(messageHash(mapMessage("s", row(answer), [])));
});

test("the diffs of a turn above 256 kB stay behind, with their size and hash", () => {
  const summary = { title: "Write it", diffs: [{ file: "a.ts", before: "", after: "x".repeat(300_000) }] };
  const data = { role: "user", time: { created: 1 }, agent: "build", summary };
  const mapped = mapMessage("ses_1", row(data), []);
  expect(mapped.meta?.["summary"]).toEqual({
    title: "Write it",
    cut: true,
    bytes: JSON.stringify(summary).length,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(JSON.stringify(mapped).length).toBeLessThan(1000);
});

test("an answer of an older version counts its reasoning once, and comes back as it was", () => {
  const tokens = { total: 2580, input: 1200, output: 180, reasoning: 25, cache: { read: 1200, write: 0 } };
  const mapped = mapMessage("ses_1", row({ ...answer, tokens }), []);
  expect(mapped.tokens).toMatchObject({ output: 180, reasoning: 25 });
  expect(restoreMessage(mapped).info).toEqual({ ...answer, tokens });
});
