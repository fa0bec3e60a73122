// Goes through the messages of a user from the newest block to the oldest, and stops as soon as it may.

import { type Bindings, queryOne } from "../lib/vm.ts";
import { BLOCK_ROWS } from "./aids.ts";
import type { Filters } from "./filters.ts";
import { READ_BLOCKS, READ_EXTENT, scanSql } from "./statements.ts";

/** A session that was found. Sessions and messages go by rowid: the shortest name that a list of them can have. */
export interface Found {
  readonly session: number;
  /** Its place in the order: when its newest match was written, in epoch milliseconds. */
  readonly at: number;
  /** The match; 0 = the title. */
  readonly hit: number;
  /** Matching messages, as far as was looked. */
  readonly hits: number;
}

/** What to look for, and where. */
export interface Search {
  readonly app: core.App;
  readonly userId: string;
  /** The FTS5 query, which begins with the owner. */
  readonly match: string;
  readonly filters: Filters;
  /** Only messages that are not newer than this: epoch milliseconds. */
  readonly until: number;
  /** Sessions that are left out, as a JSON list. */
  readonly skipped: string;
}

/** What a scan looks for; sessions that were found by their title are left out too. */
export interface ScanSearch extends Search {
  readonly titled: string;
}

/** Newer than every message. */
export const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** Blocks of the first steps. Frequent words fill a page with the first; after the second the speed is known. */
const STEPS = [3, 24];
/** Blocks of further steps, where the words are frequent and what is looked for is rare. */
const LONG_STEP = 192;
/** Blocks of one step among the rows that are in none yet. */
const TAIL_STEP = 16;

/** Rows of messages, first and last. */
type Range = readonly [first: number, last: number];

/** A scan of the messages that match, in steps. */
export class Scan {
  /** What was found by session, as far as it was taken apart; and the rest, as SQLite wrote it. */
  readonly #found = new Map<number, Found>();
  readonly #written: string[] = [];
  #takenApart = 0;
  #hits = 0;
  readonly #search: ScanSearch;
  readonly #extent: { readonly upTo: number; readonly last: number; readonly blocks: number };
  readonly #endMs: number;
  #seen: readonly Range[] = [];
  #blocksSeen = 0;
  #steps = 0;
  #msOfBlock = 0;
  #bound = END_OF_TIME;
  readonly #tailStart: number;
  #tailEnd: number;

  /** @param limitMs time after which the scan should end, so that it takes no step that would be too long */
  constructor(search: ScanSearch, limitMs: number) {
    this.#search = search;
    this.#endMs = Date.now() + limitMs;
    const shape = { upTo: 0, last: 0, blocks: 0 };
    this.#extent = queryOne(search.app, READ_EXTENT, { user: search.userId }, shape) ?? shape;
    // The block in which the two meet is looked at as a part of the tail.
    this.#tailStart = Math.floor((this.#extent.upTo + 1) / BLOCK_ROWS) * BLOCK_ROWS;
    this.#tailEnd = this.#extent.last;
  }

  /** No message that was not looked at yet is newer than this; -1 when there is none. */
  get bound(): number {
    return this.#bound;
  }

  get isComplete(): boolean {
    return this.#bound < 0;
  }

  /** Never before the first steps are done: with few messages the answer does not depend on how fast the machine is. */
  get isOutOfTime(): boolean {
    return this.#steps >= STEPS.length && Date.now() > this.#endMs;
  }

  /** Matching messages so far. */
  get hits(): number {
    return this.#hits;
  }

  /** By session, its newest match. */
  get found(): ReadonlyMap<number, Found> {
    for (const text of this.#written.slice(this.#takenApart)) {
      for (const [session = 0, at = 0, hit = 0, hits = 0] of numberRows(text)) {
        const known = this.#found.get(session);
        const newer = known && known.at >= at ? known : { session, at, hit, hits };
        this.#found.set(session, { ...newer, hits: hits + (known?.hits ?? 0) });
      }
    }
    this.#takenApart = this.#written.length;
    return this.#found;
  }

  /** The same for another statement, as JSON: a session is named once for each step that found it. */
  get foundJson(): string {
    return `[${this.#written.join(",")}]`;
  }

