import { formatBytes, formatCount } from "../../../lib/format-number.ts";
import { Button } from "../../../ui/Button.tsx";
import { useFold } from "../fold-state.ts";
import { foldText, withoutTerminalCodes } from "../fold-text.ts";

interface FoldableTextProps {
  id: string;
  text: string;
  className?: string;
}

/** Plain text in the typewriter face; long text shows its beginning and says how much more there is. */
export function FoldableText({ id, text, className = "" }: FoldableTextProps) {
  const [isOpen, toggle] = useFold(`${id}/text`);
  const plain = withoutTerminalCodes(text);
  const { head, lineCount, isWhole } = foldText(plain);
  return (
    <div className={className}>
      <pre className="whitespace-pre-wrap break-words font-mono text-sm [overflow-wrap:anywhere]">
        {isOpen ? plain : head}
        {isOpen || isWhole ? "" : " …"}
      </pre>
      {isWhole ? null : (
        <Button isSmall look="quiet" className="mt-1 -ml-2" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? "Show less" : `Show all ${formatCount(lineCount)} lines (${formatBytes(plain.length)})`}
        </Button>
      )}
    </div>
  );
}
