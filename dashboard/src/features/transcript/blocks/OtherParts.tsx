import { Ellipsis } from "lucide-react";
import { formatCounted } from "../../../lib/format-number.ts";
import { useFold } from "../fold-state.ts";
import type { DataBlock } from "../read-parts.ts";
import { showValue } from "../show-value.ts";
import { FoldableText } from "./FoldableText.tsx";

interface OtherPartsProps {
  /** Of the message; button and list find each other by it. */
  id: string;
  parts: readonly DataBlock[];
}

/** Says that a message has parts without a view of their own, such as the marks between steps, and shows them on demand. */
export function OtherPartsButton({ id, parts }: OtherPartsProps) {
  const [isOpen, toggle] = useFold(`${id}/other`);
  if (parts.length === 0) return null;
  const types = [...new Set(parts.map(({ type }) => type))].join(", ");
  const label = `${formatCounted(parts.length, "other part")}: ${types}`;
  return (
    <button
      type="button"
      onClick={toggle}
      aria-expanded={isOpen}
      aria-label={label}
      title={label}
      className="touch-target inline-flex items-center gap-0.5 rounded px-1 text-faint text-xs hover:bg-fill hover:text-ink"
    >
      <Ellipsis size={13} aria-hidden="true" />
      {parts.length}
    </button>
  );
}

/** The parts themselves, as data. */
export function OtherParts({ id, parts }: OtherPartsProps) {
  const [isOpen] = useFold(`${id}/other`);
  if (!isOpen) return null;
  return parts.map(({ type, content }, index) => (
    // Parts have nothing but their place to be known by, and it does not change.
    <div key={`${index.toString()}-${type}`} className="mt-1.5 rounded-md bg-fill px-3 py-2">
      <p className="font-mono text-faint text-xs">{type}</p>
      <FoldableText id={`${id}/other/${index}`} text={showValue(content)} />
    </div>
  ));
}
