import { useFold } from "../fold-state.ts";
import { FoldHead } from "./FoldHead.tsx";
import { RichText } from "./RichText.tsx";

/** The agent's reasoning: folded to its first line, quieter than what it said. */
export function Thinking({ id, text }: { id: string; text: string }) {
  const [isOpen, toggle] = useFold(id);
  const [firstLine = ""] = text.trim().replaceAll("**", "").split("\n");
  return (
    <div className="my-1.5 text-muted text-sm">
      <FoldHead
        isOpen={isOpen}
        onToggle={toggle}
        className="touch-target -ml-1 flex w-full items-center gap-1.5 rounded px-1 py-0.5 text-left hover:text-ink"
      >
        <span className="shrink-0 font-medium">Thinking</span>
        {isOpen ? null : <span className="min-w-0 truncate italic">{firstLine}</span>}
      </FoldHead>
      {isOpen ? (
        <div className="mt-1 ml-[5px] border-line-strong border-l-2 pl-4">
          <RichText text={text} />
        </div>
      ) : null}
    </div>
  );
}
