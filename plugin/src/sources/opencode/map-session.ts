import { basename } from "node:path";
import type { Session, Todo } from "@opensync/client";
import { cutLarge } from "./cut-large.ts";
import { compact, countOf, type Data, textOf } from "./json.ts";
import { isPlaceholderTitle, titleFromPrompt } from "./placeholder-title.ts";
import type { Totals } from "./totals.ts";

/** All that is stored about one session beside its messages, whatever the generation. */
export type StoredSession = {
  readonly id: string;
  /** The row or file as OpenCode wrote it, JSON parsed. A restore takes it from here. */
  readonly record: Data;
  readonly title: unknown;
  readonly directory: unknown;
  readonly version: unknown;
  readonly parentId: unknown;
  readonly forkedFromId: unknown;
  readonly createdAt: unknown;
  readonly archivedAt: unknown;
  /** What is known of its project: the name that the user gave it, and its checkout. */
  readonly project: { readonly name?: unknown; readonly worktree?: unknown };
  readonly todos: readonly Todo[];
  readonly totals: Totals;
  /** What the person asked first; needed only when the title is a placeholder. */
  readonly firstPrompt: string | undefined;
  /** When the session, its messages or its to-do list changed last, epoch ms. */
  readonly lastChangeMs: number;
};

/**
 * Maps a session to the contract, without hash. The whole record stays in `meta`; everything else is made for reading.
 * `meta.revert` says where a reverted session goes on: its messages from `messageID` on are undone, but still stored.
 * @returns the session; nothing observed (git, device) is in it
 */
export function mapSession(stored: StoredSession): Session {
  const { tokens, model, provider, cost } = stored.totals;
  const directory = textOf(stored.directory);
  return compact({
    externalId: stored.id,
    source: "opencode",
    title: isPlaceholderTitle(stored.title) ? titleFromPrompt(stored.firstPrompt) : textOf(stored.title),
    projectPath: directory,
    projectName: projectName(stored.project, directory),
    agentVersion: textOf(stored.version),
    model,
    provider,
    parentExternalId: textOf(stored.parentId),
    forkedFrom: textOf(stored.forkedFromId),
    tokens,
    cost,
    costSource: cost === undefined ? undefined : ("reported" as const),
    createdAt: countOf(stored.createdAt),
    updatedAt: stored.lastChangeMs,
    archivedAt: countOf(stored.archivedAt),
    todos: stored.todos.length > 0 ? [...stored.todos] : undefined,
    meta: Object.fromEntries(Object.entries(stored.record).map(([name, value]) => [name, cutLarge(value)])),
  });
}

/** The name that the user gave the project, or else of its checkout; sessions outside of any have the root as worktree. */
function projectName(project: StoredSession["project"], directory: string | undefined): string | undefined {
  const worktree = textOf(project.worktree);
  const folder = worktree === undefined || worktree === "/" ? directory : worktree;
  return textOf(project.name) ?? (folder === undefined ? undefined : basename(folder) || undefined);
}
