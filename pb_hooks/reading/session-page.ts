import { badRequest } from "../lib/errors.ts";
import { decodeCursor, MAX_CURSOR_LENGTH } from "../lib/page.ts";
import type { Parameters } from "../lib/parameters.ts";
import type { Bindings } from "../lib/vm.ts";
import { exactnessMember, type SessionFilter, sessionsOf } from "./session-filter.ts";
import { SESSION_JSON } from "./session-json.ts";

/** Sessions that one page may have, some 6 MB. Programs for the first version, which knew no pages, ask for thousands. */
const MAX_PAGE = 10_000;

/** What sessions can be sorted by, and the SQL of it. Fractions are written so that they come back exactly. */
const ORDERS = {
  updated: { value: "s.updatedAt", written: "p.value" },
  created: { value: "s.createdAt", written: "p.value" },
  tokens: { value: "s.promptTokens + s.completionTokens", written: "p.value" },
  cost: { value: "s.cost", written: "printf('%!.17g', p.value)" },
  duration: { value: "s.durationMs", written: "p.value" },
  messages: { value: "s.messageCount", written: "p.value" },
} as const;
type OrderName = keyof typeof ORDERS;
const ORDER_NAMES = ["updated", "created", "tokens", "cost", "duration", "messages"] as const satisfies OrderName[];

/** Which page of a list of sessions is asked for. */
export interface AskedPage {
  readonly sort: OrderName;
  readonly direction: "asc" | "desc";
  readonly limit: number;
  /** The row before the page; absent for the first one. */
  readonly after?: {
    readonly value: string | number;
    readonly id: string | number;
    /** How far the text was searched for, where there is one: see `FilteredText.bound`. */
    readonly textBound: number;
  };
}

/**
 * Reads the parameters `sort`, `order`, `limit`, `cursor`.
 * @param hasText whether a text is part of the filter: then the cursor says how far it was searched for
 * @throws HttpError 400 for a malformed value
 */
export function readPage(parameters: Parameters, hasText: boolean): AskedPage {
  const sort = parameters.oneOf("sort", ORDER_NAMES, "updated");
  const direction = parameters.oneOf("order", ["desc", "asc"], "desc");
  const limit = parameters.integer("limit", { absent: 50, min: 1, max: MAX_PAGE });
  const cursor = parameters.text("cursor", MAX_CURSOR_LENGTH);
  if (cursor === "") return { sort, direction, limit };
  const kinds = ["text", "number", "text", ...(hasText ? (["number"] as const) : [])] as const;
  const [question, value = 0, id = "", textBound = -1] = decodeCursor(cursor, kinds);
  if (question !== `${sort}-${direction}`) throw badRequest("cursor: expected the cursor of a page in the same order");
  return { sort, direction, limit, after: { value, id, textBound: Number(textBound) } };
}

/**
 * The statement for one page of sessions as the answer's JSON: `{sessions, nextCursor, total?, exactness?}`. `total` is
 * counted for the first page only.
 */
export function sessionPage(asked: AskedPage, filter: SessionFilter): { sql: string; bindings: Bindings } {
  const { sort, direction, limit, after } = asked;
  const bindings: Bindings = { ...filter.bindings, limit, more: limit + 1 };
  if (after) Object.assign(bindings, { afterValue: after.value, afterId: after.id });
  if (filter.text) Object.assign(bindings, { exactness: filter.text.exactness, textBound: filter.text.bound });
  const place = after
    ? `AND (${ORDERS[sort].value}, s.id) ${direction === "desc" ? "<" : ">"} ({:afterValue}, {:afterId})`
    : "";
  const members = `${after ? "" : `, 'total', ${totalOf(filter)}`}${exactnessMember(filter)}`;
  return { sql: pageSql(filter, sort, direction, place, members), bindings };
}

/** The statement that counts the sessions of a filter. */
export function countOf(filter: SessionFilter): string {
  return `SELECT count(*) FROM ${sessionsOf(filter, "sessions_newest")} WHERE ${filter.sql}`;
}

/** SQL of that number beside a page: where all are on the page they are counted there, without another walk. */
function totalOf(filter: SessionFilter): string {
  return `CASE WHEN (SELECT count(*) FROM picked) <= {:limit} THEN (SELECT count(*) FROM picked)
    ELSE (${countOf(filter)}) END`;
}

/** Picks the page out of an index alone, and looks up the rows of the page only. */
function pageSql(
  filter: SessionFilter,
  sort: OrderName,
  direction: "asc" | "desc",
  after: string,
  members: string,
): string {
  const { value, written } = ORDERS[sort];
  const textBound = filter.text ? "|| '|' || {:textBound}" : "";
  const index = sort === "created" ? "sessions_begun" : "sessions_newest";
  // Sorted right into a table SQLite takes half as long again; the condition keeps it from putting the two into one.
  return `WITH picked AS MATERIALIZED (SELECT id, value FROM (
  SELECT s.id, ${value} AS value FROM ${sessionsOf(filter, index)}
  WHERE ${filter.sql} ${after} ORDER BY value ${direction}, s.id ${direction} LIMIT {:more}) WHERE true),
shown AS MATERIALIZED (SELECT id, value FROM picked ORDER BY value ${direction}, id ${direction} LIMIT {:limit})
SELECT json_object(
  'sessions', (SELECT json_group_array(${SESSION_JSON} ORDER BY p.value ${direction}, p.id ${direction})
    FROM shown p CROSS JOIN sessions s ON s.id = p.id),
  'nextCursor', iif((SELECT count(*) FROM picked) > {:limit},
    (SELECT '${sort}-${direction}|' || ${written} || '|' || p.id ${textBound} FROM shown p ORDER BY p.value ${opposite(direction)}, p.id ${opposite(direction)} LIMIT 1), NULL)
  ${members}) AS json`;
}

function opposite(direction: "asc" | "desc"): string {
  return direction === "asc" ? "desc" : "asc";
}
