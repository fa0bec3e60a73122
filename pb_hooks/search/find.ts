// Which sessions a page of a search has, and how exact that is.

import { decodeCursor, encodeCursor } from "../lib/page.ts";
import { queryOne } from "../lib/vm.ts";
import { bindingsOf, END_OF_TIME, type Found, numberRows, Scan, type ScanSearch, type Search } from "./scan.ts";
import { rankSql, STILL_AHEAD, walkSql } from "./statements.ts";
import { findTitles, MAX_TITLES, NO_TITLES, type ShownTitles } from "./titles.ts";

/** A page of sessions, best first. */
export interface Page {
  readonly sessions: readonly Found[];
  /** "" when this is the last one. */
  readonly nextCursor: string;
  /** Whether all matches were looked at, or the ones before this page: then the order is the true one. */
  readonly isExact: boolean;
  /** By relevance: how many matching messages were compared. */
  readonly ranked?: number;
  /** All messages newer than this were looked at, in epoch milliseconds; -1 = all there are, or as many as it takes. */
  readonly searchedBackTo: number;
}

/** A search with what is needed for one page. */
export interface PagedSearch extends Omit<Search, "until" | "skipped"> {
  /** Whether any word must be there: a title is found only by one. */
  readonly hasWords: boolean;
  /** The query within what was said, without tools and thinking. */
  readonly textMatch: string;
  readonly limit: number;
  readonly cursor: string;
}

/** Time for looking on, in milliseconds; what was found until then is the page, and the next one goes on from there. */
const NEWEST_MS = 150;
const RELEVANCE_MS = 45;

/** Sessions of earlier pages that a cursor names: it must fit into an address. */
const MAX_SEEN = 1_500;

/** Matching messages that are compared by relevance: the newest ones. */
const MAX_RANKED = 1_000;

/** The sessions with the newest matches first, each once. */
export function findNewest(search: PagedSearch): Page {
  const [until = END_OF_TIME, seenText = ""] =
    search.cursor === "" ? [] : decodeCursor(search.cursor, ["number", "text"]);
  const seen = String(seenText)
    .split(".")
    .map((text) => Number.parseInt(text, 36))
    .filter((one) => one > 0);
  const bounded = { ...search, until: Number(until), skipped: JSON.stringify(seen) };
  // More titles than one page shows cannot matter: what is found in messages only puts them further back.
  const titles = search.hasWords ? findTitles(bounded, { limit: search.limit + 1, ...FIRST }) : NO_TITLES;
  const ofTitles = titles.shown;
  const scan = new Scan({ ...bounded, titled: titles.sessions }, NEWEST_MS);
  const settled = () => [...ofTitles, ...scan.found.values()].filter(({ at }) => at > scan.bound);
  // Out of time it ends only where the next page has less to do: it got further back, or found something to leave out.
  const mayEnd = () => scan.isOutOfTime && (scan.bound < bounded.until || scan.found.size + ofTitles.length > 0);
  for (let have = 0; !scan.isComplete && have <= search.limit && !mayEnd(); have = settled().length) {
    scan.step(have, search.limit + 1);
  }
  const exact = settled();
  const isSettled = scan.isComplete || exact.length > 0 || scan.bound < bounded.until;
  const all = (isSettled ? exact : [...ofTitles, ...scan.found.values()]).sort(byTime);
  const sessions = all.slice(0, search.limit);
  const last = sessions.at(-1);
  const hasMore = all.length > search.limit || !scan.isComplete;
  let nextUntil = bounded.until;
  if (isSettled) nextUntil = all.length > search.limit && last ? last.at : scan.bound;
  return {
    sessions,
    isExact: isSettled && titles.count < MAX_TITLES,
    searchedBackTo: scan.isComplete ? -1 : scan.bound,
    nextCursor: hasMore ? newestCursor(search, nextUntil, [...seen, ...sessions.map(({ session }) => session)]) : "",
  };
}

/** Only the sessions that could come up again are named: those with older messages. */
function newestCursor({ app, userId }: PagedSearch, until: number, seen: readonly number[]): string {
  const bindings = { user: userId, until, seen: JSON.stringify(seen.slice(-MAX_SEEN)) };
  const ahead = queryOne(app, STILL_AHEAD, bindings, { found: "" })?.found ?? "";
  return encodeCursor([
    until,
    numberRows(ahead)
      .map(([session = 0]) => session.toString(36))
      .join("."),
  ]);
}

/** A session with the kind of its best match: 0 title, 1 prompt, 2 answer, 3 tools and thinking. */
interface Ranked extends Found {
  readonly tier: number;
}

/**
 * Matches in titles first, then in prompts, in answers, and in what tools were given and answered; the newest first in
 * each. Compared are the newest matches, so that the most frequent word costs no more than others.
 */
