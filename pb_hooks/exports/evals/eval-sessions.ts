import { type Bindings, queryAll, queryOne } from "../../lib/vm.ts";
import { messageBlocks, SAID } from "../blocks.ts";
import { LINE } from "../formats/session-format.ts";
import { COUNT_MESSAGES, type OwnSession } from "../message-pages.ts";
import type { EvalOptions } from "./options.ts";

/** A session that somebody has marked as ready for evals. */
export interface EvalSession {
  readonly id: string;
  readonly externalId: string;
  readonly source: string;
  readonly title: string;
  readonly model: string;
  readonly project: string;
  readonly createdAt: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number;
  readonly evalStatus: string;
  readonly expectedOutput: string;
  /** Joined by line breaks. */
  readonly tags: string;
}

/** A message of it. */
export interface Turn {
  readonly role: string;
  /** What was said, without tools. */
  readonly said: string;
  /** The same with its tools, where they were asked for. */
  readonly whole: string;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly durationMs: number;
}

const SESSION: EvalSession = {
  ...{ id: "", externalId: "", source: "", title: "", model: "", project: "", createdAt: 0, promptTokens: 0 },
  ...{ completionTokens: 0, durationMs: 0, evalStatus: "", expectedOutput: "", tags: "" },
};

const IS_READY = "s.user = {:user} AND s.evalReady = 1 AND s.deletedAt = 0";

export const COUNT_READY = `SELECT count(*) AS n FROM sessions s WHERE ${IS_READY}`;

/** The sessions that the options ask for, oldest first. Bind `user` and every option. */
export const FIND_EVALS = `SELECT s.id, s.externalId, s.source, coalesce(nullif(s.customTitle, ''), s.title) AS title, s.model,
  coalesce(nullif(s.projectName, ''), s.projectPath) AS project, s.createdAt, s.promptTokens, s.completionTokens, s.durationMs,
  s.evalStatus, s.expectedOutput, coalesce((SELECT group_concat(value, char(10)) FROM json_each(s.tags)), '') AS tags
FROM sessions s WHERE ${IS_READY}
  AND ({:source} = '' OR s.source = {:source}) AND ({:model} = '' OR s.model = {:model})
  AND ({:status} = '' OR s.evalStatus = {:status}) AND s.createdAt >= {:from} AND ({:to} = 0 OR s.createdAt < {:to})
  AND s.promptTokens + s.completionTokens >= {:minTokens}
  AND ({:tags} = '[]' OR EXISTS (SELECT 1 FROM json_each(s.tags) t WHERE t.value IN (SELECT value FROM json_each({:tags}))))
ORDER BY s.createdAt, s.id`;

const WHOLE = messageBlocks({
  text: (text) => `${text} || ${LINE}`,
  thinking: () => "''",
  call: (name, args) => `'[tool ' || ${name} || '] ' || ${args} || ${LINE}`,
  result: (output) => `'[result] ' || ${output} || ${LINE}`,
  note: () => "''",
});

const turns = (
  whole: string,
) => `SELECT m.role, ${SAID} AS said, ${whole} AS whole, m.promptTokens, m.completionTokens, m.durationMs
FROM messages m WHERE m.session = {:session} AND m.user = {:user} AND m.removedAt = 0 ORDER BY m.createdAt, m.rowid`;

const TURNS = turns("''");
export const TURNS_WITH_TOOLS = turns(`rtrim(${WHOLE}, ${LINE})`);

/** Whether the user has any session that is ready. */
export function hasReady(app: core.App, user: string): boolean {
  return (queryOne(app, COUNT_READY, { user }, { n: 0 })?.n ?? 0) > 0;
}

export function findEvals(app: core.App, user: string, options: EvalOptions): EvalSession[] {
  const { source, model, status, from, to, minTokens, tags } = options;
  const bindings: Bindings = { user, source, model, status, from, to, minTokens, tags: JSON.stringify(tags) };
  return queryAll(app, FIND_EVALS, bindings, { ...SESSION });
}

/** @throws when not all of them could be read */
export function readTurns(app: core.App, { user, session }: OwnSession, withTools: boolean): Turn[] {
  const shape = { role: "", said: "", whole: "", promptTokens: 0, completionTokens: 0, durationMs: 0 };
  const found = queryAll(app, withTools ? TURNS_WITH_TOOLS : TURNS, { user, session }, shape);
  const count = queryOne(app, COUNT_MESSAGES, { user, session }, { n: 0 })?.n ?? 0;
  if (found.length < count) throw new Error(`${count} messages, but ${found.length} could be read`);
  return found;
}
