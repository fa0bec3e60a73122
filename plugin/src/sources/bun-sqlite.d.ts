/** The part of Bun's SQLite that is used here; bun-types would bring its own globals into every file. */
declare module "bun:sqlite" {
  export class Database {
    constructor(file: string, options: { readonly: boolean });
    query(sql: string): { all(...parameters: (string | number)[]): unknown[] };
    close(): void;
  }
}