export function findRelevant(search: PagedSearch): Page {
  const kinds = ["number", "number", "number", "number"] as const;
  const after = search.cursor === "" ? undefined : decodeCursor(search.cursor, kinds).map(Number);
  const bounded = { ...search, until: END_OF_TIME, skipped: "[]" };
  const place = placeAfter(after);
  const titles = findTitles(bounded, { limit: search.limit + 1, ...titlesAfter(place) });
  const floor = after?.[0] ?? END_OF_TIME;
  const ofTitles = titles.shown.map((one): Ranked => ({ ...one, tier: 0 }));
  // Titles alone fill the page: no message can come before them.
  if (ofTitles.length > search.limit) {
    const isExact = titles.count < MAX_TITLES;
    return { ...pageOf(ofTitles, search.limit, floor), isExact, ranked: titles.count, searchedBackTo: -1 };
  }
  const scanned = { ...bounded, titled: titles.sessions };
  const scan = new Scan(scanned, RELEVANCE_MS);
  // A further page compares the very same messages.
  if (floor < END_OF_TIME) scan.stepDownTo(floor);
  else
    do scan.step(scan.hits, MAX_RANKED);
    while (!scan.isComplete && scan.hits < MAX_RANKED && !scan.isOutOfTime);
  const rest = [...ofTitles, ...rank(scan, scanned, place)];
  return {
    ...pageOf(rest, search.limit, Math.min(floor, scan.bound)),
    isExact: scan.isComplete,
    ranked: scan.hits + titles.count,
    searchedBackTo: scan.isComplete ? -1 : scan.bound,
  };
}

/** The place before the first title. */
const FIRST = { afterAt: END_OF_TIME, afterSession: 0 };

/** The place in the order after which a page begins. */
interface Place {
  readonly afterTier: number;
  readonly afterAt: number;
  readonly afterSession: number;
}

function placeAfter(after: readonly number[] | undefined): Place {
  if (after === undefined) return { afterTier: -1, ...FIRST };
  const [, afterTier = 0, afterAt = 0, afterSession = 0] = after;
  return { afterTier, afterAt, afterSession };
}

/** Titles come before all other kinds. */
function titlesAfter({ afterTier, afterAt, afterSession }: Place): Omit<ShownTitles, "limit"> {
  if (afterTier < 0) return FIRST;
  return afterTier > 0 ? { afterAt: -1, afterSession: 0 } : { afterAt, afterSession };
}

function pageOf(rest: readonly Ranked[], limit: number, floor: number): Pick<Page, "sessions" | "nextCursor"> {
  const sessions = rest.slice(0, limit);
  const last = sessions.at(-1);
  const hasMore = rest.length > limit && last !== undefined;
  return { sessions, nextCursor: hasMore ? encodeCursor([floor, last.tier, last.at, last.session]) : "" };
}

/** The next sessions of what a scan has found, best first: as many as a page has, and one. */
function rank(scan: Scan, search: ScanSearch & PagedSearch, place: Place): Ranked[] {
  if (scan.hits === 0) return [];
  const { app, filters, textMatch, limit } = search;
  const bindings = { ...bindingsOf(search), ...place, textMatch, limit: limit + 1 };
  const of = { found: scan.foundJson, ranges: scan.rangesJson };
  const found = queryOne(app, rankSql(filters), { ...bindings, ...of }, { found: "" })?.found ?? "";
  return numberRows(found).map(([session = 0, at = 0, hit = 0, hits = 0, tier = 0]) => {
    return { session, at, hit, hits, tier };
  });
}

function byTime(a: Found, b: Found): number {
  return b.at - a.at || b.session - a.session;
}

/** Sessions by their last activity, for searches that ask nothing of messages. */
export function findByActivity(search: PagedSearch): Page {
  const { app, userId, filters, limit, cursor } = search;
  const [until = END_OF_TIME, untilSession = 0] = cursor === "" ? [] : decodeCursor(cursor, ["number", "number"]);
  const bindings = { ...filters.bindings, user: userId, until, untilSession, limit: limit + 1 };
  const found = queryOne(app, walkSql(filters), bindings, { found: "" })?.found ?? "";
  const all = numberRows(found).map(([session = 0, at = 0]) => ({ session, at, hit: 0, hits: 0 }));
  const sessions = all.slice(0, limit);
  const last = sessions.at(-1);
  const nextCursor = all.length > limit && last ? encodeCursor([last.at, last.session]) : "";
  return { sessions, nextCursor, isExact: true, searchedBackTo: nextCursor === "" ? -1 : (last?.at ?? -1) };
}

/** For a text without anything that could be looked for. */
export function findNothing(): Page {
  return { sessions: [], nextCursor: "", isExact: true, searchedBackTo: -1 };
}
