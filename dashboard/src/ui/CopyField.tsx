import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./Button.tsx";
import { copyText } from "./copy-text.ts";

interface CopyFieldProps {
  /** Name of the text, for screen readers. */
  label: string;
  text: string;
  /** What the button says. */
  action?: string;
}

/** A line of text to take away, with a button that copies it and says so. */
export function CopyField({ label, text, action = "Copy" }: CopyFieldProps) {
  const [outcome, setOutcome] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (outcome === "idle") return;
    const timer = setTimeout(() => setOutcome("idle"), 2_000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async () => setOutcome((await copyText(text)) ? "copied" : "failed");
  const said = { idle: action, copied: "Copied", failed: "Select and copy" }[outcome];
  return (
    <div className="flex items-stretch overflow-hidden rounded-md border border-line-strong bg-surface">
      <input
        aria-label={label}
        readOnly
        value={text}
        title={text}
        onFocus={(event) => event.currentTarget.select()}
        className="min-w-0 flex-1 text-ellipsis bg-transparent px-3 py-2 font-mono text-sm focus-visible:-outline-offset-2"
      />
      <Button look="quiet" className="h-auto rounded-none border-0 border-line-strong border-l px-3" onClick={copy}>
        {outcome === "copied" ? <Check size={14} aria-hidden="true" /> : <Copy size={14} aria-hidden="true" />}
        <span aria-live="polite" className="max-sm:sr-only">
          {said}
        </span>
      </Button>
    </div>
  );
}
