import { type Bindings, queryOne } from "./vm.ts";

/** Answers 200 with a value, its members in the order in which they were written: `e.json` would sort them. */
export function respondJson(e: core.RequestEvent, value: object): void {
  respondText(e, JSON.stringify(value));
}

/**
 * Answers 200 with the JSON text that a query builds in its column `json`. SQLite writes it faster than the VM could,
 * and no value becomes an object in between.
 */
export function respondQuery(e: core.RequestEvent, sql: string, bindings: Bindings): void {
  const answer = queryOne(e.app, sql, bindings, { json: "" });
  if (!answer) throw new Error("the query gave no answer");
  respondText(e, answer.json);
}

function respondText(e: core.RequestEvent, json: string): void {
  e.response.header().set("Content-Type", "application/json");
  e.string(200, json);
}
