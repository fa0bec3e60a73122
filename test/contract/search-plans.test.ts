import { beforeAll, describe, expect, test } from "vitest";
import {
  FIND_EMPTIED,
  NOTE_BLOCKS,
  NOTE_NAMES,
  PASS_BLOCKS,
  PASS_NAMES,
  READ_TEXTS,
} from "../../pb_hooks/search/aids.ts";
import { CONTEXT_MESSAGES, CONTEXT_TEXT } from "../../pb_hooks/search/context.ts";
import { mostCompared } from "../../pb_hooks/search/expansions.ts";
import { filtersOf } from "../../pb_hooks/search/filters.ts";
import { parseQuery } from "../../pb_hooks/search/query.ts";
import * as statements from "../../pb_hooks/search/statements.ts";
import { plannedDatabase } from "../support/plans.ts";

// How SQLite goes about the statements of search, on a filled database, with and without its statistics.

const { rankSql, scanSql, titlesSql, walkSql, NAMES_OF_WORD, ...texts } = statements;
const none = filtersOf([]);
const all = filtersOf(
  parseQuery("agent:a model:b project:c device:d branch:e tag:f -tag:g tool:h role:user is:error before:2026-01-01")
    .qualifiers,
);
const onSessions = filtersOf(parseQuery("agent:a -model:b after:2026-01-01").qualifiers);

const STATEMENTS: Readonly<Record<string, string>> = {
  ...texts,
  SCAN: scanSql(none),
  "SCAN with every qualifier": scanSql(all),
  RANK: rankSql(none),
  "RANK with every qualifier": rankSql(all),
  TITLES: titlesSql(none),
  "TITLES with qualifiers": titlesSql(onSessions),
  WALK: walkSql(none),
  "WALK with qualifiers": walkSql(filtersOf(parseQuery("agent:a -model:b tag:c").qualifiers)),
  ...{ CONTEXT_MESSAGES, CONTEXT_TEXT },
  ...{ FIND_EMPTIED, NOTE_BLOCKS, NOTE_NAMES, PASS_BLOCKS, PASS_NAMES, READ_TEXTS },
};

const database = plannedDatabase(`
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 500)
  INSERT INTO sessions (id, user, externalId, source, title, createdAt, updatedAt)
  SELECT 's' || i, 'u' || (i % 7), 'ses_' || i, 'opencode', 'a title ' || i, i * 1000, i * 2000 FROM n;
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
  INSERT INTO messages (id, user, session, externalId, role, createdAt, textContent)
  SELECT 'm' || i, 'u' || (i % 500 % 7), 's' || (i % 500), 'msg_' || i, 'user', i * 1000, 'some words' FROM n;
  INSERT INTO search_blocks SELECT user, rowid / 1024, min(createdAt), max(createdAt) FROM messages GROUP BY 1, 2;
  INSERT INTO search_names SELECT 'u' || (i % 7), 'word' || (i % 50), 'name' || i, 1
    FROM (SELECT rowid AS i FROM messages);
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 10000)
  INSERT INTO search_names SELECT 'anyone', 'get', 'getpart' || i, i * 31 % 977 FROM n UNION ALL
    SELECT 'anyone', 'part', 'getpart' || i, i * 31 % 977 FROM n WHERE i % 3 = 0 UNION ALL
    SELECT 'anyone', 'once', 'getpartonce', 1 UNION ALL SELECT 'anyone', 'get', 'getpartonce', 1 UNION ALL
    SELECT 'somebody', 'get', 'getsecret', 5000;
`);

/** Whole tables that are read. The lists of a search (`json_each`) and the single row of progress are none. */
const scans = (sql: string) =>
  database
    .planOf(sql)
    .filter((detail) => /^SCAN (?:s|m|m2|n|messages|sessions|search_names|search_blocks)\b(?! VIRTUAL)/.test(detail));

