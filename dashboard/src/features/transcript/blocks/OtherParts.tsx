import { useFold } from "../fold-state.ts";
import type { DataBlock } from "../read-parts.ts";
import { showValue } from "../show-value.ts";
import { FoldableText } from "./FoldableText.tsx";

/** Parts without a view of their own, such as the marks between steps: one quiet line, unfolded as data. */
export function OtherParts({ id, parts }: { id: string; parts: readonly DataBlock[] }) {
  const [isOpen, toggle] = useFold(id);
  if (parts.length === 0) return null;
  const types = [...new Set(parts.map(({ type }) => type))].join(", ");
  return (
    <div className="mt-1 text-faint text-xs">
      <button
        type="button"
        onClick={toggle}
        aria-expanded={isOpen}
        className="touch-target max-w-full truncate rounded hover:text-ink"
      >
        {isOpen ? "−" : "+"} {parts.length === 1 ? "other part" : `${parts.length} other parts`}:{" "}
        <span className="font-mono">{types}</span>
      </button>
      {isOpen
        ? parts.map(({ type, content }, index) => (
            // Parts have nothing but their place to be known by, and it does not change.
            <div key={`${index.toString()}-${type}`} className="mt-1 rounded-md bg-fill px-3 py-2">
              <p className="font-mono">{type}</p>
              <FoldableText id={`${id}/${index}`} text={showValue(content)} />
            </div>
          ))
        : null}
    </div>
  );
}
