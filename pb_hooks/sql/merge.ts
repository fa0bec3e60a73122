import { IS_SNAPSHOT } from "./stage.ts";

// The UPSERTs by which items change rows. `excluded` is the row that the item alone would make; absent is 0, '' or
// NULL in a column, in `excluded` too. An item with a hash is a snapshot, one without is a partial; each kind has a
// statement of its own, because compiling one for both would cost a small request more than running it.

/** How a column is merged. */
export interface Column {
  readonly name: string;
  /** SQL of the value that the item alone gives it, from the stage (`s`, its JSON in `i`). */
  readonly value: string;
  /** SQL of its value after a partial. */
  readonly partial: string;
  /** SQL of its value after a snapshot. Default: the item's if it replaces the content, else the row's. */
  readonly snapshot?: string;
}

/** How the items of a list become rows of a table. */
export interface Merge {
  readonly table: "sessions" | "messages";
  /** Columns of the unique index by which a row is found again. */
  readonly key: string;
  /** Columns that make the row and never change: name and SQL of the value. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** SQL: whether a snapshot that is written replaces the content, or only what surrounds it. */
  readonly replaces: string;
  /** SQL: whether a snapshot is written at all. */
  readonly isWritten: string;
  /** FROM and WHERE that give the valid items in their order. */
  readonly from: string;
}

/** Stores the partials of the stage. They never change a row that has a hash, and write nothing where nothing changes. */
export function upsertPartials(merge: Merge): string {
  const { table, columns } = merge;
  const differs = columns.map(({ name, partial }) => `${partial} IS NOT ${table}.${name}`);
  return `${insert(merge)} AND NOT coalesce(${IS_SNAPSHOT}, 0)
ON CONFLICT (${merge.key}) DO UPDATE SET syncedAt = excluded.syncedAt,
  ${columns.map(({ name, partial }) => `${name} = ${partial}`).join(",\n  ")}
WHERE ${table}.hash = 0 AND (${differs.join("\n    OR ")})`;
}

/** Stores the snapshots of the stage. They write nothing where they are older than the row, or equal to it. */
export function upsertSnapshots(merge: Merge): string {
  const { table, columns, replaces } = merge;
  const after = ({ name, snapshot }: Column) =>
    `${name} = ${snapshot ?? `iif(${replaces}, excluded.${name}, ${table}.${name})`}`;
  return `${insert(merge)} AND ${IS_SNAPSHOT}
ON CONFLICT (${merge.key}) DO UPDATE SET syncedAt = excluded.syncedAt,
  ${columns.map(after).join(",\n  ")}
WHERE ${merge.isWritten}`;
}

/**
 * The statements take the items one after the other: a later item of the list meets the row that an earlier one left.
 * Bind `user`, `stamp`, `now`, `rowid` and what `fixed` names.
 */
function insert({ table, fixed, columns, from }: Merge): string {
  // `id` begins with the time and ends with the rowid, which the statement chooses: new rows go to the end of both.
  const names = ["rowid", "id", "syncedAt", ...Object.keys(fixed), ...columns.map(({ name }) => name)];
  const values = [ROWID, ID, "{:stamp}", ...Object.values(fixed), ...columns.map(({ value }) => value)];
  return `INSERT INTO ${table} (${names.join(", ")})
SELECT ${values.join(",\n  ")}
${from}`;
}

/** Rowid of the row that an item makes. Gaps do no harm; a rowid is never used twice. Bind `rowid`, the largest so far. */
const ROWID = "{:rowid} + 1 + s.position";

/** 15 hexadecimal digits: the second of arrival and the last digits of the rowid, so unique without chance. */
const ID = `printf('%08x%07x', {:now} / 1000, (${ROWID}) & 0xfffffff)`;

/** A number of the stage as a whole number. */
export function whole(value: string): string {
  return `coalesce(iif(typeof(${value}) = 'real', CAST(round(${value}) AS INTEGER), ${value}), 0)`;
}

/** SQL that adds up the bits of `stated` whose conditions hold. */
export function statedBits(...conditions: readonly (readonly [bit: number, condition: string])[]): string {
  return conditions.map(([bit, condition]) => `iif(${condition}, ${bit}, 0)`).join(" + ");
}
