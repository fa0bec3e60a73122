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
