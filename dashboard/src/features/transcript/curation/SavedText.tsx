import { useId, useState } from "react";
import { Button } from "../../../ui/Button.tsx";

interface SavedTextProps {
  label: string;
  /** As the server has it. */
  text: string;
  maxLength: number;
  onSave: (text: string) => void;
}

/** A text of several lines with a button that saves it, there as soon as there is something to save. */
export function SavedText({ label, text, maxLength, onSave }: SavedTextProps) {
  const id = useId();
  const [typed, setTyped] = useState(text);
  const [saved, setSaved] = useState(text);
  // Changed elsewhere: taken over, unless something is being typed here.
  if (saved !== text) {
    setSaved(text);
    if (typed === saved) setTyped(text);
  }
  const isChanged = typed !== text;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-faint text-xs">
        {label}
      </label>
      <textarea
        id={id}
        className="field h-auto resize-y py-1.5"
        rows={Math.min(Math.max(typed.split("\n").length, 2), 8)}
        maxLength={maxLength}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {isChanged ? (
        <div className="mt-1 flex gap-2">
          <Button isSmall look="primary" onClick={() => onSave(typed)}>
            Save {label.toLowerCase()}
          </Button>
          <Button isSmall look="quiet" onClick={() => setTyped(text)}>
            Discard
          </Button>
        </div>
      ) : null}
    </div>
  );
}
