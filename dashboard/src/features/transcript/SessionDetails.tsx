import { X } from "lucide-react";
import type { SessionRecord } from "../../lib/session-record.ts";
import { IconButton } from "../../ui/Button.tsx";
import { reachable } from "../../ui/reachable.ts";
import { TodoList } from "./blocks/TodoList.tsx";
import { CurationPanel } from "./curation/CurationPanel.tsx";
import { type Fact, sessionFacts } from "./session-facts.ts";

/** All facts of a session: a column on wide screens, a drawer on small ones. */
export function SessionDetails({ session, onClose }: { session: SessionRecord; onClose: () => void }) {
  const groups = sessionFacts(session).filter(({ facts }) => facts.length > 0);
  return (
    <aside
      aria-label="Details"
      {...reachable}
      className="overflow-y-auto border-line bg-surface p-4 max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-30 max-lg:max-h-[70vh] max-lg:rounded-t-xl max-lg:border-t max-lg:shadow-pop lg:w-80 lg:shrink-0 lg:border-l"
    >
      <div className="mb-2 flex items-center justify-between lg:hidden">
        <h2 className="font-semibold">Details</h2>
        <IconButton label="Close details" onClick={onClose}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      </div>
      <CurationPanel session={session} />
      {session.todos && session.todos.length > 0 ? (
        <section className="mb-5">
          <h2 className="mb-1.5 font-medium text-faint text-xs">Todos</h2>
          <TodoList todos={session.todos} />
        </section>
      ) : null}
      {groups.map(({ title, facts }) => (
        <section key={title} className="mb-5">
          <h2 className="mb-1.5 font-medium text-faint text-xs">{title}</h2>
          <dl className="space-y-1 text-sm">
            {facts.map((fact) => (
              <FactLine key={fact.name} {...fact} />
            ))}
          </dl>
        </section>
      ))}
    </aside>
  );
}

function FactLine({ name, text, isCode }: Fact) {
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-2">
      <dt className="text-muted first-letter:uppercase">{name}</dt>
      <dd className={isCode ? "break-all font-mono text-xs leading-5" : ""}>{text}</dd>
    </div>
  );
}
