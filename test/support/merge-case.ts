import { expect } from "vitest";
import type { TestServer } from "./server.ts";

export type Json = Readonly<Record<string, unknown>>;

/** A rule of merging: the items that come for one row, and what the row is after them. */
export interface MergeCase {
  readonly name: string;
  readonly items: readonly Json[];
  readonly row: Json;
}

/** What a row must hold; its other columns may hold anything. */
export function expectRow(server: TestServer, table: "sessions" | "messages", externalId: string, row: Json): void {
  const [stored] = server.query(`SELECT * FROM ${table} WHERE externalId = ?`, externalId);
  expect(stored).toMatchObject(row);
}
