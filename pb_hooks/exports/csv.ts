import { type Bindings, queryOne } from "../lib/vm.ts";
import type { SessionFilter } from "../reading/session-filter.ts";
import { countOf } from "../reading/session-page.ts";
import { requireAll } from "./complete.ts";
import { isoTime, TITLE } from "./formats/session-format.ts";

/** Sessions that one statement writes. */
const PAGE_SESSIONS = 500;

/** A cell begins a formula with one of these: a spreadsheet would run what an agent or a web page has written. */
const FORMULA = "'=', '+', '-', '@', char(9), char(13), char(10)";

/** A text as a cell, in quotes where it needs them. A quote mark before it keeps a spreadsheet from calculating it. */
function cell(text: string): string {
  return `(SELECT CASE WHEN t GLOB '*[,"' || char(10, 13) || ']*' THEN '"' || replace(t, '"', '""') || '"' ELSE t END
    FROM (SELECT iif(substr(t, 1, 1) IN (${FORMULA}), '''' || t, t) AS t FROM (SELECT ${text} AS t LIMIT -1) LIMIT -1))`;
}

/** The first version's columns under its names; ours come behind them. Costs and durations that nobody knows are empty, not 0. */
const COLUMNS: readonly (readonly [name: string, value: string])[] = [
  ["Session ID", "s.id"],
  ["External ID", cell("s.externalId")],
  ["Source", cell("s.source")],
  ["Title", cell(`iif(s.customTitle = '' AND s.title = '', '', ${TITLE})`)],
  ["Project Name", cell("s.projectName")],
  ["Project Path", cell("s.projectPath")],
  ["Model", cell("s.model")],
  ["Provider", cell("s.provider")],
  ["Prompt Tokens", "s.promptTokens"],
  ["Completion Tokens", "s.completionTokens"],
  ["Total Tokens", "s.promptTokens + s.completionTokens"],
  ["Cost", "iif(s.costSource IN ('reported', 'computed'), printf('%.6f', s.cost), '')"],
  ["Duration (ms)", "iif(s.durationMs > 0, s.durationMs, '')"],
  ["Message Count", "s.messageCount"],
  ["Is Public", "'false'"],
  ["Public Slug", "''"],
  ["Created At", isoTime("s.createdAt")],
  ["Updated At", isoTime("s.updatedAt")],
  ["Cost Source", "s.costSource"],
  ["Device", cell("s.device")],
  ["Git Branch", cell("s.gitBranch")],
  ["Tool Call Count", "s.toolCallCount"],
  ["Tags", cell("coalesce((SELECT group_concat(value, ', ') FROM json_each(s.tags)), '')")],
  ["Starred", "iif(s.starred, 'true', 'false')"],
  ["Eval Status", cell("s.evalStatus")],
  ["Parent External ID", cell("s.parentExternalId")],
];

const ROW = COLUMNS.map(([, value]) => `(${value})`).join(" || ',' || ");

/**
 * Writes the sessions of a filter as CSV, newest first.
 * @throws when one of them is missing
 */
export function writeCsv(app: core.App, filter: SessionFilter, write: (text: string) => void): void {
  const sql = csvPage(filter.sql);
  const count = () => queryOne(app, `SELECT (${countOf(filter)}) AS n`, filter.bindings, { n: 0 })?.n ?? 0;
  // Counted before anything is written: storage that cannot be read is an error then, and not a file that breaks off.
  const before = count();
  write(`${COLUMNS.map(([name]) => name).join(",")}\r\n`);
  let written = 0;
  for (let [time, id] = [Number.MAX_SAFE_INTEGER, ""]; ; ) {
    const bindings: Bindings = { ...filter.bindings, time, id };
    const page = queryOne(app, sql, bindings, { text: "", sessions: 0, lastTime: 0, lastId: "" });
    if (!page || page.sessions === 0) break;
    write(page.text);
    written += page.sessions;
    [time, id] = [page.lastTime, page.lastId];
  }
  requireAll("sessions", written, before, count());
}

/** `{text, sessions, lastTime, lastId}`. Bind what the filter binds, `time` and `id` of the last session before. */
export function csvPage(condition: string): string {
  return `WITH picked AS MATERIALIZED (
  SELECT s.id, s.createdAt FROM sessions s INDEXED BY sessions_begun
  WHERE ${condition} AND (s.createdAt, s.id) < ({:time}, {:id}) ORDER BY s.createdAt DESC, s.id DESC LIMIT ${PAGE_SESSIONS})
SELECT coalesce((SELECT group_concat(${ROW} || char(13, 10), '' ORDER BY p.createdAt DESC, p.id DESC)
    FROM picked p CROSS JOIN sessions s ON s.id = p.id), '') AS text,
  count(*) AS sessions, coalesce(min(createdAt), 0) AS lastTime,
  coalesce((SELECT id FROM picked ORDER BY createdAt, id LIMIT 1), '') AS lastId FROM picked`;
}
