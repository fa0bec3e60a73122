import { Button } from "../../ui/Button.tsx";

const examples = [
  { text: "token expiry", says: "both words, anywhere in a message" },
  { text: '"signed out"', says: "exactly this phrase" },
  { text: "migrat*", says: "words that begin like this" },
  { text: "flaky -test", says: "the first word without the second" },
  { text: "timeout OR deadline", says: "one of the two" },
  { text: "src/session.ts", says: "a path, a name in code, an id, whole or in part" },
  { text: "tool:bash is:error", says: "failed calls of a tool" },
  { text: "role:user project:storefront", says: "your own prompts in one project" },
  { text: "agent:codex after:2026-01-01", says: "by agent, model, device, branch, tag and time" },
] as const;

/** What can be asked, before anything is. Each example can be tried. */
export function SearchHelp({ onTry }: { onTry: (example: string) => void }) {
  return (
    <section className="mt-6" aria-label="What can be asked">
      <ul className="space-y-1">
        {examples.map(({ text, says }) => (
          <li key={text} className="flex flex-wrap items-center gap-x-3">
            <Button isSmall look="quiet" className="font-mono text-ink" onClick={() => onTry(text)}>
              {text}
            </Button>
            <span className="text-muted text-sm">{says}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
