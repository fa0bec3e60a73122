import { Star, Trash2, X } from "lucide-react";
import { useState } from "react";
import { type Changes, type Chosen, useCuration } from "../../lib/curation.ts";
import { formatCount, formatCounted } from "../../lib/format-number.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { TagField } from "../../ui/TagField.tsx";
import type { SessionFilters } from "./filters.ts";
import { queryOf } from "./session-query.ts";
import type { Selection } from "./use-selection.ts";

interface SelectionBarProps {
  selection: Selection;
  filters: SessionFilters;
  /** All sessions that match. */
  total: number;
  /** Whether these are really all, so that what is done to all is done to no other. */
  mayChooseAll: boolean;
}

/** What can be done with the chosen sessions; it says how many they are. */
export function SelectionBar({ selection, filters, total, mayChooseAll }: SelectionBarProps) {
  const { change, moveToTrash, isBusy } = useCuration();
  const [isAsking, setAsking] = useState(false);
  const chosen: Chosen = selection.isAll ? { matching: queryOf(filters), count: total } : [...selection.ids];
  const set = (changes: Changes) => change(chosen, changes);
  const remove = () => {
    moveToTrash(chosen);
    selection.clear();
    setAsking(false);
  };
  return (
    <section
      aria-label="Selection"
      className="row-line flex flex-wrap items-center gap-2 bg-accent-fill px-4 py-1.5 text-sm"
    >
      <p role="status" className="font-medium">
        {formatCounted(selection.count, "session")} selected
      </p>
      {selection.isAll || !mayChooseAll || total <= selection.count ? null : (
        <Button isSmall look="quiet" onClick={selection.selectAll}>
          Select all {formatCount(total)}
        </Button>
      )}
      <div className="w-36">
        <TagField label="Add tag" onAdd={(addTags) => set({ addTags })} />
      </div>
      <Button isSmall disabled={isBusy} onClick={() => set({ starred: true })}>
        <Star size={13} aria-hidden="true" /> Star
      </Button>
      <Button isSmall disabled={isBusy} onClick={() => set({ starred: false })}>
        Unstar
      </Button>
      <Button isSmall disabled={isBusy} onClick={() => set({ evalReady: true })}>
        Add to evaluation set
      </Button>
      <Button isSmall disabled={isBusy} onClick={() => (selection.isAll ? setAsking(true) : remove())}>
        <Trash2 size={13} aria-hidden="true" /> Move to trash
      </Button>
      <IconButton label="Clear selection" className="ml-auto size-7" onClick={selection.clear}>
        <X size={15} aria-hidden="true" />
      </IconButton>
      {isAsking ? (
        <ConfirmDialog
          title={`Move ${formatCounted(total, "session")} to the trash?`}
          action="Move to trash"
          isOpen
          onConfirm={remove}
          onCancel={() => setAsking(false)}
        >
          <p>These are all that match, not only those that are loaded. They can be restored for 30 days.</p>
        </ConfirmDialog>
      ) : null}
    </section>
  );
}
