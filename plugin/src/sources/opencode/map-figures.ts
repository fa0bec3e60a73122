import type { Message, Tokens } from "@opensync/client";
import { compact, countOf, type Data } from "./json.ts";
import { reportedCost } from "./reported-cost.ts";
import { responseIdOf } from "./response-id.ts";

/** What both generations of storage say of a message; all but its time only of a response. */
type Figures = {
  readonly time: Data;
  readonly model?: string | undefined;
  readonly tokens?: Tokens | undefined;
  readonly cost?: unknown;
};

/** When a message was, how long it took, what it used and cost, and the identity of the response that was paid. */
export function mapFigures({ time, model, tokens, cost: said }: Figures, rowCreatedAtMs: number): Partial<Message> {
  const createdAt = countOf(time["created"]) ?? rowCreatedAtMs;
  const completed = countOf(time["completed"]);
  const cost = reportedCost(said);
  return compact({
    model,
    responseId: responseIdOf(createdAt, model, tokens, cost),
    tokens,
    cost,
    costSource: cost === undefined ? undefined : ("reported" as const),
    durationMs: completed === undefined || completed < createdAt ? undefined : completed - createdAt,
    createdAt,
  });
}
