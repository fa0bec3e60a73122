import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, inject } from "vitest";

type Row = Record<string, unknown>;

/** How SQLite goes about statements, on a migrated database without a server. */
export interface PlannedDatabase {
  /** The lines of the plan of a statement, in which `{:name}` stands for a parameter, as the hooks write it. */
  planOf(sql: string): string[];
  /** The steps of its program: unlike the plan, it shows the triggers too. */
  programOf(sql: string): Row[];
  query(sql: string, values?: Record<string, string | number>): Row[];
  execute(sql: string): void;
  /** Makes an SQL function that is always true. @returns how often it was called since it was last asked */
  countCalls(name: string): () => number;
}

/** A database of the tests of a file, filled by these statements; it goes with them. */
export function plannedDatabase(fill: string): PlannedDatabase {
  let folder = "";
  let database: DatabaseSync;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "opensync-plans-"));
    cpSync(inject("template"), folder, { recursive: true });
    database = new DatabaseSync(join(folder, "data.db"));
    database.exec(fill);
  });
  afterAll(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const query: PlannedDatabase["query"] = (sql, values = {}) =>
    database.prepare(sql.replaceAll(/\{:(\w+)\}/g, ":$1")).all(values);
  return {
    planOf: (sql) => query(`EXPLAIN QUERY PLAN ${sql}`).map(({ detail }) => String(detail)),
    programOf: (sql) => query(`EXPLAIN ${sql}`),
    query,
    execute: (sql) => database.exec(sql),
    countCalls: (name) => {
      let calls = 0;
      database.function(name, { varargs: true }, () => {
        calls += 1;
        return 1;
      });
      return () => {
        const counted = calls;
        calls = 0;
        return counted;
      };
    },
  };
}
