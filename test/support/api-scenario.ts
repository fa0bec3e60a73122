import { expect, test } from "vitest";
import type { TestServer } from "./server.ts";

/** A value, or how to get it once the server is there: scenario tables are written before it starts. */
type Lazy<Value> = Value | (() => Value);

/** One request and all that it may do: the answer, and the rows that it adds or removes. */
export interface ApiRequest {
  /** GET without a body, POST with one, if absent. */
  method?: string;
  /** Path with query, as sent. */
  url: Lazy<string>;
  headers?: Lazy<Record<string, string>>;
  /** Text and bytes are sent as they are, anything else as JSON. */
  body?: Lazy<unknown>;
  status: number;
  /** Texts that the answer's body contains. */
  contains?: Lazy<readonly string[]>;
  /** Texts that it must not contain. */
  notContains?: Lazy<readonly string[]>;
  /** Headers of the answer: exact, or a pattern; null = absent. */
  answerHeaders?: Record<string, string | RegExp | null>;
  /** Rows more (or less) per table after the request. Tables that are not named must keep their number of rows. */
  rows?: Partial<Record<WatchedTable, number>>;
}

/** A request that is a test by itself. */
export interface ApiScenario extends ApiRequest {
  /** A sentence of behaviour. */
  name: string;
}

/** What the server answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const WATCHED_TABLES = ["users", "api_keys", "sessions", "messages", "activity"] as const;
type WatchedTable = (typeof WATCHED_TABLES)[number];

/** Makes one test of each scenario, in order, on one server. */
export function testScenarios(server: TestServer, scenarios: readonly ApiScenario[]): void {
  for (const scenario of scenarios) test(scenario.name, () => runScenario(server, scenario));
}

/** Sends the request and checks everything that is said of it. */
export async function runScenario(server: TestServer, scenario: ApiRequest): Promise<ApiAnswer> {
  const before = countRows(server);
  const answer = await send(server, scenario);
  // The text is part of the comparison, so that a failure shows why the server said no.
  expect({ status: answer.status, text: answer.text }).toEqual({ status: scenario.status, text: answer.text });
  for (const text of now(scenario.contains) ?? []) expect(answer.text).toContain(text);
  for (const text of now(scenario.notContains) ?? []) expect(answer.text).not.toContain(text);
  for (const [name, expected] of Object.entries(scenario.answerHeaders ?? {})) {
    const value = answer.headers.get(name);
    if (expected instanceof RegExp) expect(value, name).toMatch(expected);
    else expect(value, name).toBe(expected);
  }
  const after = countRows(server);
  const changes = Object.fromEntries(WATCHED_TABLES.map((table) => [table, after[table] - before[table]]));
  expect(changes, "rows per table").toEqual({
    ...Object.fromEntries(WATCHED_TABLES.map((table) => [table, 0])),
    ...scenario.rows,
  });
  return answer;
}

async function send(server: TestServer, scenario: ApiRequest): Promise<ApiAnswer> {
  const body = encode(now(scenario.body));
  const response = await fetch(`${server.url}${now(scenario.url)}`, {
    method: scenario.method ?? (body === null ? "GET" : "POST"),
    headers: { ...(body === null ? {} : { "Content-Type": "application/json" }), ...now(scenario.headers) },
    body,
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function encode(body: unknown): string | Uint8Array<ArrayBuffer> | null {
  if (body === undefined) return null;
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

function countRows(server: TestServer): Record<WatchedTable, number> {
  const counts = WATCHED_TABLES.map((table) => `(SELECT COUNT(*) FROM ${table}) AS ${table}`);
  const [row] = server.query<Record<WatchedTable, number>>(`SELECT ${counts.join(", ")}`);
  if (!row) throw new Error("the tables of the server could not be counted");
  return row;
}

function now<Value>(value: Lazy<Value>): Value {
  return typeof value === "function" ? (value as () => Value)() : value;
}
