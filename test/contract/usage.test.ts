import type { Message } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { response, session, usageOf } from "../support/usage.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const newReader = () => createAccount(server, { scope: "full" });

describe("what counts", () => {
  const at = Date.UTC(2026, 5, 1, 10);

  test("tokens are split by kind, money by where the figure is from, and their sums are exact", async () => {
    const reader = await newReader();
    const dime = (id: string, costSource: "reported" | "computed") => response("s", id, at, { cost: 0.1, costSource });
    await push(server, reader.key, {
      sessions: [session("s")],
      messages: [
        dime("1", "reported"),
        dime("2", "reported"),
        dime("3", "reported"),
        { sessionExternalId: "s", externalId: "u", role: "user", createdAt: at },
      ],
    });
    const { totals, rows } = await usageOf(reader, "by=model");
    expect(totals).toEqual({
      sessions: 1,
      messages: 4,
      tokens: {
        input: 30,
        cacheRead: 60,
        cacheWrite: 90,
        cacheWrite1h: 15,
        unsplitInput: 0,
        output: 120,
        reasoning: 12,
        total: 300,
      },
      // Sums of floats would make it 0.30000000000000004.
      cost: 0.3,
      costs: { reported: 0.3, computed: 0 },
      unpriced: { messages: 0, sessions: 0, tokens: 0 },
    });
    expect(rows.map(({ model, messages }) => [model, messages])).toEqual([
      ["opus", 3],
      ["", 1],
    ]);
  });

  test("what has no price is left out of the cost, and named", async () => {
    const reader = await newReader();
    const unknown = (id: string, model: string) =>
      response("s", id, at, { cost: 0, costSource: "unknown", model, provider: "local" });
    await push(server, reader.key, {
      sessions: [session("s")],
      messages: [response("s", "a", at), unknown("b", "my-llama"), unknown("c", "my-llama"), unknown("d", "my-qwen")],
    });
    const { totals, unpricedModels } = await usageOf(reader, "");
    expect(totals).toMatchObject({ cost: 0.5, unpriced: { messages: 3, sessions: 0, tokens: 300 } });
    expect(unpricedModels).toEqual([
      { model: "my-llama", provider: "local", messages: 2, sessions: 0, tokens: 200 },
      { model: "my-qwen", provider: "local", messages: 1, sessions: 0, tokens: 100 },
    ]);
  });

  test("a fork's copies count once, and are told", async () => {
    const reader = await newReader();
    const copied = (name: string) => response(name, `${name}-1`, at, { responseId: "r1" });
    await push(server, reader.key, {
      sessions: [
        session("a"),
        session("b", { forkedFrom: "a", tokens: { input: 60, output: 40 }, cost: 0.5, costSource: "reported" }),
      ],
      messages: [copied("a"), copied("b"), response("b", "b-2", at, { responseId: "r2" })],
    });
    const { totals, copies } = await usageOf(reader, "");
    expect(totals).toMatchObject({ sessions: 2, messages: 2, cost: 1, tokens: { total: 200 } });
    expect(copies).toBe(1);
  });

  test("an answer that is stored twice in one session counts when it was first said", async () => {
    const reader = await newReader();
    const later = at + 2 * 86_400_000;
    await push(server, reader.key, { sessions: [session("a", { createdAt: later })] });
    for (const [id, time] of Object.entries({ first: at, again: later })) {
      await push(server, reader.key, { messages: [response("a", id, time, { responseId: "twice" })] });
    }
    const { rows, copies } = await usageOf(reader, "by=day,agent");
    expect(rows.map(({ day, messages, cost, sessions }) => [day, messages, cost, sessions])).toEqual([
      ["2026-06-01", 1, 0.5, 0],
      ["2026-06-03", 0, 0, 1],
    ]);
    expect(copies).toBe(1);
  });

  test("a session whose messages carry no tokens counts with its own, the same for cost, never both", async () => {
    const reader = await newReader();
    const own = { tokens: { input: 1_000, output: 10 }, cost: 7, costSource: "reported" as const, model: "opus" };
    const plain = (name: string, fields: Partial<Message> = {}): Message => ({
      ...{ sessionExternalId: name, externalId: `${name}-m`, role: "assistant", createdAt: at + 86_400_000, ...fields },
    });
    await push(server, reader.key, {
      sessions: ["neither", "tokens", "cost", "both", "alone"].map((name) => session(name, { ...own, createdAt: at })),
      messages: [
        plain("neither"),
        plain("tokens", { tokens: { input: 1, output: 1 } }),
        plain("cost", { cost: 0.25, costSource: "reported" }),
        plain("both", { tokens: { input: 1, output: 1 }, cost: 0.25, costSource: "computed" }),
      ],
    });
    const { rows, unpricedModels } = await usageOf(reader, "by=day");
    expect(
      rows.map(({ day, tokens, cost, sessions, messages }) => ({ day, total: tokens.total, cost, sessions, messages })),
    ).toEqual([
      { day: "2026-06-01", total: 3 * 1_010, cost: 21, sessions: 5, messages: 0 },
      { day: "2026-06-02", total: 4, cost: 0.5, sessions: 0, messages: 4 },
    ]);
    // The message of `tokens` has no price of its own; its session's covers it.
    expect(unpricedModels).toEqual([]);
  });

  test("old clients' input, of which nobody says whether it was cached, stands by itself", async () => {
    const reader = await newReader();
    await push(server, reader.key, {
      messages: [
        {
          sessionExternalId: "s",
          externalId: "m",
          role: "assistant",
          createdAt: at,
          promptTokens: 70,
          completionTokens: 7,
        },
      ],
    });
    expect((await usageOf(reader, "")).totals.tokens).toMatchObject({
      input: 0,
      unsplitInput: 70,
      output: 7,
      total: 77,
    });
  });

  test("sub-agents can be left out, or seen alone", async () => {
    const reader = await newReader();
    await push(server, reader.key, {
      sessions: [session("p"), session("c", { parentExternalId: "p" })],
      messages: [response("p", "1", at), response("c", "2", at), response("c", "3", at)],
    });
    const cost = async (subagents: string) => (await usageOf(reader, `subagents=${subagents}`)).totals.cost;
    expect([await cost("include"), await cost("exclude"), await cost("only")]).toEqual([1.5, 0.5, 1]);
  });

  test("every filter of sessions narrows it, and none is passed over in silence", async () => {
    const reader = await newReader();
    const names = ["a", "b", "c", "d"];
    await push(server, reader.key, {
      sessions: [
        session("a", { archivedAt: at, projectName: "shop", device: "laptop" }),
        session("b", { cost: 3, costSource: "reported", tokens: { input: 500 } }),
        session("c", { source: "pi", gitBranch: "main", title: "Refunds", parentExternalId: "b" }),
        session("d", { model: "opus", provider: "anthropic" }),
      ],
      messages: names.map((name) => response(name, "1", at)),
    });
    const body = JSON.stringify({ starred: true, tags: ["billing"], evalReady: true, evalStatus: "golden" });
    await reader.ask("/api/sessions/d", { method: "PATCH", body });
    const messages = async (query: string) => (await usageOf(reader, query)).totals.messages;
    const narrowing = [
      ...["status=archived", "project=shop", "device=laptop", "costSource=reported", "minCost=2", "minTokens=500"],
      ...["agent=pi", "branch=main", "title=refund", "parent=b", "subagents=only", "tag=billing", "starred=1"],
      ...["evalReady=1", "evalStatus=golden"],
    ];
    for (const query of narrowing) expect([query, await messages(query)]).toEqual([query, 1]);
    expect(await messages("status=active")).toBe(3);
    expect(await messages("status=active&status=archived")).toBe(4);
    expect(await messages("status=deleted")).toBe(0);
    expect(await messages("maxCost=2"), "sums of messages").toBe(3);
    expect(await messages("costSource=computed&costSource=unknown")).toBe(3);
    expect(await messages("costSource=")).toBe(0);
  });

  test("deleted sessions count no more, restored ones again, and a copy steps in for what was deleted", async () => {
    const reader = await newReader();
    await push(server, reader.key, {
      sessions: [session("a"), session("b")],
      messages: [
        response("a", "1", at, { responseId: "r" }),
        response("b", "2", at + 1, { responseId: "r" }),
        response("a", "3", at),
      ],
    });
    const sums = async () => {
      const { totals, copies } = await usageOf(reader, "by=agent");
      return { cost: totals.cost, sessions: totals.sessions, copies };
    };
    const [{ id } = { id: "" }] = server.query<{ id: string }>(
      "SELECT id FROM sessions WHERE user = ? AND externalId = 'a'",
      reader.id,
    );
    expect(await sums()).toEqual({ cost: 1, sessions: 2, copies: 1 });
    await reader.ask(`/api/sessions/${id}`, { method: "DELETE" });
    expect(await sums()).toEqual({ cost: 0.5, sessions: 1, copies: 0 });
    await reader.ask(`/api/sessions/${id}/restore`, { method: "POST" });
    expect(await sums()).toEqual({ cost: 1, sessions: 2, copies: 1 });
  });

  test("what was taken from an account for good counts no more, before its content is gone", async () => {
    const reader = await newReader();
    await push(server, reader.key, { sessions: [session("a")], messages: [response("a", "1", at)] });
    server.change(
      "UPDATE sessions SET user = '', externalId = user || ' ' || id, deletedAt = ?, purgeAt = ? WHERE user = ?",
      ...[Date.now(), Date.now() + 3_600_000, reader.id],
    );
    for (const by of ["", "day", "agent"]) {
      expect((await usageOf(reader, `by=${by}`)).totals).toMatchObject({ messages: 0, cost: 0, sessions: 0 });
    }
  });

  test("nobody sees what others used", async () => {
    const reader = await newReader();
    const { totals, rows } = await usageOf(reader, "by=day,model");
    expect([totals.sessions, totals.messages, totals.tokens.total, totals.cost, rows]).toEqual([0, 0, 0, 0, []]);
  });
});

test.each([
  ["by=hour", "by: expected one or two of day, week, month, agent, source, model, provider, project, device"],
  ["by=day,week", "at most one of them a time"],
  ["by=day,model,agent", "by: expected one or two"],
  ["by=model&by=model", "by: expected one or two"],
  ["tz=Nowhere", "tz: expected a time zone such as Europe/Berlin or +01:00, got Nowhere"],
  ["tz=Local", "tz: expected a time zone"],
  ["tz=%2B15:00", "tz: expected a time zone"],
  ["tz=../../etc/passwd", "tz: expected a time zone"],
  ["from=1.1.2026", "from: expected epoch milliseconds or a date"],
  ["from=2026-02-02&to=2026-01-01", "to: expected a time after from"],
])("%s is a 400 that says what was expected", async (query, text) => {
  expect(await ann.ask(`/api/usage?${query}`)).toEqual({ status: 400, text: expect.stringContaining(text) });
});
