import { type Usage, usageRebuiltSchema, usageSchema } from "@opensync/client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type History, histories, renamed } from "../support/histories.ts";
import { push } from "../support/push.ts";
import { freshSeed } from "../support/random.ts";
import { createUser } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { recountUsage, type Sums, type UsageQuestion } from "../support/usage-model.ts";

const LIMIT_MS = 15_000;

const seed = freshSeed();

const server = sharedServer();
const owner = sharedAccount(server, { role: "owner", scope: "full", device: "laptop" });

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(server.url + path, { headers: { Authorization: `Bearer ${owner.key}` }, ...init });
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return JSON.parse(text);
}

const time = fc.integer({ min: 1_700_000_000_000, max: 1_700_010_000_000 });
const thing = fc.constantFrom("agent", "source", "model", "provider", "project", "device");
const question: fc.Arbitrary<UsageQuestion> = fc
  .record(
    {
      by: fc
        .tuple(fc.constantFrom("", "day", "week", "month"), fc.uniqueArray(thing, { maxLength: 2 }))
        .map(([unit, things]) => (unit === "" ? things : [unit, ...things.slice(0, 1)])),
      tz: fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"),
      from: fc.option(time, { nil: 0, freq: 1 }),
      to: fc.option(time, { nil: 0, freq: 1 }),
      agent: fc.constantFrom("opencode", "pi", "cursor"),
      model: fc.constantFrom("opus", "sonnet", ""),
      subagents: fc.constantFrom("include", "exclude", "only"),
    },
    { requiredKeys: ["by", "tz", "from", "to"] },
  )
  .map(({ from, to, ...rest }) => (to > 0 && to <= from ? { ...rest, from: to, to: from + 1 } : { ...rest, from, to }));

function addressOf({ by, ...rest }: UsageQuestion): string {
  const parameters = new URLSearchParams(by.map((name) => ["by", name]));
  for (const [name, value] of Object.entries(rest)) if (value !== 0) parameters.append(name, String(value));
  return `/api/usage?${parameters}`;
}

const nano = (usd: number) => Math.round(usd * 1e9);

function sumsOf({ sessions, messages, tokens, costs, unpriced }: Usage["totals"]): Sums {
  const { unsplitInput: _, ...kinds } = tokens;
  return {
    ...{ sessions, messages, ...kinds, reportedNano: nano(costs.reported), computedNano: nano(costs.computed) },
    unpricedMessages: unpriced.messages,
    unpricedSessions: unpriced.sessions,
    unpricedTokens: unpriced.tokens,
  };
}

/** An answer in the form in which the model counts. */
function asCounted(answer: Usage, by: readonly string[]) {
  const rows = answer.rows.map((row) => [
    by.map((name) => Object.entries(row).find(([key]) => key === name)?.[1]).join(" | "),
    sumsOf(row),
  ]);
  const unpriced = answer.unpricedModels.map((one) => [
    `${one.model} ${one.provider}`,
    [one.tokens, one.messages, one.sessions],
  ]);
  return { rows: Object.fromEntries(rows), copies: answer.copies, unpriced: Object.fromEntries(unpriced) };
}

/** Now and then something goes to the trash: its usage goes with it. */
async function deleteSome(pick: number): Promise<void> {
  if (pick % 3 !== 0) return;
  const sessions = server.query<{ id: string }>("SELECT id FROM sessions WHERE deletedAt = 0 ORDER BY rowid");
  const id = sessions[pick % sessions.length]?.id;
  await ask(`/api/sessions/${id}`, { method: "DELETE", headers: { Authorization: owner.token } });
}

test("after any history, any question about usage is answered as a recount of messages and sessions answers it", async () => {
  let runs = 0;
  let lastRun = Promise.resolve();
  const run = async (history: History, questions: readonly UsageQuestion[], pick: number) => {
    runs += 1;
    for (const batch of renamed(history, `run${runs}`).requests) await push(server, owner.key, batch);
    await deleteSome(pick);
    for (const one of questions) {
      const answer = usageSchema.parse(await ask(addressOf(one)));
      const recounted = recountUsage(server, owner.id, one);
      expect({ question: one, ...asCounted(answer, one.by) }).toEqual({ question: one, ...recounted });
    }
  };
  const property = fc.asyncProperty(
    histories(),
    fc.array(question, { minLength: 3, maxLength: 6 }),
    fc.nat(),
    (...args) => {
      lastRun = run(...args);
      return lastRun;
    },
  );
  await fc.assert(property, { seed, numRuns: 40, interruptAfterTimeLimit: LIMIT_MS });
  // The one that was under way when the time was up still writes.
  await lastRun;
}, 60_000);

const rollUp = () => server.query<Record<string, unknown>>("SELECT * FROM usage");

const rebuild = async () =>
  usageRebuiltSchema.parse(
    await ask("/api/usage/rebuild", { method: "POST", headers: { Authorization: owner.token } }),
  );

test("a rebuild after all that finds nothing to mend, and writes nothing", async () => {
  const before = rollUp();
  expect(before.length).toBeGreaterThan(0);
  expect(await rebuild()).toEqual({ ok: true, rows: before.length, differences: 0 });
  expect(rollUp()).toEqual(before);
});

test("a rebuild mends what was changed behind the triggers", async () => {
  const before = rollUp();
  const digests = server.query("SELECT * FROM session_digests ORDER BY session");
  server.change("DELETE FROM usage WHERE slot = (SELECT min(slot) FROM usage)");
  server.change("UPDATE usage SET costNano = costNano + 1 WHERE slot = (SELECT max(slot) FROM usage)");
  server.change("UPDATE session_digests SET withTokens = withTokens + 1, costNano = costNano + 1");
  expect((await rebuild()).differences).toBeGreaterThan(2);
  expect(rollUp()).toEqual(before);
  const sessions = server.query("SELECT * FROM session_usage ORDER BY session");
  server.change(
    "UPDATE session_usage SET messages = messages + 1 WHERE session = (SELECT min(session) FROM session_usage)",
  );
  server.change("UPDATE session_usage SET lastSlot = 0 WHERE session = (SELECT max(session) FROM session_usage)");
  expect((await rebuild()).differences).toBeGreaterThan(1);
  expect(server.query("SELECT * FROM session_usage ORDER BY session")).toEqual(sessions);
  expect(server.query("SELECT * FROM session_digests ORDER BY session")).toEqual(digests);
  expect((await rebuild()).differences).toBe(0);
});

test.each([
  ["a member", 403, async (): Promise<string> => (await createUser(server)).token],
  ["a key of the owner", 401, async (): Promise<string> => `Bearer ${owner.key}`],
  ["nobody", 401, async (): Promise<string> => ""],
] as const)("%s cannot rebuild", async (_who, status, authorization) => {
  const headers = { Authorization: await authorization() };
  const answer = await fetch(`${server.url}/api/usage/rebuild`, { method: "POST", headers });
  expect(answer.status).toBe(status);
});
