import * as z from "zod/mini";
import { type Todo, todoSchema } from "../../lib/session-record.ts";

/** Arguments that tell what a call is about, the most telling first. */
const TELLING = [
  "command",
  "cmd",
  "filePath",
  "file_path",
  "notebook_path",
  "path",
  "pattern",
  "query",
  "url",
  "description",
  "prompt",
  "name",
] as const;

const todosSchema = z.object({ todos: z.array(todoSchema) });
const recordSchema = z.record(z.string(), z.unknown());

/**
 * The most telling input of a tool call in one line: its command, path or query; of a todo list the entry in progress.
 * @param title the agent's own words, used when no argument tells anything
 * @returns "" when there is nothing to say
 */
export function summariseTool(args: unknown, title: string): string {
  if (typeof args === "string") return oneLine(args);
  const todos = todosOf(args);
  if (todos) return summariseTodos(todos);
  const record = recordSchema.safeParse(args);
  if (!record.success) return oneLine(title);
  const telling = TELLING.map((name) => textOf(record.data[name])).find((text) => text !== "");
  const pattern = textOf(record.data["pattern"]);
  const path = textOf(record.data["path"]);
  if (pattern !== "" && path !== "") return oneLine(`${pattern} in ${path}`);
  return oneLine(telling || title || firstText(record.data));
}

/** The plan that a call writes, or undefined if it writes none. */
export function todosOf(args: unknown): readonly Todo[] | undefined {
  const todos = todosSchema.safeParse(args);
  return todos.success ? todos.data.todos : undefined;
}

function summariseTodos(todos: readonly Todo[]): string {
  const isDone = (status: string) => status === "completed" || status === "done";
  const current = todos.find(({ status }) => status === "in_progress" || status === "in-progress");
  const done = todos.filter(({ status }) => isDone(status)).length;
  const count = `${done}/${todos.length} done`;
  return current === undefined ? count : oneLine(`${current.content} (${count})`);
}

/** A command may be a list of words. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) && value.every((word) => typeof word === "string") ? value.join(" ") : "";
}

function firstText(args: Readonly<Record<string, unknown>>): string {
  const text = Object.values(args).find((value) => typeof value === "string" && value !== "");
  return typeof text === "string" ? text : "";
}

const MAX_LENGTH = 300;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
