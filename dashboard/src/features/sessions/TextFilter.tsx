import { Search } from "lucide-react";
import { useRef, useState } from "react";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import { useTypedText } from "../../ui/use-typed-text.ts";
import { type SessionFilters, type TextScope, textScopeOf, textScopes, withTextIn, withValue } from "./filters.ts";

interface TextFilterProps {
  filters: SessionFilters;
  onChange: (filters: SessionFilters) => void;
}

/**
 * Narrows the list by a text, after a short pause in typing: in titles, or in everything that a search looks at. The
 * address may also change it from outside (back, clear).
 */
export function TextFilter({ filters, onChange }: TextFilterProps) {
  const field = useRef<HTMLInputElement>(null);
  const [chosenScope, setChosenScope] = useState<TextScope>("title");
  const scope = textScopeOf(filters) ?? chosenScope;
  const { label, placeholder } = textScopes[scope];
  const { typed, type } = useTypedText(filters[scope] ?? "", (text) => onChange(withValue(filters, scope, text)));
  useAction("focusFilter", () => field.current?.focus());
  const choose = (next: TextScope) => {
    setChosenScope(next);
    if (typed.trim() !== "") onChange(withTextIn(filters, next, typed.trim()));
  };
  return (
    <div className="flex w-full gap-1 sm:w-72">
      <div className="relative min-w-0 grow">
        <Search size={14} aria-hidden="true" className="absolute top-1/2 left-2.5 -translate-y-1/2 text-faint" />
        <input
          ref={field}
          type="search"
          className="field pl-8 md:h-7"
          aria-label={label}
          placeholder={placeholder}
          value={typed}
          maxLength={1_000}
          onChange={(event) => type(event.target.value)}
        />
      </div>
      <select
        aria-label="Where the text is looked for"
        className="field w-auto px-2 text-sm md:h-7"
        value={scope}
        onChange={({ target }) => choose(target.value === "q" ? "q" : "title")}
      >
        <option value="title">Titles</option>
        <option value="q">Everything</option>
      </select>
    </div>
  );
}
