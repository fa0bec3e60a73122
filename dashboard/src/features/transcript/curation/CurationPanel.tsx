import { X } from "lucide-react";
import { useRef } from "react";
import { type Changes, evalStatuses, useCuration } from "../../../lib/curation.ts";
import { useAction } from "../../../lib/keyboard/use-actions.tsx";
import type { SessionRecord } from "../../../lib/session-record.ts";
import { IconButton } from "../../../ui/Button.tsx";
import { TagField } from "../../../ui/TagField.tsx";
import { SavedText } from "./SavedText.tsx";

/** What people add to a session: tags, notes, and what it is worth as an example. */
export function CurationPanel({ session }: { session: SessionRecord }) {
  const { change } = useCuration();
  const panel = useRef<HTMLElement>(null);
  useAction("tag", () => panel.current?.querySelector("input")?.focus());
  const set = (changes: Changes) => change([session.id], changes);
  return (
    <section ref={panel} aria-label="Added by you" className="mb-5 space-y-3">
      <Tags tags={session.tags ?? []} set={set} />
      <SavedText label="Notes" text={session.notes} maxLength={50_000} onSave={(notes) => set({ notes })} />
      <Evaluation session={session} set={set} />
    </section>
  );
}

type SetChanges = (changes: Changes) => void;

function Tags({ tags, set }: { tags: readonly string[]; set: SetChanges }) {
  return (
    <div>
      <h2 className="mb-1.5 font-medium text-faint text-xs">Tags</h2>
      <ul className="mb-1.5 flex flex-wrap gap-1 empty:hidden">
        {tags.map((tag) => (
          <li key={tag} className="inline-flex items-center rounded bg-fill-strong pl-2 text-sm">
            {tag}
            <IconButton label={`Remove tag ${tag}`} className="size-6" onClick={() => set({ removeTags: [tag] })}>
              <X size={12} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
      <TagField label="Add tag" onAdd={(addTags) => set({ addTags })} />
    </div>
  );
}

/** Whether the session serves as an example, and of what. */
function Evaluation({ session, set }: { session: SessionRecord; set: SetChanges }) {
  return (
    <div>
      <h2 className="mb-1.5 font-medium text-faint text-xs">Evaluation</h2>
      <label className="mb-2 flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={session.evalReady}
          onChange={(event) => set({ evalReady: event.target.checked })}
        />
        Part of the evaluation set
      </label>
      <label className="flex items-center gap-2 text-sm">
        <span className="w-24 shrink-0 text-muted">Judgement</span>
        <select
          className="field h-8"
          value={session.evalStatus}
          onChange={(event) => set({ evalStatus: event.target.value })}
        >
          <option value="">none</option>
          {evalStatuses.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {session.evalReady || session.evalStatus ? (
        <div className="mt-3 space-y-3">
          <SavedText
            label="Expected output"
            text={session.expectedOutput}
            maxLength={200_000}
            onSave={(expectedOutput) => set({ expectedOutput })}
          />
          <SavedText
            label="Evaluation notes"
            text={session.evalNotes}
            maxLength={50_000}
            onSave={(evalNotes) => set({ evalNotes })}
          />
        </div>
      ) : null}
    </div>
  );
}
