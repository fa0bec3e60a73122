import { type Bindings, queryOne } from "../lib/vm.ts";

/**
 * Answers with the JSON text that a query builds in its column `json`. SQLite writes it faster than the VM could, and
 * no value becomes an object in between.
 */
export function respondJson(e: core.RequestEvent, sql: string, bindings: Bindings): void {
  const answer = queryOne(e.app, sql, bindings, { json: "" });
  if (!answer) throw new Error("the query gave no answer");
  e.response.header().set("Content-Type", "application/json");
  e.string(200, answer.json);
}
