import { READ_STAMP } from "../../curation/sql.ts";
import { ingest, type Outcome, type Problem } from "../../ingest/ingest.ts";
import { signalActivity } from "../../lib/activity.ts";
import { badRequest } from "../../lib/errors.ts";
import type { Reader } from "../../lib/reader.ts";
import { execute, queryOne } from "../../lib/vm.ts";
import { addOwnerPrices } from "../../prices/owner-price.ts";
import * as sql from "./import-sql.ts";
import { readPrices } from "./prices.ts";

/** What became of some pieces of an archive. */
export interface Imported {
  /** Valid sessions and messages, now stored as they are in the archive unless the account has newer ones. */
  readonly sessions: number;
  readonly messages: number;
  /** Prices of the owner's that were set. */
  readonly prices: number;
  /** Rows that became different. */
  readonly changed: { readonly sessions: number; readonly messages: number };
  readonly problems: readonly Problem[];
  /** What is wrong with prices, and that they were left out. */
  readonly priceProblems: readonly string[];
}

/** Who imports. */
export interface Importer extends Reader {
  /** Whether what this caller says of prices counts, for everybody on the server. */
  readonly setsPrices: boolean;
}

/** The versions of the format that are read. */
const VERSIONS = [1, 2];

const CHECK = /^\{"check":\{"sha256":"([0-9a-f]{64})"\}\}$/;
const HEADER = /^\{"format":"([^"]*)","version":(\d+),/;

/** How the lines begin, each followed by its value and a brace; a message may have a mark in between. */
const BEGINNINGS = {
  sessions: '{"session":',
  messages: '{"message":',
  states: '{"state":',
  tombstones: '{"tombstone":',
  prices: '{"price":',
};
type Kind = keyof typeof BEGINNINGS;
const KINDS = ["messages", "sessions", "states", "tombstones", "prices"] as const satisfies Kind[];
const GUESSED = ',"guessed":true';

/** The values of the lines, by kind, as JSON that nobody has looked into yet. */
type Values = Record<Kind | "guesses", string[]>;

/**
 * Takes whole pieces of an archive into an account: as if their agents had sent them, and then what people had added.
 * The same pieces once more change nothing.
 * @param body lines, the last one a check or the end
 * @throws HttpError 400 when a piece is cut off, damaged or of another format; nothing is stored then
 */
export function readArchive(app: core.App, { userId: user, keyId, setsPrices }: Importer, body: string): Imported {
  const values = readLines(body);
  const states = listOf(app, values.states);
  const tombstones = listOf(app, values.tombstones);
  const { prices, problems: priceProblems } = readPrices(app, listOf(app, values.prices));
  const sessions = `[${values.sessions.join(",")}]`;
  const batch = `{"sessions":${sessions},"messages":[${values.messages.join(",")}]}`;
  const guessed = `[${values.guesses.join(",")}]`;
  let outcome: Outcome | undefined;
  // One transaction: what is refused, or fails half-way, leaves no guess that was taken as stated.
  app.runInTransaction((txApp) => {
    execute(txApp, sql.HOLD_SESSIONS, { user, sessions });
    execute(txApp, sql.HOLD_MESSAGES, { user, messages: guessed });
    outcome = ingest(txApp, { userId: user, keyId, device: "" }, batch, "batch");
    takeStates(txApp, user, { states, tombstones, messages: guessed });
  });
  if (!outcome) throw new Error("the transaction ended without an outcome");
  if (!setsPrices && prices.length > 0) priceProblems.push(leftOut(prices.length));
  const added = setsPrices ? addOwnerPrices(app, prices) : 0;
  return { ...outcome.valid, prices: added, changed: outcome.changed, problems: outcome.problems, priceProblems };
}

/** Takes in what people added, and what nobody had stated. */
function takeStates(
  txApp: core.App,
  user: string,
  lists: Readonly<Record<"states" | "tombstones" | "messages", string>>,
): void {
  const now = Date.now();
  const { stamp } = queryOne(txApp, READ_STAMP, { user, now }, { stamp: 0 }) ?? { stamp: 0 };
  execute(txApp, sql.CREATE_STATES, {});
  execute(txApp, sql.STAGE_STATES, { user, now, states: lists.states });
  const changed = execute(txApp, sql.TAKE_STATES, { user, stamp });
  execute(txApp, sql.TAKE_STATED, { user });
  execute(txApp, sql.CLEAR_STATES, {});
  const gone = execute(txApp, sql.TAKE_TOMBSTONES, { user, tombstones: lists.tombstones, stamp });
  execute(txApp, sql.TAKE_GUESSES, { user, messages: lists.messages });
  if (changed + gone > 0) signalActivity(txApp, user);
}

function leftOut(prices: number): string {
  const what = prices === 1 ? "1 price was" : `${prices} prices were`;
  return `prices: ${what} left out: only the owner of a server sets its prices, signed in and not with a key`;
}

/** Values as a JSON list. */
function listOf(app: core.App, values: readonly string[]): string {
  const list = `[${values.join(",")}]`;
  const { isValid } = queryOne(app, "SELECT json_valid({:list}) AS isValid", { list }, { isValid: 0 }) ?? {
    isValid: 0,
  };
  if (isValid === 0) throw badRequest("The archive's lines are not JSON.");
  return list;
}

/**
 * The lines that hold data, after every piece was compared with its digest.
 * @throws HttpError 400
 */
function readLines(body: string): Values {
  if (body.trim() === "") throw badRequest("The body is empty: expected pieces of an archive.");
  const values: Values = { sessions: [], messages: [], states: [], tombstones: [], prices: [], guesses: [] };
  let piece: string[] = [];
  for (const line of body.split("\n")) {
    const check = line.startsWith('{"check":') ? CHECK.exec(line)?.[1] : undefined;
    if (check !== undefined) {
      if ($security.sha256(`${piece.join("\n")}\n`) !== check) {
        throw badRequest("A piece of the archive is damaged: its digest is another one than the archive says.");
      }
      for (const each of piece) if (!isHeader(each)) takeValue(values, each);
      piece = [];
    } else if (line !== "" && !(piece.length === 0 && line.startsWith('{"end":'))) {
      piece.push(line);
    }
  }
  if (piece.length > 0) throw badRequest("The archive is cut off: its last piece has no line with its digest.");
  return values;
}

function isHeader(line: string): boolean {
  const header = line.startsWith('{"format":') ? HEADER.exec(line) : null;
  if (!header) return false;
  if (header[1] === "opensync-archive" && VERSIONS.includes(Number(header[2]))) return true;
  throw badRequest(`This is not an archive of version ${VERSIONS.join(" or ")} of OpenSync's format.`);
}

function takeValue(values: Values, line: string): void {
  const kind = KINDS.find((each) => line.startsWith(BEGINNINGS[each]));
  if (kind === undefined || !line.endsWith("}")) {
    throw badRequest(`The archive has a line of an unknown kind: ${line.slice(0, 40)}`);
  }
  const isGuessed = kind === "messages" && line.endsWith(`${GUESSED}}`);
  const value = line.slice(BEGINNINGS[kind].length, isGuessed ? -1 - GUESSED.length : -1);
  values[kind].push(value);
  if (isGuessed) values.guesses.push(value);
}
