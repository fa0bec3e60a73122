/** The part of Bun's SQLite that is used here; bun-types would bring its own globals into every file. */
declare module "bun:sqlite" {
  export class Database {
    /** @param flags of sqlite3_open_v2 */
    constructor(file: string, flags: number);
    query(sql: string): { all(...parameters: (string | number)[]): unknown[] };
    close(): void;
  }
}
