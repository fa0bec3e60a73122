import { formatCount } from "../../../lib/format-number.ts";
import { Button } from "../../../ui/Button.tsx";
import { classes } from "../../../ui/classes.ts";
import { reachable } from "../../../ui/reachable.ts";
import { useFold } from "../fold-state.ts";

const MAX_LINES = 60;

function lookOf(line: string): string {
  if (line.startsWith("+") && !line.startsWith("+++")) return "bg-add-fill text-add";
  if (line.startsWith("-") && !line.startsWith("---")) return "bg-danger-fill text-danger";
  return line.startsWith("@@") ? "text-faint" : "";
}

/** A unified diff, line by line; the sign stays, so that colour is not the only difference. */
export function DiffText({ id, diff }: { id: string; diff: string }) {
  const [isOpen, toggle] = useFold(`${id}/diff`);
  const lines = diff.replace(/\n$/, "").split("\n");
  const shown = isOpen ? lines : lines.slice(0, MAX_LINES);
  return (
    <div>
      {/* It scrolls sideways, so it takes the focus: else a keyboard could not reach the end of a line. */}
      <pre {...reachable} className="overflow-x-auto rounded-md border border-line py-1 font-mono text-sm">
        {shown.map((line, index) => (
          // A line has nothing but its place to be known by, and a diff does not change.
          <span
            key={`${index.toString()}`}
            className={classes("block w-max min-w-full whitespace-pre px-3", lookOf(line))}
          >
            {line || " "}
          </span>
        ))}
      </pre>
      {lines.length > MAX_LINES ? (
        <Button isSmall look="quiet" className="mt-1 -ml-2" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? "Show less" : `Show all ${formatCount(lines.length)} lines`}
        </Button>
      ) : null}
    </div>
  );
}
