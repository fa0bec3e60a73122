import { Pencil } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { useCuration } from "../../../lib/curation.ts";
import { type SessionRecord, sessionTitle } from "../../../lib/session-record.ts";
import { Button, IconButton } from "../../../ui/Button.tsx";

/** A field that a click has asked for. */
const takeFocus = (input: HTMLInputElement | null) => input?.select();

/** The title, and a way to give another one; without one of our own it is the agent's. */
export function TitleEditor({ session }: { session: SessionRecord }) {
  const [isEditing, setEditing] = useState(false);
  const { change } = useCuration();
  if (!isEditing) {
    return (
      <>
        <h1 className="truncate font-semibold text-lg leading-6" title={sessionTitle(session)}>
          {sessionTitle(session)}
        </h1>
        <IconButton label="Rename" className="-my-1 size-7 shrink-0" onClick={() => setEditing(true)}>
          <Pencil size={14} aria-hidden="true" />
        </IconButton>
      </>
    );
  }
  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const customTitle = String(new FormData(event.currentTarget).get("title")).trim();
    if (customTitle !== session.customTitle) change([session.id], { customTitle });
    setEditing(false);
  };
  const leave = (event: KeyboardEvent) => {
    if (event.key === "Escape") setEditing(false);
  };
  return (
    <form onSubmit={save} onKeyDown={leave} className="flex min-w-0 flex-1 items-center gap-2">
      <input
        name="title"
        aria-label="Title"
        className="field h-8 max-w-xl"
        maxLength={500}
        defaultValue={session.customTitle || session.title}
        placeholder={session.title || "The agent gave no title"}
        ref={takeFocus}
      />
      <Button type="submit" isSmall look="primary">
        Save
      </Button>
      <Button isSmall look="quiet" onClick={() => setEditing(false)}>
        Cancel
      </Button>
    </form>
  );
}
