import { expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { pushAll } from "../support/push.ts";
import { sharedServer } from "../support/shared.ts";

// Version 1 of the client for OpenCode states no times; the ids of its messages hold them.

const server = sharedServer();

const DAY_MS = 86_400_000;
/** The time in an id comes round after so long. */
const ROUND_MS = 2 ** 36;

let ids = 0;

/** An id as OpenCode makes it. */
function idOf(timeMs: number): string {
  ids += 1;
  const low48 = BigInt.asUintN(48, BigInt(timeMs) * 4096n + 1n);
  return `msg_${low48.toString(16).padStart(12, "0")}${String(ids).padStart(14, "aZ")}`;
}

/** What the dashboard shows of a user: messages in order, with their age in days. */
const shown = (owner: string, nowMs: number) =>
  server
    .query<{ textContent: string; createdAt: number }>(
      "SELECT textContent, createdAt FROM messages WHERE user = ? ORDER BY createdAt, rowid",
      owner,
    )
    .map(({ textContent, createdAt }) => [textContent, Math.round((nowMs - createdAt) / DAY_MS)]);

const message = (externalId: string, textContent: string) => ({
  sessionExternalId: "ses_old",
  externalId,
  role: "user",
  textContent,
});

test("messages without a time have the one of their id, and so has their session", async () => {
  const { id, key } = await createAccount(server);
  const nowMs = Date.now();
  const [first, second, third] = [nowMs - 90 * DAY_MS, nowMs - 90 * DAY_MS + 1, nowMs - 89 * DAY_MS].map(idOf);
  await pushAll(server, key, { messages: [message(third ?? "", "third"), message(first ?? "", "first")] });
  // What the live plugin has missed comes with a later `sync --force`.
  await pushAll(server, key, { messages: [message(second ?? "", "second")] });
  expect(shown(id, nowMs)).toEqual([
    ["first", 90],
    ["second", 90],
    ["third", 89],
  ]);
  await pushAll(server, key, { sessions: [{ externalId: "ses_old", title: "Old" }] });
  const [session] = server.query<Record<string, number>>(
    "SELECT createdAt, updatedAt FROM sessions WHERE user = ?",
    id,
  );
  expect(session).toEqual({ createdAt: nowMs - 90 * DAY_MS, updatedAt: nowMs - 89 * DAY_MS });
});

test("it is a guess: a stated time replaces it, and one that is stated stays", async () => {
  const { id, key } = await createAccount(server);
  const nowMs = Date.now();
  const old = idOf(nowMs - 50 * DAY_MS);
  await pushAll(server, key, { messages: [message(old, "text")] });
  await pushAll(server, key, { messages: [{ ...message(old, "text"), createdAt: nowMs - 20 * DAY_MS }] });
  await pushAll(server, key, { messages: [message(old, "text")] });
  expect(shown(id, nowMs)).toEqual([["text", 20]]);
});

test.each([
  { name: "of another form", externalId: "msg_01XFDUDYJgAACzvnptvVoYEL", days: 0 },
  { name: "with capital digits", externalId: `msg_${"2".repeat(11)}B${"a".repeat(14)}`, days: 0 },
  { name: "that is longer", externalId: `${idOf(0)}0`, days: 0 },
  { name: "of a clock that is ahead", externalId: idOf(Date.now() + 3_600_000), days: 0 },
  { name: "of 794 days ago", externalId: idOf(Date.now() - 794 * DAY_MS), days: 794 },
  // Nobody can tell it from one of a few days ago.
  { name: "of 800 days ago", externalId: idOf(Date.now() - 800 * DAY_MS), days: Math.round(800 - ROUND_MS / DAY_MS) },
])("an id $name gives $days days, and never a time to come", async ({ externalId, days }) => {
  const { id, key } = await createAccount(server);
  await pushAll(server, key, { messages: [message(externalId, "text")] });
  const nowMs = Date.now();
  expect(shown(id, nowMs)).toEqual([["text", days]]);
  expect(server.query("SELECT 1 FROM messages WHERE user = ? AND createdAt > ?", id, nowMs)).toEqual([]);
});
