import { type Message, type Session, statsSchema, usageSchema } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { type Account, createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { sharedServer } from "../support/shared.ts";
import { localDate } from "../support/usage-model.ts";

const server = sharedServer();

const usageOf = async (reader: Account, query: string) => usageSchema.parse(await reader.get(`/api/usage?${query}`));

/** An answer of a model. */
function response(session: string, id: string, createdAt: number, fields: Partial<Message> = {}): Message {
  return {
    ...{
      sessionExternalId: session,
      externalId: id,
      role: "assistant",
      createdAt,
      model: "opus",
      provider: "anthropic",
    },
    ...{ tokens: { input: 10, cacheRead: 20, cacheWrite: 30, cacheWrite1h: 5, output: 40, reasoning: 4 } },
    ...{ cost: 0.5, costSource: "reported", ...fields },
  };
}

/** A session that says nothing about tokens itself. */
const session = (externalId: string, fields: Partial<Session> = {}): Session => ({
  externalId,
  createdAt: 1_760_000_000_000,
  ...fields,
});

describe("days of the caller's calendar", () => {
  // Hours around changes of clocks: by an hour, by half an hour, at midnight, a day that never was, and none at all.
  const hours: [tz: string, from: string, to: string][] = [
    ["UTC", "2026-01-30T00:00Z", "2026-02-03T00:00Z"],
    ["Europe/Berlin", "2026-03-27T12:00Z", "2026-03-31T12:00Z"],
    ["Europe/Berlin", "2026-10-23T12:00Z", "2026-10-27T12:00Z"],
    ["America/New_York", "2026-10-30T12:00Z", "2026-11-03T12:00Z"],
    ["Australia/Lord_Howe", "2026-04-03T00:00Z", "2026-04-07T00:00Z"],
    ["America/St_Johns", "2026-03-06T12:00Z", "2026-03-10T12:00Z"],
    ["Asia/Kathmandu", "2026-01-30T12:00Z", "2026-02-02T12:00Z"],
    ["Asia/Beirut", "2026-03-27T12:00Z", "2026-03-31T12:00Z"],
    ["Pacific/Apia", "2011-12-28T12:00Z", "2012-01-01T12:00Z"],
    ["Pacific/Kiritimati", "2025-12-30T12:00Z", "2026-01-02T12:00Z"],
  ];

  test.each(hours)(
    "%s from %s: every quarter of an hour falls on the day that clocks there show",
    async (tz, from, to) => {
      const reader = await createAccount(server, { scope: "full" });
      const times: number[] = [];
      for (let time = Date.parse(from); time < Date.parse(to); time += 15 * 60_000) times.push(time + 60_000);
      await push(server, reader.key, {
        sessions: [session("s", { createdAt: Date.parse(from) })],
        messages: times.map((time, index) => response("s", `m${index}`, time)),
      });
      for (const [unit, labelOf] of [
        ["day", (date: string) => date],
        ["month", (date: string) => date.slice(0, 7)],
        ["week", mondayOf],
      ] as const) {
        const expected: Record<string, number> = {};
        for (const time of times) {
          const label = labelOf(localDate(time, tz));
          expected[label] = (expected[label] ?? 0) + 1;
        }
        const { rows, totals } = await usageOf(reader, `by=${unit}&tz=${encodeURIComponent(tz)}`);
        expect(Object.fromEntries(rows.map((row) => [row[unit], row.messages]))).toEqual(expected);
        expect(rows.map((row) => row[unit])).toEqual(Object.keys(expected).toSorted());
        expect(totals.messages).toBe(times.length);
      }
      // A date is a whole day there: the day of the first message, as a period, holds what that day's row holds.
      const date = localDate(times[0] ?? 0, tz);
      const one = await usageOf(reader, `from=${date}&to=${date}&tz=${encodeURIComponent(tz)}`);
      expect(one.totals.messages).toBe(times.filter((time) => localDate(time, tz) === date).length);
    },
  );

  test("may also be a fixed distance from UTC", async () => {
    const reader = await createAccount(server, { scope: "full" });
    await push(server, reader.key, {
      sessions: [session("s")],
      messages: [response("s", "m", Date.UTC(2026, 0, 1, 18, 30))],
    });
    const days = await Promise.all(
      ["+05:30", "+05:15", "-10:00"].map(
        async (tz) => (await usageOf(reader, `by=day&tz=${encodeURIComponent(tz)}&from=2026-01-01`)).rows[0]?.day,
      ),
    );
    expect(days).toEqual(["2026-01-02", "2026-01-01", "2026-01-01"]);
  });

  test("long gone and far away times cost no more than near ones", async () => {
    const reader = await createAccount(server, { scope: "full" });
    const messages = [
      1_000,
      Date.UTC(1999, 11, 31),
      Date.UTC(2026, 0, 1),
      Date.UTC(2250, 0, 1),
      Number.MAX_SAFE_INTEGER,
    ].map((time, index) => response("s", `m${index}`, time));
    await push(server, reader.key, { sessions: [session("s", { createdAt: 1_000 })], messages });
    const { rows, totals } = await usageOf(reader, "by=day&tz=Europe/Berlin");
    expect(rows.map(({ day }) => day)).toEqual(["1970-01-01", "1999-12-31", "2026-01-01", "2250-01-01", "9999-12-31"]);
    expect(totals.messages).toBe(5);
    for (const unit of ["week", "month"])
      expect((await usageOf(reader, `by=${unit}&tz=Asia/Tokyo`)).rows).toHaveLength(5);
  });
});

function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

describe("what counts", () => {
  const at = Date.UTC(2026, 5, 1, 10);

  test("tokens are split by kind, money by where the figure is from, and their sums are exact", async () => {
    const reader = await createAccount(server, { scope: "full" });
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
    const reader = await createAccount(server, { scope: "full" });
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
    const reader = await createAccount(server, { scope: "full" });
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

  test("a session whose messages carry no tokens counts with its own, the same for cost, never both", async () => {
    const reader = await createAccount(server, { scope: "full" });
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
    const reader = await createAccount(server, { scope: "full" });
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
    const reader = await createAccount(server, { scope: "full" });
    await push(server, reader.key, {
      sessions: [session("p"), session("c", { parentExternalId: "p" })],
      messages: [response("p", "1", at), response("c", "2", at), response("c", "3", at)],
    });
    const cost = async (subagents: string) => (await usageOf(reader, `subagents=${subagents}`)).totals.cost;
    expect([await cost("include"), await cost("exclude"), await cost("only")]).toEqual([1.5, 0.5, 1]);
  });

  test("deleted sessions count no more, restored ones again, and a copy steps in for what was deleted", async () => {
    const reader = await createAccount(server, { scope: "full" });
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
    const reader = await createAccount(server, { scope: "full" });
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
    const reader = await createAccount(server, { scope: "full" });
    const { totals, rows } = await usageOf(reader, "by=day,model");
    expect([totals.sessions, totals.messages, totals.tokens.total, totals.cost, rows]).toEqual([0, 0, 0, 0, []]);
  });
});

describe("GET /api/stats", () => {
  test("gives the first version's figures, copies once", async () => {
    const reader = await createAccount(server, { scope: "full" });
    const at = Date.UTC(2026, 5, 1, 10);
    await push(server, reader.key, {
      sessions: [
        session("a", { model: "opus", durationMs: 1_000 }),
        session("b", { model: "opus", durationMs: 500, forkedFrom: "a" }),
        session("old", { promptTokens: 70, completionTokens: 7, cost: 0.25 }),
      ],
      messages: [
        response("a", "1", at, { responseId: "r" }),
        response("b", "2", at, { responseId: "r" }),
        response("a", "3", at, { model: "haiku" }),
      ],
    });
    expect(statsSchema.parse(await reader.get("/api/stats"))).toEqual({
      sessionCount: 3,
      messageCount: 2,
      totalTokens: 277,
      totalCost: 1.25,
      totalDurationMs: 1_500,
      modelUsage: {
        haiku: { tokens: 100, cost: 0.5, sessions: 0 },
        opus: { tokens: 100, cost: 0.5, sessions: 2 },
        unknown: { tokens: 77, cost: 0.25, sessions: 1 },
      },
    });
  });

  test("of nobody's sessions is zero", async () => {
    const reader = await createAccount(server, { scope: "full" });
    expect(statsSchema.parse(await reader.get("/api/stats"))).toEqual({
      ...{ sessionCount: 0, messageCount: 0, totalTokens: 0, totalCost: 0, totalDurationMs: 0, modelUsage: {} },
    });
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
  const reader = await createAccount(server, { scope: "full" });
  expect(await reader.ask(`/api/usage?${query}`)).toEqual({ status: 400, text: expect.stringContaining(text) });
});
