// Goes through the messages of a user from the newest block to the oldest, and stops as soon as it may.

import { type Bindings, queryOne } from "../lib/vm.ts";
import { BLOCK_ROWS } from "./aids.ts";
import type { Filters } from "./filters.ts";
import { READ_BLOCKS, READ_TAIL, scanSql } from "./statements.ts";

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
  /** Sessions that are left out. */
  readonly skipped: readonly number[];
}

/** Newer than every message. */
export const END_OF_TIME = Number.MAX_SAFE_INTEGER;

/** Blocks of the first step; each further one takes {@link GROWTH} times as many, since rare words have few matches. */
const FIRST_STEP = 3;
const GROWTH = 8;

/** A scan of the messages that match, in steps. */
export class Scan {
  /** By session, its newest match. */
  readonly found = new Map<number, Found>();
  readonly #search: Search;
  readonly #blocks: readonly Block[];
  #next = 0;
  #step = FIRST_STEP;

  constructor(search: Search) {
    this.#search = search;
    this.#blocks = blocksOf(search);
  }

  /** No message that was not looked at yet is newer than this; -1 when there is none. */
  get bound(): number {
    return this.#blocks[this.#next]?.newest ?? -1;
  }

  get isComplete(): boolean {
    return this.#next >= this.#blocks.length;
  }

  /**
   * Looks at the next blocks.
   * @param floor leaves blocks alone that have nothing newer
   */
  step(floor = -1): void {
    const rest = this.#blocks.slice(this.#next, this.#next + this.#step).filter(({ newest }) => newest > floor);
    this.#next += rest.length;
    this.#step *= GROWTH;
    for (const { isPrompt: _, ...one } of look(this.#search, rest, false)) {
      const known = this.found.get(one.session);
      const newer = known && known.at >= one.at ? known : one;
      this.found.set(one.session, { ...newer, hits: one.hits + (known?.hits ?? 0) });
    }
  }

  /** Looks once more at all blocks so far, for another query; prompts are told apart from other messages. */
  lookAgain(match: string): (Found & { isPrompt: boolean })[] {
    return look({ ...this.#search, match }, this.#blocks.slice(0, this.#next), true);
  }
}

/** Some rows of messages, in order of arrival. */
interface Block {
  readonly block: number;
  readonly newest: number;
}

/** Blocks in the order in which they are looked at. What arrived in the last minute is in none yet, and comes first. */
function blocksOf({ app, userId, until }: Search): Block[] {
  const tail = queryOne(app, READ_TAIL, {}, { upTo: 0, last: 0 }) ?? { upTo: 0, last: 0 };
  const firstOfTail = Math.floor((tail.upTo + 1) / BLOCK_ROWS);
  const blocks: Block[] = [];
  if (tail.last > tail.upTo) {
    for (let block = Math.floor(tail.last / BLOCK_ROWS); block >= firstOfTail; block -= 1) {
      blocks.push({ block, newest: END_OF_TIME });
    }
  }
  const known = queryOne(app, READ_BLOCKS, { user: userId, until }, { blocks: "" })?.blocks ?? "";
  for (const [block = 0, newest = 0] of numberRows(known)) {
    // The last known block may go on in the tail: once is enough.
    if (blocks.length === 0 || block < firstOfTail) blocks.push({ block, newest });
  }
  return blocks;
}

function look(search: Search, blocks: readonly Block[], byRole: boolean): (Found & { isPrompt: boolean })[] {
  if (blocks.length === 0) return [];
  const { app, userId, match, filters, until, skipped } = search;
  const bindings: Bindings = { ...filters.bindings, user: userId, match, until };
  bindings["skipped"] = JSON.stringify(skipped);
  bindings["ranges"] = JSON.stringify(rangesOf(blocks));
  const found = queryOne(app, scanSql(filters, byRole), bindings, { found: "" })?.found ?? "";
  return numberRows(found).map(([session = 0, at = 0, hit = 0, hits = 0, isPrompt = 0]) => {
    return { session, at, hit, hits, isPrompt: isPrompt === 1 };
  });
}

/** First and last row of each run of neighbouring blocks: every range costs a search in the index. */
function rangesOf(blocks: readonly Block[]): [first: number, last: number][] {
  const ranges: [number, number][] = [];
  for (const block of blocks.map((one) => one.block).sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === block * BLOCK_ROWS - 1) last[1] += BLOCK_ROWS;
    else ranges.push([block * BLOCK_ROWS, (block + 1) * BLOCK_ROWS - 1]);
  }
  return ranges;
}

/** `1 2,3 4` → [[1, 2], [3, 4]]: one text brings many rows out of SQLite at once, and none can get lost on the way. */
export function numberRows(text: string): number[][] {
  return text === "" ? [] : text.split(",").map((row) => row.split(" ").map(Number));
}
