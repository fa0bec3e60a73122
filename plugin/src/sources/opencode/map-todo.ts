import type { Todo } from "@opensync/client";
import { compact, type Data, textOf } from "./json.ts";

/** Maps an entry of a to-do list, out of a row or a file: `{content, status, priority?}`. */
export function mapTodo({ content, status, priority }: Data): Todo {
  return compact({ content: textOf(content) ?? "", status: textOf(status) ?? "", priority: textOf(priority) });
}
