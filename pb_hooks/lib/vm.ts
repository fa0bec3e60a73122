import type { Bindings, RowShape } from "./bindings.ts";
import { findCompiled } from "./compiled.ts";

// Typed doors to PocketBase's JavaScript VM. Casts that its declarations force on us live here and in compiled.ts, and
// nowhere else.

export type { Bindings, RowShape };

/** A mutable row for PocketBase to scan a query's columns into. */
function row<T extends RowShape>(shape: T): T {
  return new DynamicModel(shape) as unknown as T;
}

/**
 * The first row of a query.
 * @param app `$app` for the read pool, or the transaction's handle
 * @returns undefined when there is no row
 * @throws the SQL error, also one that happens while the row is read
 */
export function queryOne<T extends RowShape>(app: core.App, sql: string, bindings: Bindings, shape: T): T | undefined {
  const compiled = findCompiled(app, sql);
  if (compiled) return compiled.query(bindings, shape, 1)[0] as T | undefined;
  const model = row(shape);
  try {
    app.db().newQuery(sql).bind(bindings).one(model);
    return model;
  } catch (cause) {
    if (describe(cause).includes("no rows in result set")) return undefined;
    throw cause;
  }
}

/**
 * All rows of a query that returns few. `all()` does not report an error in the middle of the rows:
 * for anything that must be complete let SQLite aggregate to one row and use {@link queryOne}.
 * @returns an empty array when there is no row
 */
export function queryAll<T extends RowShape>(app: core.App, sql: string, bindings: Bindings, shape: T): T[] {
  const compiled = findCompiled(app, sql);
  if (compiled) return compiled.query(bindings, shape, Number.POSITIVE_INFINITY) as T[];
  const rows = arrayOf(row(shape));
  app.db().newQuery(sql).bind(bindings).all(rows);
  return Array.from(rows);
}

/**
 * Runs a statement that writes.
 * @param app the transaction's handle, or `$app` for a single statement that begins with INSERT, UPDATE or DELETE
 * @returns the number of rows that it changed
 */
export function execute(app: core.App, sql: string, bindings: Bindings): number {
  const compiled = findCompiled(app, sql);
  return compiled ? compiled.execute(bindings) : app.db().newQuery(sql).bind(bindings).execute().rowsAffected();
}

/** The application, where no event brings it along: in jobs. */
export function currentApp(): core.App {
  return $app as unknown as core.App;
}

/** The request behind an event of PocketBase's own routes, which lacks some members of it, whatever its type says. */
export function requestOf(e: core.RequestEvent): core.RequestEvent {
  return (e as unknown as { requestEvent: core.RequestEvent }).requestEvent;
}

/** The value of an environment variable without surrounding white space; "" when it is not set. */
export function env(name: string): string {
  return (process.env[name] ?? "").trim();
}

/** The text of anything that was thrown, for logs and for recognising errors of Go by their words. */
export function describe(cause: unknown): string {
  return cause instanceof Error && cause.stack ? `${cause.message}\n${cause.stack}` : String(cause);
}
