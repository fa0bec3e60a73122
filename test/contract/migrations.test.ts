import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { commonArguments } from "../../scripts/serve-arguments.mjs";
import { pocketbasePath } from "../support/pocketbase.ts";

const STEPS = readdirSync(inRoot("pb_migrations")).filter((name) => /^\d.*\.ts$/.test(name)).length;

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-migrations-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function migrate(...command: string[]): void {
  execFileSync(pocketbasePath(), ["migrate", ...command, ...commonArguments(folder)], { input: "y\n", stdio: "pipe" });
}

/** All tables, indexes, views and triggers, with their SQL. */
function schema(): string[] {
  const database = new DatabaseSync(join(folder, "data.db"), { readOnly: true });
  const rows = database.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all();
  database.close();
  return rows.map(({ type, name, sql }) => `${type} ${name} ${sql}`);
}

const names = (rows: readonly string[]) => rows.map((row) => row.split(" ").slice(0, 2).join(" "));

test("every step can be taken back and taken again, one by one and all at once", () => {
  migrate("up");
  const whole = schema();
  expect(names(whole)).toEqual(
    expect.arrayContaining(["table sessions", "table messages", "table usage", "table messages_fts"]),
  );

  migrate("down", String(STEPS));
  const bare = names(schema());
  for (const name of ["sessions", "messages", "api_keys", "activity", "usage", "session_digests", "messages_fts"]) {
    expect(bare.filter((row) => row.includes(name))).toEqual([]);
  }
  expect(bare).toContain("table users");

  migrate("up");
  expect(schema()).toEqual(whole);
});

test("each step alone leaves a database that the next can start from", () => {
  migrate("up");
  const whole = schema();
  for (let step = 0; step < STEPS; step += 1) migrate("down", "1");
  migrate("up");
  expect(schema()).toEqual(whole);
});

test("a database whose indexes have an older order of columns ends with the one of today", () => {
  migrate("up");
  const whole = schema();
  const old = "CREATE INDEX `sessions_newest` ON `sessions` (user, updatedAt, id, deletedAt)";
  const database = new DatabaseSync(join(folder, "data.db"));
  database.exec(`DROP INDEX sessions_newest; ${old};
    DELETE FROM _migrations WHERE file LIKE '0016%';
    UPDATE _collections SET indexes = (SELECT json_group_array(iif(value LIKE '%sessions_newest%', '${old}', value))
      FROM json_each(indexes)) WHERE name = 'sessions'`);
  database.close();
  expect(schema()).not.toEqual(whole);

  migrate("up");
  expect(schema()).toEqual(whole);
});

test("sessions of an older database show the sums of their messages, and what they showed before when the step is taken back", () => {
  migrate("up");
  migrate("down", "1");
  const change = (sql: string) => {
    const database = new DatabaseSync(join(folder, "data.db"));
    database.exec(sql);
    database.close();
  };
  // Of `stated`: 2 is tokens by kind, 128 a price of the server, 256 a client's own figure.
  change(`INSERT INTO sessions (id, user, externalId, promptTokens, tokensInput, cost, costSource, ownCost, stated) VALUES
      ('bare', 'u', 'a', 0, 0, 0, '', 0, 0), ('unpriced', 'u', 'b', 0, 0, 0, '', 0, 0),
      ('priced', 'u', 'c', 7, 7, 9, 'computed', 5, ${2 | 128 | 256}), ('final', 'u', 'd', 3, 0, 8, 'reported', 0, 0),
      ('empty', 'u', 'e', 0, 0, 4, 'computed', 4, 256);
    INSERT INTO messages (id, user, session, externalId, promptTokens, tokensInput, completionTokens, cost, costSource) VALUES
      ('1', 'u', 'bare', '1', 10, 10, 1, 0.25, 'reported'), ('2', 'u', 'bare', '2', 20, 20, 2, 0.5, 'computed'),
      ('3', 'u', 'bare', '3', 30, 0, 3, 0, 'unknown'), ('4', 'u', 'unpriced', '1', 40, 0, 0, 0, 'unknown'),
      ('5', 'u', 'priced', '1', 50, 50, 0, 0.125, 'reported'), ('6', 'u', 'final', '1', 60, 60, 0, 1, 'reported')`);
  const columns = "promptTokens, tokensInput, completionTokens, cost, costSource";
  const shown = (also: string) => {
    const database = new DatabaseSync(join(folder, "data.db"), { readOnly: true });
    const rows = database.prepare(`SELECT id, ${columns}${also} FROM sessions ORDER BY externalId`).all();
    database.close();
    return Object.fromEntries(rows.map(({ id, ...row }) => [id, Object.values(row)]));
  };
  const before = shown("");

  migrate("up");
  expect(shown(", unpricedMessages, stated, syncedAt > 0")).toEqual({
    bare: [60, 30, 6, 0.75, "computed", 1, 1024 | 2048, 1],
    unpriced: [40, 0, 0, 0, "unknown", 0, 1024, 1],
    priced: [7, 7, 0, 0.125, "computed", 0, 2 | 256 | 512 | 2048, 1],
    final: [3, 0, 0, 8, "reported", 0, 512, 0],
    empty: [0, 0, 0, 4, "computed", 0, 256 | 512, 0],
  });
  // What the triggers keep from here on begins with what is there.
  change("DELETE FROM messages WHERE id = '2'");
  const database = new DatabaseSync(join(folder, "data.db"), { readOnly: true });
  const digest = database.prepare("SELECT * FROM session_digests WHERE session = 'bare'").get();
  database.close();
  expect(digest).toMatchObject({ promptTokens: 40, tokensInput: 10, costNano: 250_000_000, withoutPrice: 1 });

  migrate("down", "1");
  // The price of a session's own totals is looked up again at the next start.
  expect(shown("")).toEqual({ ...before, priced: [7, 7, 0, 5, "computed"] });
});