describe.each(["without statistics", "with statistics"])("%s", (statistics) => {
  beforeAll(() => {
    if (statistics === "with statistics") database.execute("ANALYZE");
  });

  test.for(Object.entries(STATEMENTS))("%s reads no whole table", ([, sql]) => {
    expect(scans(sql)).toEqual([]);
  });

  test("a scan asks the index for words within a range of rows, and then looks messages up by row", () => {
    const steps = database.planOf(scanSql(none));
    const index = steps.findIndex((step) => /^SCAN f VIRTUAL TABLE INDEX \d+:.*M5.*[<>]/.test(step));
    expect(index, steps.join("\n")).toBeGreaterThanOrEqual(0);
    expect(steps[index + 1]).toBe("SEARCH m USING INTEGER PRIMARY KEY (rowid=?)");
    expect(steps.join("\n")).toMatch(/SEARCH s USING (?:COVERING )?INDEX \w+ \(id=\?/);
  });

  test("ranking asks the index once for words within the rows that were looked at, and messages for nothing else", () => {
    const steps = database.planOf(rankSql(none));
    const ofIndex = steps.filter((step) => /^SCAN f VIRTUAL TABLE INDEX \d+:.*M5.*[<>]/.test(step));
    expect(ofIndex).toHaveLength(1);
    expect(steps.filter((step) => /^(SCAN|SEARCH) m\b/.test(step))).toEqual([
      "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)",
    ]);
  });

  test("titles are asked for once, and what is shown of them is taken out of what was found", () => {
    const steps = database.planOf(titlesSql(none));
    expect(steps.filter((step) => /^SCAN f VIRTUAL TABLE/.test(step))).toHaveLength(1);
    expect(steps.filter((step) => /^(SCAN|SEARCH) s\b/.test(step))).toEqual([
      "SEARCH s USING INTEGER PRIMARY KEY (rowid=?)",
    ]);
  });

  test("a walk takes sessions in order out of an index", () => {
    const steps = database.planOf(walkSql(none));
    expect(steps.join("\n")).toMatch(/SEARCH s USING (?:COVERING )?INDEX sessions_newest \(user=\?/);
  });

  test("blocks and names are found under their user", () => {
    expect(database.planOf(statements.READ_BLOCKS).join("\n")).toContain(
      "SEARCH search_blocks USING PRIMARY KEY (user=? AND block<?)",
    );
    expect(database.planOf(statements.READ_NAMES).join("\n")).toContain(
      "SEARCH n USING PRIMARY KEY (user=? AND word=?)",
    );
  });
});

describe("of a word that ten thousand names hold", () => {
  const namesFor = (sql: string, words: readonly string[]) =>
    Object.fromEntries(
      database
        .query(sql, {
          ...{ user: "anyone", words: JSON.stringify(words) },
          ...(sql.includes("{:most}") && { most: mostCompared(words.length) }),
        })
        .map(({ word, names }) => [String(word), String(names).split(" ")]),
    );

  test("the most used are found, without sorting the others", () => {
    const mostUsed = database.query(
      "SELECT name FROM search_names WHERE user = 'anyone' AND word = 'get' ORDER BY uses DESC, name",
    );
    expect(namesFor(statements.READ_NAMES, ["get", "nothing"])).toEqual({
      get: mostUsed.slice(0, NAMES_OF_WORD).map(({ name }) => name),
      nothing: [""],
    });
    // A sorter beside a limit holds no more than the limit; numbering the rows would sort them all.
    expect(statements.READ_NAMES).toContain(`LIMIT ${NAMES_OF_WORD}`);
    expect(statements.READ_NAMES).not.toMatch(/\bOVER\b/);
  });

  test("one that holds another word too comes first, however rarely it is used", () => {
    const { get, once } = namesFor(statements.READ_SHARED_NAMES, ["get", "once"]);
    expect(get?.[0]).toBe("getpartonce");
    expect(once).toEqual(["getpartonce"]);
    const { part } = namesFor(statements.READ_SHARED_NAMES, ["part", "get"]);
    expect(part).toHaveLength(NAMES_OF_WORD);
  });

  test.for([2, 3, 8, 24])("a search of %i words looks up five thousand names at most", (count) => {
    const looks = database.countCalls("looked_at");
    const words = ["get", "part", ...Array.from({ length: count - 2 }, (_, index) => `other${index}`)];
    const sql = statements.READ_SHARED_NAMES.replace(
      "n.word = w.word AND",
      "n.word = w.word AND looked_at(c.name, w.word) AND",
    );
    expect(sql).not.toBe(statements.READ_SHARED_NAMES);
    namesFor(sql, words);
    const looked = looks();
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThanOrEqual(5_000);
  });
});

test("these checks see a scan", () => {
  expect(scans("SELECT * FROM messages m WHERE textContent = 'x'")).toHaveLength(1);
});
