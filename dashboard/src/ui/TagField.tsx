import type { FormEvent } from "react";

interface TagFieldProps {
  label: string;
  /** Called with the tags typed, at least one. */
  onAdd: (tags: string[]) => void;
}

/** A field for one tag or several, separated by spaces or commas; Enter adds them. */
export function TagField({ label, onAdd }: TagFieldProps) {
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const tags = String(new FormData(event.currentTarget).get("tags")).split(/[\s,]+/);
    const typed = tags.filter((tag) => tag.replace(/^#+/, "") !== "");
    if (typed.length > 0) onAdd(typed);
    event.currentTarget.reset();
  };
  return (
    <form onSubmit={add}>
      <input
        name="tags"
        className="field h-8"
        aria-label={label}
        placeholder={`${label}…`}
        maxLength={200}
        autoCapitalize="none"
      />
    </form>
  );
}
