/** A column value: SQLite's own types, integers as numbers. */
export type Value = string | number | null | Uint8Array;

/** One row, by column name. */
export type Row = Readonly<Record<string, Value>>;

/** An SQLite file opened for reading only, the same under Node and Bun. */
export type ReadOnlyDatabase = {
  /** All rows of one statement; `?` are bound in order. Each statement is compiled once. */
  readonly all: (sql: string, ...parameters: (string | number)[]) => Row[];
  readonly close: () => void;
};

/**
 * How long a statement waits for a lock, ms. A reader of a WAL database waits only while the writer recovers or
 * resets it; longer than this, the agent's own process would be seen to stall.
 */
const BUSY_TIMEOUT_MS = 1_000;

/**
 * Opens a database beside a program that writes to it.
 * @param file absolute path
 * @throws Error of the runtime's driver when it cannot be opened
 */
export async function openReadOnly(file: string): Promise<ReadOnlyDatabase> {
  const database = "Bun" in globalThis ? await openWithBun(file) : await openWithNode(file);
  // The second line of defence: even a mistaken statement cannot change the agent's data.
  for (const pragma of [`busy_timeout = ${BUSY_TIMEOUT_MS}`, "query_only = ON"]) database.all(`PRAGMA ${pragma}`);
  return database;
}

async function openWithBun(file: string): Promise<ReadOnlyDatabase> {
  const { Database } = await import("bun:sqlite");
  const database = new Database(file, { readonly: true });
  return {
    all: (sql, ...parameters) =>
      database
        .query(sql)
        .all(...parameters)
        .map(toRow),
    close: () => database.close(),
  };
}

async function openWithNode(file: string): Promise<ReadOnlyDatabase> {
  const { DatabaseSync } = await withoutSqliteWarning(() => import("node:sqlite"));
  const database = new DatabaseSync(file, { readOnly: true });
  const statements = new Map<string, ReturnType<typeof database.prepare>>();
  return {
    all: (sql, ...parameters) => {
      const statement = statements.get(sql) ?? database.prepare(sql);
      statements.set(sql, statement);
      return statement.all(...parameters).map(toRow);
    },
    close: () => database.close(),
  };
}

/** Node 22 warns on stderr that its SQLite is experimental, which is nothing that a user of ours can act on. */
async function withoutSqliteWarning<Module>(load: () => Promise<Module>): Promise<Module> {
  const original = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: never[]) => {
    if (!String(warning).includes("SQLite")) Reflect.apply(original, process, [warning, ...rest]);
  };
  try {
    return await load();
  } finally {
    process.emitWarning = original;
  }
}

function toRow(row: unknown): Row {
  const out: Record<string, Value> = {};
  if (typeof row !== "object" || row === null) return out;
  for (const [column, value] of Object.entries(row)) out[column] = toValue(value);
  return out;
}

function toValue(value: unknown): Value {
  if (typeof value === "string" || typeof value === "number" || value === null) return value;
  if (value instanceof Uint8Array) return value;
  return typeof value === "bigint" ? Number(value) : null;
}
