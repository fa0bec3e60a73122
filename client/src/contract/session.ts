import * as z from "zod/mini";
import { costSourceSchema } from "./money.ts";
import { nullIsAbsent } from "./null-is-absent.ts";
import { costSchema, countSchema, dataSchema, idSchema, timeSchema } from "./scalars.ts";
import { tokensSchema } from "./tokens.ts";

/** One entry of an agent's to-do list. */
export const todoSchema = nullIsAbsent(
  z.object({ content: z.string(), status: z.string(), priority: z.exactOptional(z.string()) }),
);
export type Todo = z.infer<typeof todoSchema>;

/** Early clients call the id `sessionId`; an empty `externalId` counts as missing. */
function resolveAliases(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { sessionId, ...rest } = fields;
  if (rest["externalId"] !== undefined && rest["externalId"] !== "") return rest;
  return sessionId === undefined ? rest : { ...rest, externalId: sessionId };
}

/**
 * A session as it travels to the server. With `hash` it is a snapshot: absent fields are cleared. Without it is a
 * partial: absent fields keep what is stored. Totals are the agent's own: copies included, children not.
 */
export const sessionSchema = nullIsAbsent(
  z.object({
    externalId: idSchema,
    /** Id of the agent: `opencode`, `claude-code`, `codex-cli`, `cursor`, or any other as sent. */
    source: z.exactOptional(z.string()),
    title: z.exactOptional(z.string()),
    /** Working directory; `projectName` is its basename if absent. */
    projectPath: z.exactOptional(z.string()),
    projectName: z.exactOptional(z.string()),
    /** Observed, normalised to `host/path`. */
    gitRemote: z.exactOptional(z.string()),
    /** Observed, last known. */
    gitBranch: z.exactOptional(z.string()),
    gitCommit: z.exactOptional(z.string()),
    /** Observed: name of the machine. */
    device: z.exactOptional(z.string()),
    agentVersion: z.exactOptional(z.string()),
    /** The last one used. */
    model: z.exactOptional(z.string()),
    provider: z.exactOptional(z.string()),
    /** The session that started this one as a sub-agent. */
    parentExternalId: z.exactOptional(z.string()),
    /** The session that this one is a copy of. */
    forkedFrom: z.exactOptional(z.string()),
    /** All input, cache included. Old clients' figure; `tokens` is the truth when present. */
    promptTokens: z.exactOptional(countSchema),
    /** All output, reasoning included. Old clients' figure; `tokens` is the truth when present. */
    completionTokens: z.exactOptional(countSchema),
    tokens: z.exactOptional(tokensSchema),
    /** USD. 0 without `costSource` means unknown. */
    cost: z.exactOptional(costSchema),
    costSource: z.exactOptional(costSourceSchema),
    durationMs: z.exactOptional(countSchema),
    createdAt: z.exactOptional(timeSchema),
    /** The agent's last activity: the version of the item. */
    updatedAt: z.exactOptional(timeSchema),
    /** When it was archived in the agent. */
    archivedAt: z.exactOptional(timeSchema),
    /** Replaced as a whole. */
    todos: z.exactOptional(z.array(todoSchema)),
    /** What the agent knows and we do not model; kept for restore. */
    meta: z.exactOptional(dataSchema),
    /** See `sessionHash` in `@opensync/client/digest`. */
    hash: z.exactOptional(countSchema),
    /** Number of places masked before sending. */
    redacted: z.exactOptional(countSchema),
  }),
  { rename: resolveAliases },
);
export type Session = z.infer<typeof sessionSchema>;
