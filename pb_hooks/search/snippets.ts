// Where in a message or title something was found.

import { queryAll } from "../lib/vm.ts";
import { type Excerpt, excerptOf, marksIn, type Needle } from "./excerpt.ts";
import type { Expansions } from "./match.ts";
import type { SearchQuery, Term } from "./query.ts";
import type { Found } from "./scan.ts";
import { READ_FOUND_PARTS, READ_FOUND_TEXTS, READ_TITLES } from "./statements.ts";

/** Needles of one search at most. */
const MAX_NEEDLES = 40;

/** What stands between the words of a phrase or name, as far as it is in ASCII. */
const SIGNS = /[\s!-/:-@[-`{-~]+/;
const OUTER_SIGNS = /^[\s!-/:-@[-`{-~]+|[\s!-/:-@[-`{-~]+$/g;

/** A row of a page: `[session, hit, hits, place, snippet, marks]`; place "" = no excerpt. */
type PageRow = readonly [number, number, number, string, string, Excerpt["marks"]];

/** A page for `ANSWER`, as JSON. */
export function pageWithSnippets(
  app: core.App,
  userId: string,
  sessions: readonly Found[],
  needles: readonly Needle[],
): string {
  const excerpts = readExcerpts(app, userId, sessions, needles);
  const titles = needles.length === 0 ? new Map<number, string>() : readTitles(app, userId, sessions);
  const rows = sessions.map(({ session, hit, hits }): PageRow => {
    const title = titles.get(session);
    if (title !== undefined) return [session, hit, hits, "title", title, marksIn(title, needles)];
    const { place, snippet, marks } = excerpts.get(hit) ?? { place: "", snippet: "", marks: [] };
    return [session, hit, hits, place, snippet, marks];
  });
  return JSON.stringify(rows);
}

/** The words and phrases of a search. */
export function needlesOf({ groups }: SearchQuery, names: Expansions): Needle[] {
  const needles = groups
    .flat()
    .flatMap((term) => [
      needleOf(term),
      ...(names.get(term.text.toLowerCase()) ?? []).map((text) => ({ text, isPrefix: false })),
    ]);
  return needles.filter(({ text }) => text !== "").slice(0, MAX_NEEDLES);
}

function needleOf({ text, isPrefix }: Term): Needle {
  const small = text.toLowerCase();
  const words = small.split(SIGNS).filter((word) => word !== "");
  const pieces = words.map((word, index) => ({ text: word, isPrefix: isPrefix && index === words.length - 1 }));
  const whole = small.replace(OUTER_SIGNS, "");
  return pieces.length > 1 ? { text: whole, isPrefix, pieces } : { text: whole, isPrefix };
}

interface Placed extends Excerpt {
  readonly place: string;
}

/** By message, where something was found: in what was said, else in what tools were given and answered. */
function readExcerpts(
  app: core.App,
  user: string,
  sessions: readonly Found[],
  needles: readonly Needle[],
): Map<number, Placed> {
  const shape = { hit: 0, place: "", text: "", rank: 0 };
  const words = JSON.stringify(
    needles.flatMap(({ text, pieces = [] }) => [text, ...pieces.map((piece) => piece.text)]),
  );
  const found = new Map<number, Placed>();
  let missing = sessions.map(({ hit }) => hit).filter((hit) => hit > 0);
  for (const sql of [READ_FOUND_TEXTS, READ_FOUND_PARTS]) {
    if (missing.length === 0 || needles.length === 0) return found;
    for (const { hit, place, text } of queryAll(app, sql, { user, words, hits: JSON.stringify(missing) }, shape)) {
      const excerpt = excerptOf(text, needles);
      if (excerpt.marks.length > 0 || !found.has(hit)) found.set(hit, { place, ...excerpt });
    }
    missing = missing.filter((hit) => (found.get(hit)?.marks.length ?? 0) === 0);
  }
  return found;
}

function readTitles(app: core.App, user: string, sessions: readonly Found[]): Map<number, string> {
  const ofTitles = sessions.filter(({ hit }) => hit === 0).map(({ session }) => session);
  if (ofTitles.length === 0) return new Map();
  const rows = queryAll(app, READ_TITLES, { user, sessions: JSON.stringify(ofTitles) }, { session: 0, title: "" });
  return new Map(rows.map(({ session, title }) => [session, title]));
}
