import { beforeAll, describe, expect, test } from "vitest";
import { Parameters } from "../../pb_hooks/lib/parameters.ts";
import { USED_DAYS } from "../../pb_hooks/reading/buckets.ts";
import { facetCounts } from "../../pb_hooks/reading/facets.ts";
import { FIND_SESSION, READ_SESSION } from "../../pb_hooks/reading/session-detail.ts";
import { allOf, type SessionFilter, sessionFilter } from "../../pb_hooks/reading/session-filter.ts";
import { readPage, sessionPage } from "../../pb_hooks/reading/session-page.ts";
import { readUsage } from "../../pb_hooks/reading/usage.ts";
import { statsSql, usageSql } from "../../pb_hooks/reading/usage-sql.ts";
import { IS_FOUND } from "../../pb_hooks/search/narrow.ts";
import { plannedDatabase } from "../support/plans.ts";

// The plans of the very statements that the routes run, on a filled database, with and without SQLite's statistics.

const database = plannedDatabase(`
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 500)
  INSERT INTO sessions (id, user, externalId, source, projectName, createdAt, updatedAt, syncedAt, promptTokens)
  SELECT 's' || i, 'u' || (i % 7), 'ses_' || i, 'opencode', 'p' || (i % 9), i * 1000000, i * 2000000, i, i % 2 FROM n;
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 5000)
  INSERT INTO messages (id, user, session, externalId, role, createdAt, responseId, promptTokens, costSource, model)
  SELECT 'm' || i, 'u' || (i % 500 % 7), 's' || (i % 500), 'msg_' || i, 'user', i * 1000000, iif(i % 2, 'r' || (i / 4), ''), i % 3, 'unknown', 'm' || (i % 5)
  FROM n;
`);

const parametersOf = (rawQuery: string) => new Parameters({ request: { url: { rawQuery } } });
const filterOf = (query: string) => sessionFilter(parametersOf(query), "u1");
const page = (query: string) => sessionPage(readPage(parametersOf(query), false), filterOf(query)).sql;
const facets = (query: string) => facetCounts(parametersOf(query), filterOf(query)).sql;
/** The filter of a text that has found some sessions, which `textSessions` names. */
const withText = (query: string, isRare = false): SessionFilter => {
  const filter = filterOf(query);
  const conditions = new Map([...filter.conditions, ["text", IS_FOUND] as const]);
  return { ...filter, sql: allOf(conditions), conditions, text: { exactness: "{}", bound: 5, isRare } };
};
const textPage = (query: string) => sessionPage(readPage(parametersOf(query), true), withText(query)).sql;
const textFacets = (query: string) => facetCounts(parametersOf(query), withText(query)).sql;
const usage = (query: string) => usageSql(readUsage(parametersOf(query), "u1").shape);

const everything =
  "agent=a&model=m&provider=p&project=x&device=d&branch=b&tag=t&costSource=unknown&evalStatus=golden&status=deleted" +
  "&from=1700000000000&to=1800000000000&minCost=1&maxTokens=5&starred=1&evalReady=0&subagents=only&parent=s&title=x";

const STATEMENTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["updated", "created", "tokens", "cost", "duration", "messages"].flatMap((sort) => [
      [`a list by ${sort}`, page(`sort=${sort}`)],
      [`a later page by ${sort}`, page(`sort=${sort}&order=asc&cursor=${sort}-asc%7C5%7Cs5`)],
    ]),
  ),
  "a list by every filter": page(everything),
  "a list of what a text finds": textPage("sort=cost"),
  "its next page, by every filter": textPage(`sort=cost&cursor=cost-desc%7C5%7Cs5%7C5&${everything}`),
  "the facets": facets(""),
  "the facets under every filter": facets(everything),
  "the facets of what a text finds": textFacets(""),
  "the facets of what a text finds, under every filter": textFacets(everything),
  "where a session is": FIND_SESSION,
  "a session": READ_SESSION,
  "the days of usage": USED_DAYS,
  "usage of all": usage(""),
  "usage by day": usage("by=day"),
  "usage by day and agent": usage("by=day,agent"),
  "usage by month and project": usage("by=month,project"),
  "usage by two things": usage("by=project,model"),
  "usage by every filter": usage(`by=week,device&${everything}`),
  statistics: statsSql(readUsage(parametersOf(""), "u1").shape),
};