  /** The rows that were looked at, as JSON. */
  get rangesJson(): string {
    return JSON.stringify(this.#seen);
  }

  /**
   * Looks at the next blocks, or at all that are left where that is likely to be done in time.
   * @param have how much of what is wanted was found so far, which tells how many blocks it takes to find the rest
   */
  step(have: number, wanted: number): void {
    const startMs = Date.now();
    const isSpeedKnown = this.#steps >= STEPS.length;
    const msOfRest = (this.#extent.blocks - this.#blocksSeen) * this.#msOfBlock;
    const takesRest = isSpeedKnown && startMs + msOfRest < this.#endMs;
    const inTime = isSpeedKnown ? Math.floor((this.#endMs - startMs) / this.#msOfBlock) : LONG_STEP;
    const needed =
      have > 0 && this.#blocksSeen > 0 ? Math.ceil((this.#blocksSeen * (wanted - have)) / have) : LONG_STEP;
    const size = Math.max(1, Math.min(needed, inTime, STEPS[this.#steps] ?? LONG_STEP));
    const blocksBefore = this.#blocksSeen;
    if (takesRest) this.#takeRest();
    else this.#look(this.#nextRanges(size));
    const blocks = this.#blocksSeen - blocksBefore;
    // Rows in no block yet may all be another user's: how soon they are passed says nothing of this user's blocks.
    if (blocks === 0) return;
    this.#steps += 1;
    this.#msOfBlock = (Date.now() - startMs) / blocks;
  }

  /** Looks at all blocks that have something newer than a moment; -1 = at all there are. */
  stepDownTo(floor: number): void {
    if (floor < 0) this.#takeRest();
    while (!this.isComplete && this.bound > floor) this.#look(this.#nextRanges(LONG_STEP, floor));
  }

  #takeRest(): void {
    this.#bound = -1;
    this.#look(gapsOf(this.#seen, this.#extent.last));
  }

  #look(ranges: readonly Range[]): void {
    if (ranges.length === 0) return;
    const { app, filters } = this.#search;
    const bindings = { ...bindingsOf(this.#search), match: this.#search.match, ranges: JSON.stringify(ranges) };
    const { found, hits } = queryOne(app, scanSql(filters), bindings, { found: "", hits: 0 }) ?? { found: "", hits: 0 };
    if (found !== "") this.#written.push(found);
    this.#hits += hits;
    this.#seen = joined([...this.#seen, ...ranges]);
  }

  /** The blocks with the newest messages of those that are left. */
  #nextRanges(size: number, floor = -1): Range[] {
    const { app, userId, until } = this.#search;
    const tail = this.#nextOfTail();
    if (this.#tailEnd >= this.#tailStart) return tail;
    const bindings = { user: userId, until, tail: this.#tailStart / BLOCK_ROWS, offset: this.#blocksSeen };
    const text = queryOne(app, READ_BLOCKS, { ...bindings, limit: size + 1 }, { blocks: "" })?.blocks ?? "";
    const blocks = numberRows(text);
    const ranges = blocks
      .filter(([, newest = 0], index) => index < size && (index === 0 || newest > floor))
      .map(([block = 0]): Range => [block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS - 1]);
    this.#blocksSeen += ranges.length;
    this.#bound = blocks[ranges.length]?.[1] ?? -1;
    return joined([...tail, ...ranges]);
  }

  /** Rows that arrived since the job ran are in no block yet: nobody knows their times, so they come before all blocks. */
  #nextOfTail(): Range[] {
    if (this.#tailEnd < this.#tailStart) return [];
    const first = Math.max(this.#tailStart, this.#tailEnd - TAIL_STEP * BLOCK_ROWS + 1);
    const range: Range = [first, this.#tailEnd];
    this.#tailEnd = first - 1;
    return [range];
  }
}

/** The same rows in as few ranges as there can be, in order. */
function joined(ranges: readonly Range[]): Range[] {
  const all: [number, number][] = [];
  for (const [first, last] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = all.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else all.push([first, last]);
  }
  return all;
}

/** All rows up to the last one that are in none of some ranges, which are in order. */
function gapsOf(ranges: readonly Range[], last: number): Range[] {
  const starts = [0, ...ranges.map((range) => range[1] + 1)];
  const ends = [...ranges.map((range) => range[0] - 1), last];
  return starts.map((start, index): Range => [start, ends[index] ?? last]).filter(([first, end]) => first <= end);
}

/** Values that every statement about matching messages needs. */
export function bindingsOf({ userId, filters, until, skipped, titled }: ScanSearch): Bindings {
  return { ...filters.bindings, user: userId, until, skipped, titled };
}

/** `[1,2],[3,4]` → [[1, 2], [3, 4]]: one text brings many rows out of SQLite at once, and none can get lost on the way. */
export function numberRows(text: string): number[][] {
  if (text === "") return [];
  return text
    .slice(1, -1)
    .split("],[")
    .map((row) => row.split(",").map(Number));
}
