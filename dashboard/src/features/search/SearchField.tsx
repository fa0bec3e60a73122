import { Search } from "lucide-react";
import { useEffect, useRef } from "react";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import { useTypedText } from "../../ui/use-typed-text.ts";

/** The field; what is typed is searched after a short pause, or at once with Enter. */
export function SearchField({ q, onChange }: { q: string; onChange: (q: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  const { typed, type, submit } = useTypedText(q, onChange);
  useAction("focusFilter", () => field.current?.select());
  // Who comes here without a question has one to ask.
  useEffect(() => {
    if (field.current?.value === "") field.current.focus();
  }, []);
  return (
    <search>
      <form
        className="relative"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Search size={16} aria-hidden="true" className="absolute top-1/2 left-3 -translate-y-1/2 text-faint" />
        <input
          ref={field}
          type="search"
          className="field h-10 pl-9"
          aria-label="Search all sessions"
          placeholder="Words, “a phrase”, -without, agent:codex tool:bash is:error…"
          value={typed}
          maxLength={1_000}
          onChange={(event) => type(event.target.value)}
        />
      </form>
    </search>
  );
}
