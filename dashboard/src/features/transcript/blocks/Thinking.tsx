import { ChevronRight } from "lucide-react";
import { classes } from "../../../ui/classes.ts";
import { useFold } from "../fold-state.ts";
import { RichText } from "./RichText.tsx";

/** The agent's reasoning: folded to its first line, quieter than what it said. */
export function Thinking({ id, text }: { id: string; text: string }) {
  const [isOpen, toggle] = useFold(id);
  const [firstLine = ""] = text.trim().replaceAll("**", "").split("\n");
  return (
    <div className="my-1.5 text-muted text-sm">
      <button
        type="button"
        onClick={toggle}
        aria-expanded={isOpen}
        className="touch-target -ml-1 flex w-full items-center gap-1.5 rounded px-1 py-0.5 text-left hover:text-ink"
      >
        <ChevronRight
          size={14}
          aria-hidden="true"
          className={classes("shrink-0 text-faint transition-transform duration-100", isOpen && "rotate-90")}
        />
        <span className="shrink-0 font-medium">Thinking</span>
        {isOpen ? null : <span className="min-w-0 truncate italic">{firstLine}</span>}
      </button>
      {isOpen ? (
        <div className="mt-1 ml-[5px] border-line-strong border-l-2 pl-4">
          <RichText text={text} />
        </div>
      ) : null}
    </div>
  );
}
