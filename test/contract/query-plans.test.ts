import { beforeAll, describe, expect, test } from "vitest";
import * as curation from "../../pb_hooks/curation/sql.ts";
import * as importing from "../../pb_hooks/exports/archive/import-sql.ts";
import * as archive from "../../pb_hooks/exports/archive/pages.ts";
import { csvPage } from "../../pb_hooks/exports/csv.ts";
import { COUNT_READY, FIND_EVALS, TURNS_WITH_TOOLS } from "../../pb_hooks/exports/evals/eval-sessions.ts";
import { COUNT_MESSAGES } from "../../pb_hooks/exports/message-pages.ts";
import * as repricing from "../../pb_hooks/prices/reprice.ts";
import { PARTIALS, SNAPSHOTS } from "../../pb_hooks/prices/staged.ts";
import { EXPORTS } from "../../pb_hooks/routes/export.ts";
import { FIND_KNOWN } from "../../pb_hooks/sql/known.ts";
import * as lists from "../../pb_hooks/sql/lists.ts";
import * as message from "../../pb_hooks/sql/message.ts";
import * as outcome from "../../pb_hooks/sql/outcome.ts";
import * as roles from "../../pb_hooks/sql/roles.ts";
import * as session from "../../pb_hooks/sql/session.ts";
import { CREATE_STAGE } from "../../pb_hooks/sql/stage.ts";
import * as sums from "../../pb_hooks/sql/sums.ts";
import * as touched from "../../pb_hooks/sql/touched.ts";
import { plannedDatabase } from "../support/plans.ts";

// The plans of the very statements that the server runs, on a filled database, with and without SQLite's statistics.

const { DELETED: _text, REFUSE_DELETED: _onStage, ...ofTouched } = touched;
const { sourceName: _name, ...ofSession } = session;
const { CREATE_CHOSEN, MAX_CHOSEN: _count, TOMBSTONE_COLUMNS: _kept, EMPTIED_COLUMNS: _emptied, ...rest } = curation;
const { chooseMatching, ...ofCuration } = rest;
// All sessions are priced again, a thousand at a time; there are few accounts, whose newest stamps are read.
const { reprice: _run, READ_STAMP: _accounts, ...ofRepricing } = repricing;
// A rebuild of usage looks at all sessions.
const { FOLLOW_ALL: _all, ...ofSums } = sums;
// The whole account is counted once for an archive.
const { COUNT_ALL: _account, ...ofArchive } = archive;
const { CREATE_STATES, ...ofImport } = importing;
const STATEMENTS: Readonly<Record<string, string>> = {
  CSV_PAGE: csvPage("s.user = {:user} AND s.deletedAt = 0"),
  ...{ COUNT_READY, COUNT_MESSAGES, FIND_EVALS, TURNS_WITH_TOOLS },
  ...ofArchive,
  ...ofImport,
  ...Object.fromEntries(Object.entries(EXPORTS).map(([name, { messages }]) => [`messages as ${name}`, messages])),
  FIND_KNOWN,
  CHOOSE_MATCHING: chooseMatching("s.user = {:user} AND s.deletedAt = 0"),
  ...ofCuration,
  ...lists,
  ...message,
  ...outcome,
  ...ofPricing("snapshots", SNAPSHOTS),
  ...ofPricing("partials", PARTIALS),
  ...ofRepricing,
  ...roles,
  ...ofSession,
  ...ofSums,
  ...ofTouched,
};

function ofPricing(kind: string, pricing: typeof SNAPSHOTS): Record<string, string> {
  const named = (list: "sessions" | "messages") =>
    Object.entries(pricing[list]).map(([name, sql]) => [`${name} of ${kind} of ${list}`, sql]);
  return Object.fromEntries([...named("sessions"), ...named("messages")]);
}

