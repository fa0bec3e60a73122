import { Check, Circle, CircleDot } from "lucide-react";
import type { Todo } from "../../../lib/session-record.ts";

/** The agent's plan as a checklist. */
export function TodoList({ todos }: { todos: readonly Todo[] }) {
  return (
    <ul className="space-y-1 text-sm">
      {todos.map(({ content, status }, index) => (
        // Two entries may read the same: only their place tells them apart.
        <li key={`${index.toString()}-${content}`} className="flex gap-2">
          <TodoMark status={status} />
          <span className={status === "completed" ? "text-muted line-through" : ""}>{content}</span>
        </li>
      ))}
    </ul>
  );
}

const marks = new Map([
  ["completed", Check],
  ["in_progress", CircleDot],
]);

function TodoMark({ status }: { status: string }) {
  const Mark = marks.get(status) ?? Circle;
  return (
    <span className="mt-0.5 shrink-0 text-accent">
      <Mark size={15} aria-hidden="true" />
      <span className="sr-only">{status.replaceAll("_", " ")}:</span>
    </span>
  );
}
