import type { Bindings, RowShape } from "./bindings.ts";

// Statements that the one writing connection keeps compiled. PocketBase's query builder compiles a statement each time
// it is sent: for a small request that is most of its work. The handles below it, Go's `database/sql`, are within reach:
// a statement prepared there lives as long as the connection, and may be borrowed by any transaction.

/** A compiled statement, as all VMs share it. */
interface Compiled {
  readonly statement: sql.Stmt;
  /** Names of its parameters, in the order of their numbers. */
  readonly names: readonly string[];
}

/** What this VM knows to be compiled, by the statement's text. Nothing of a request is in it. */
const known = new Map<string, Compiled>();

/**
 * Has statements compiled, once for the process. Inside of a transaction it does nothing, because preparing would wait
 * for the connection: who began it pays for compiling them once more.
 * In development mode nothing is kept, because PocketBase prints only what its own builder sends.
 * @param setUp what makes the temporary tables that the statements speak of
 * @param texts single statements, always the same ones
 */
export function keepCompiled(app: core.App, setUp: string, texts: readonly string[]): void {
  if (known.size > 0 || app.isDev() || app.isTransactional()) return;
  const database = (app.nonconcurrentDB() as unknown as dbx.DB).db();
  database.exec(setUp);
  const compiled = texts.map((text) => [text, compile(app, database, text)] as const);
  for (const [text, statement] of compiled) known.set(text, statement);
}

/** A statement as the transaction's own; undefined when it is not kept, or outside of a transaction. */
export function findCompiled(app: core.App, text: string): Borrowed | undefined {
  const compiled = known.get(text);
  if (!compiled || !app.isTransactional()) return undefined;
  const { builder } = app.nonconcurrentDB() as unknown as { builder: { executor(): sql.Tx } };
  return new Borrowed(builder.executor().stmt(compiled.statement), compiled.names);
}

/** A compiled statement in a transaction. */
class Borrowed {
  readonly #statement: sql.Stmt;
  readonly #names: readonly string[];

  constructor(statement: sql.Stmt, names: readonly string[]) {
    this.#statement = statement;
    this.#names = names;
  }

  /** @returns the number of rows that it changed */
  execute(bindings: Bindings): number {
    return this.#statement.exec(...this.#values(bindings)).rowsAffected();
  }

  /**
   * @param shape defaults of the columns, which tell their kinds
   * @param limit rows that are read at most
   */
  query(bindings: Bindings, shape: RowShape, limit: number): RowShape[] {
    const rows = this.#statement.query(...this.#values(bindings));
    try {
      const columns = Array.from(rows.columns(), (name) => ({ name, isText: typeof shape[name] === "string" }));
      const found: RowShape[] = [];
      while (found.length < limit && rows.next()) {
        const cells = columns.map(({ isText }) => (isText ? nullString() : nullInt()));
        rows.scan(...cells);
        // The cells are Go's pointers: only their values outlive the next row.
        const value = (index: number) => (columns[index]?.isText ? String(cells[index]) : Number(cells[index]));
        found.push(Object.fromEntries(columns.map(({ name }, index) => [name, value(index)])));
      }
      rows.err();
      return found;
    } finally {
      // An open cursor would keep the transaction from ending.
      rows.close();
    }
  }

  #values(bindings: Bindings): (string | number | boolean | null)[] {
    return this.#names.map((name) => {
      const value = bindings[name];
      if (value === undefined) throw new Error(`the parameter ${name} is not bound`);
      return value;
    });
  }
}

/** A parameter of a statement, as PocketBase writes it. */
const PARAMETER = /\{:(\w+)\}/g;

/** A statement that is compiled by now; the store is the one place that all VMs see. */
function compile(app: core.App, database: sql.DB, text: string): Compiled {
  const names = [...new Set(Array.from(text.matchAll(PARAMETER), ([, name = ""]) => name))];
  const place = `opensync:compiled:${text}`;
  const present: unknown = app.store().get(place);
  if (present) return { statement: present as sql.Stmt, names };
  const statement = database.prepare(text.replace(PARAMETER, (_, name: string) => `?${names.indexOf(name) + 1}`));
  app.store().set(place, statement);
  return { statement, names };
}
