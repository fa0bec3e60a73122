import { describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { sharedServer } from "../support/shared.ts";
import { response, session, usageOf } from "../support/usage.ts";
import { localDate } from "../support/usage-model.ts";

const server = sharedServer();
const newReader = () => createAccount(server, { scope: "full" });

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
      const reader = await newReader();
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
    const reader = await newReader();
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
    const reader = await newReader();
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
