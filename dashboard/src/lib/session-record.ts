import * as z from "zod/mini";

/** A session as a row of a list: only small columns. PocketBase has no null: 0 and "" mean absent. */
export const sessionRowSchema = z.object({
  id: z.string(),
  source: z.string(),
  title: z.string(),
  customTitle: z.string(),
  projectName: z.string(),
  projectPath: z.string(),
  device: z.string(),
  gitBranch: z.string(),
  model: z.string(),
  parentExternalId: z.string(),
  tags: z.catch(z.nullable(z.array(z.string())), null),
  starred: z.boolean(),
  evalStatus: z.string(),
  messageCount: z.number(),
  toolCallCount: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  tokensInput: z.number(),
  tokensCacheRead: z.number(),
  tokensCacheWrite: z.number(),
  tokensOutput: z.number(),
  tokensReasoning: z.number(),
  cost: z.number(),
  costSource: z.string(),
  unpricedMessages: z.number(),
  durationMs: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  syncedAt: z.number(),
  archivedAt: z.number(),
  deletedAt: z.number(),
});
export type SessionRow = z.infer<typeof sessionRowSchema>;

/** An entry of an agent's plan. */
export const todoSchema = z.object({ content: z.string(), status: z._default(z.string(), "pending") });
export type Todo = z.infer<typeof todoSchema>;

/** A session with everything that its own page shows. */
export const sessionSchema = z.extend(sessionRowSchema, {
  externalId: z.string(),
  gitRemote: z.string(),
  gitCommit: z.string(),
  agentVersion: z.string(),
  /** The agent's id of the session that this one is a copy of. */
  forkedFrom: z.string(),
  provider: z.string(),
  evalReady: z.boolean(),
  evalNotes: z.string(),
  expectedOutput: z.string(),
  notes: z.string(),
  /** When the content of a deleted session goes; 0 = it is not deleted, or its content is gone. */
  purgeAt: z.number(),
  /** Old clients may have stored something else here: then there are no todos to show. */
  todos: z.catch(z.nullable(z.array(todoSchema)), null),
});
export type SessionRecord = z.infer<typeof sessionSchema>;

/** The title a session is shown under: the one given on the dashboard, else the agent's. */
export function sessionTitle(session: Pick<SessionRow, "customTitle" | "title">): string {
  return session.customTitle || session.title || "Untitled session";
}

const ACTIVE_FOR_MS = 90_000;

/** Whether an agent is likely still at work: something of the session arrived a moment ago. */
export function isActive(session: Pick<SessionRow, "updatedAt">, nowMs: number): boolean {
  return Math.abs(nowMs - session.updatedAt) < ACTIVE_FOR_MS;
}
