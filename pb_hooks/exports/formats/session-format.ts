// SQL is written with these short words for texts.

export const LINE = "char(10)";

/** SQL that joins texts; none of them may be NULL. */
export function joined(...pieces: readonly string[]): string {
  return `(${pieces.join(" || ")})`;
}

/** SQL of a text constant. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** SQL of a text without its line breaks. */
export function oneLine(text: string): string {
  return `replace(replace(${text}, char(13), ''), ${LINE}, ' ')`;
}

/** SQL of an ISO date and time of epoch milliseconds. */
export function isoTime(time: string): string {
  return `strftime('%Y-%m-%dT%H:%M:%SZ', ${time} / 1000, 'unixepoch')`;
}

/** SQL of the shown title of a row of `sessions s`. */
export const TITLE = "coalesce(nullif(s.customTitle, ''), nullif(s.title, ''), 'Untitled')";

/** SQL of a cost for people; an unknown one is not 0, and one that leaves messages out says so. */
const LEFT_OUT = `iif(s.unpricedMessages > 0, printf(', without %d of unknown cost', s.unpricedMessages), '')`;
const COST = `iif(s.costSource IN ('reported', 'computed'), printf('$%.4f', s.cost) || ${LEFT_OUT}, 'unknown')`;

/** What people want to know of a session: label and SQL of its text, "" where there is nothing to say. */
export const FACTS: readonly (readonly [label: string, value: string])[] = [
  ["Agent", "s.source"],
  ["Project", "coalesce(nullif(s.projectPath, ''), s.projectName)"],
  ["Branch", "s.gitBranch"],
  ["Device", "s.device"],
  ["Model", "s.model"],
  ["Tokens", "iif(s.promptTokens + s.completionTokens > 0, printf('%,d', s.promptTokens + s.completionTokens), '')"],
  ["Cost", COST],
  ["Date", isoTime("s.createdAt")],
  ["Session", "s.externalId"],
];

/** How a session becomes a file. All texts are SQL. */
export interface SessionFormat {
  readonly contentType: string;
  readonly ending: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of a row of `sessions s`. */
  readonly head: string;
  /** Of a row of `messages m`. */
  readonly message: string;
  /** Put between two messages. */
  readonly separator?: string;
  /** A constant. */
  readonly foot: string;
}