const database = plannedDatabase(`
  ${CREATE_STAGE}; ${CREATE_CHOSEN}; ${CREATE_STATES};
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 500)
  INSERT INTO sessions (id, user, externalId, source, createdAt, updatedAt, syncedAt)
  SELECT 's' || i, 'u' || (i % 7), 'ses_' || i, 'opencode', i * 1000, i * 2000, i FROM n;
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
  INSERT INTO messages (id, user, session, externalId, role, createdAt, hash, responseId, textContent)
  SELECT 'm' || i, 'u' || (i % 500 % 7), 's' || (i % 500), 'msg_' || i, 'user', i * 1000, i, iif(i % 2, 'r' || i, ''), 'some words'
  FROM n;
`);

/** Lines of the plan in which a whole table is read, but for the ones on the stage. */
function scans(sql: string): string[] {
  const stored = new Set(["s", "x", "m", "d", "u", "sessions", "messages", "session_digests", "usage"]);
  const onStage = /temp\.stage_\w+ (?:AS )?s\b/.test(sql);
  return database.planOf(sql).filter((line) => {
    const table = /^SCAN (\w+)/.exec(line)?.[1] ?? "";
    return stored.has(table) && !(table === "s" && onStage);
  });
}

/**
 * Loops from the first row of a stored table on, in the program of a statement: unlike its plan, the program shows the
 * triggers too. The index of words keeps its own tables and is left out.
 */
function loops(sql: string): string[] {
  const roots = new Map(
    database
      .query("SELECT rootpage, name FROM sqlite_master WHERE rootpage > 0 AND name NOT LIKE 'messages_fts%'")
      .map(({ rootpage, name }) => [rootpage, String(name)]),
  );
  const cursors = new Map<unknown, string | undefined>();
  const found: string[] = [];
  for (const { opcode, p1, p2, p3 } of database.programOf(sql)) {
    if (opcode === "OpenRead" || opcode === "OpenWrite") cursors.set(p1, p3 === 0 ? roots.get(p2 ?? 0) : undefined);
    else if (String(opcode).startsWith("Open")) cursors.delete(p1);
    const table = cursors.get(p1);
    if (opcode === "Rewind" && table !== undefined) found.push(table);
  }
  return found;
}

describe.each(["without statistics", "with statistics"])("%s", (statistics) => {
  beforeAll(() => {
    if (statistics === "with statistics") database.execute("ANALYZE");
  });

  test.for(Object.entries(STATEMENTS))("%s reads no whole table", ([, sql]) => {
    expect(scans(sql)).toEqual([]);
    expect(loops(sql)).toEqual([]);
  });

  test.for([
    "INSERT INTO messages (id, user, session, externalId) VALUES ('new', 'u1', 's1', 'new')",
    "UPDATE messages SET createdAt = 1, responseId = 'r2', textContent = 'x', hash = 3, removedAt = 4 WHERE id = 'm1'",
    "DELETE FROM messages WHERE id = 'm1'",
    "DELETE FROM sessions WHERE id = 's1'",
    "UPDATE sessions SET deletedAt = 5 WHERE id = 's1'",
  ])("no trigger of %s reads a whole table", (sql) => {
    expect(loops(sql)).toEqual([]);
  });

  test("a row of the index finds its words by rowid", () => {
    const plan = database.planOf("SELECT * FROM messages_fts_content WHERE rowid = 5");
    expect(plan).toContain("SEARCH m USING INTEGER PRIMARY KEY (rowid=?)");
  });
});

test("these checks see a scan", () => {
  expect(scans("SELECT * FROM messages m WHERE textContent = 'x'")).toHaveLength(1);
  expect(loops("UPDATE messages SET role = 'x' WHERE textContent = 'x'")).toEqual(["messages"]);
  database.execute("CREATE TRIGGER careless AFTER INSERT ON sessions BEGIN DELETE FROM usage WHERE model = 'x'; END");
  expect(loops("INSERT INTO sessions (id) VALUES ('x')")).toEqual(["usage"]);
});