/** Stored tables by the names that the statements give them; `t` and `r` may also be lists inside JSON. */
const STORED =
  /^(SCAN|SEARCH) (s|u|m|p|o|e|d|t|c|x|sessions|messages|usage|session_digests|session_usage)\b(?!.*VIRTUAL TABLE)/;

const readsAll = (plan: readonly string[]) =>
  plan.filter((line) => line.startsWith("SCAN") && STORED.test(line) && !/^SCAN p$/.test(line));

describe.each(["without statistics", "with statistics"])("%s", (statistics) => {
  beforeAll(() => {
    if (statistics === "with statistics") database.execute("ANALYZE");
  });

  test.for(Object.entries(STATEMENTS))("%s reads no whole table, and of sessions only the user's own", ([, sql]) => {
    const plan = database.planOf(sql);
    expect(readsAll(plan)).toEqual([]);
    const ofSessions = plan.filter((line) => /^SEARCH (s|sessions|t)\b/.test(line) && !line.includes("VIRTUAL"));
    for (const line of ofSessions) expect(line).toMatch(/\((user|id)=\?/);
    for (const line of plan.filter((one) => /^SEARCH (u|usage)\b/.test(one)))
      expect(line).toContain("(user=? AND slot");
  });

  test.for(Object.entries(STATEMENTS).filter(([name]) => !/session$|is$/.test(name)))(
    "%s never looks at a message",
    ([, sql]) => {
      expect(database.planOf(sql).filter((line) => /\b(m|messages)\b USING/.test(line))).toEqual([]);
    },
  );

  test("a list by time is walked in its order, and any other is picked out of an index alone", () => {
    const picked = (sql: string) => {
      const plan = database.planOf(sql);
      // Sorted by itself, before the page is written into a table.
      const start = plan.findIndex(
        (line, index) => plan[index - 1] === "MATERIALIZE picked" && /^CO-ROUTINE/.test(line),
      );
      return plan.slice(start + 1, plan.indexOf(`SCAN ${plan[start]?.slice("CO-ROUTINE ".length)}`));
    };
    expect(picked(page(""))).toEqual(["SEARCH s USING COVERING INDEX sessions_newest (user=?)"]);
    expect(picked(page("sort=created"))).toEqual(["SEARCH s USING COVERING INDEX sessions_begun (user=?)"]);
    expect(picked(page("sort=cost"))).toEqual([
      "SEARCH s USING COVERING INDEX sessions_newest (user=?)",
      "USE TEMP B-TREE FOR ORDER BY",
    ]);
    expect(picked(page("project=x&title=y&tag=z"))[0]).toBe("SEARCH s USING COVERING INDEX sessions_newest (user=?)");
    expect(picked(textPage("sort=cost"))[0]).toBe("SEARCH s USING COVERING INDEX sessions_newest (user=?)");
  });

  test("a list walks through the sessions once where its page holds all that it finds, and counts them on it", () => {
    const looks = database.countCalls("looked_at");
    const all = Number(database.query("SELECT count(*) AS n FROM sessions WHERE user = 'u1'")[0]?.["n"]);
    const looksFor = (query: string, limit: number) => {
      const filter = filterOf(query);
      const sql = `${filter.sql} AND looked_at(s.id)`;
      const page = sessionPage(readPage(parametersOf(`${query}&limit=${limit}`), false), { ...filter, sql });
      looks();
      const [row] = database.query(page.sql, page.bindings as Record<string, string | number>);
      return { looks: looks(), total: JSON.parse(String(row?.["json"])).total };
    };
    expect(looksFor("sort=cost", 100)).toEqual({ looks: all, total: all });
    expect(looksFor("sort=cost", 10)).toEqual({ looks: 2 * all, total: all });
    const few = Number(
      database.query("SELECT count(*) AS n FROM sessions WHERE user = 'u1' AND projectName = 'p3'")[0]?.["n"],
    );
    expect(looksFor("project=p3", 100)).toEqual({ looks: few, total: few });
  });

  test("sessions of one place are counted as they come, without sorting", () => {
    const plan = database.planOf(facets(""));
    const places = plan.slice(plan.indexOf("MATERIALIZE places") + 1, plan.indexOf("SCAN places"));
    expect(places).toEqual(["SEARCH s USING COVERING INDEX sessions_places (user=?)"]);
  });

  test("what a text has found is looked up in one list for each walk, never sessions for each that was found", () => {
    const plan = database.planOf(textFacets(""));
    const places = plan.slice(plan.indexOf("MATERIALIZE places") + 1, plan.indexOf("SCAN places"));
    expect(places[0]).toBe("SEARCH s USING COVERING INDEX sessions_places (user=?)");
    expect(places.filter((line) => line.startsWith("LIST SUBQUERY"))).toHaveLength(1);
    const ofSessions = plan.filter((line) => /^(SEARCH|SCAN) s\b/.test(line));
    for (const line of ofSessions)
      expect(line).toMatch(/^SEARCH s USING (COVERING )?INDEX sessions_places \(user=\?\)$/);
  });

  test("where a text was found in few sessions these are looked up by row, and no index is walked through", () => {
    const filter = withText(everything, true);
    const statements = [
      sessionPage(readPage(parametersOf("sort=cost"), true), filter).sql,
      facetCounts(parametersOf(""), filter).sql,
    ];
    for (const plan of statements.map(database.planOf)) {
      const ofSessions = plan.filter((line) => /^(SEARCH|SCAN) s\b/.test(line));
      expect(ofSessions.length).toBeGreaterThan(1);
      for (const line of ofSessions)
        expect(line).toMatch(/^SEARCH s USING (INTEGER PRIMARY KEY \(rowid=\?\)|INDEX \w+ \(id=\?\))$/);
    }
  });

  test("usage of all time by what sessions are is taken from the sums of whole sessions, found by their key", () => {
    const plan = database.planOf(usage("by=day,agent"));
    const whole = plan.slice(plan.indexOf("MATERIALIZE whole") + 1);
    expect(whole.filter((line) => /^SEARCH (s|c)\b/.test(line)).slice(0, 2)).toEqual([
      "SEARCH s USING COVERING INDEX sessions_begun (user=? AND createdAt>? AND createdAt<?)",
      "SEARCH c USING PRIMARY KEY (user=? AND session=?) LEFT-JOIN",
    ]);
    for (const query of ["by=day,agent&from=1700000000000", "by=day,agent&model=m", "by=agent,model", "by=day"])
      expect(database.planOf(usage(query))).not.toContain("MATERIALIZE whole");
  });

  test("what has no price is found among the rows of the roll-up without one", () => {
    const plan = database.planOf(usage("by=day"));
    const unpriced = plan.slice(plan.indexOf("MATERIALIZE unpriced") + 1);
    expect(unpriced[1]).toBe("SEARCH u USING COVERING INDEX usage_unpriced (user=? AND slot>? AND slot<?)");
    expect(plan.filter((line) => /^SEARCH (o|p)\b/.test(line))).toEqual([
      "SEARCH o USING COVERING INDEX sessions_by_id (id=?)",
    ]);
  });

  test("usage by time alone is summed up as it comes, without sorting, and without the sessions of its rows", () => {
    const plan = database.planOf(usage("by=day"));
    const said = plan.slice(plan.indexOf("MATERIALIZE said") + 1, plan.indexOf("MATERIALIZE begun"));
    expect(said.slice(0, 2)).toEqual([
      "SCAN b VIRTUAL TABLE INDEX 1:",
      "SEARCH u USING PRIMARY KEY (user=? AND slot>? AND slot<?)",
    ]);
    expect(said.filter((line) => /TEMP B-TREE|SEARCH p/.test(line))).toEqual([]);
    const begun = plan.slice(plan.indexOf("MATERIALIZE begun") + 1, plan.indexOf("MATERIALIZE counted"));
    expect(begun.slice(0, 2)).toEqual([
      "SCAN b VIRTUAL TABLE INDEX 1:",
      "SEARCH s USING COVERING INDEX sessions_begun (user=? AND createdAt>? AND createdAt<?)",
    ]);
    expect(begun[2]).toBe("SCAN begun");
  });
});

test("these checks see a scan", () => {
  expect(readsAll(database.planOf("SELECT * FROM sessions s WHERE s.title = 'x'"))).toHaveLength(1);
});
