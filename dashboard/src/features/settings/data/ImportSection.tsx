import { Upload } from "lucide-react";
import { useRef } from "react";
import { Button } from "../../../ui/Button.tsx";
import { DataSection } from "./DataSection.tsx";
import { ImportOutcome } from "./ImportOutcome.tsx";
import { useArchiveImport } from "./use-archive-import.ts";

/** Brings an archive into the account, from this server or another one. */
export function ImportSection() {
  const { state, start, stop } = useArchiveImport();
  const input = useRef<HTMLInputElement>(null);
  return (
    <DataSection
      title="Import"
      action={
        <>
          <Button disabled={state.status === "running"} onClick={() => input.current?.click()}>
            <Upload size={15} aria-hidden="true" /> Import a file
          </Button>
          <input
            ref={input}
            type="file"
            accept=".jsonl"
            aria-label="Archive"
            hidden
            onChange={({ currentTarget }) => {
              const file = currentTarget.files?.[0];
              // So that the same file can be chosen again.
              currentTarget.value = "";
              if (file) void start(file);
            }}
          />
        </>
      }
      outcome={<ImportOutcome state={state} onGoOn={start} onStop={stop} />}
    >
      Adds what “Export everything” has saved, here or on another OpenSync server. What is newer here stays, and
      importing a file again changes nothing. The prices that a server's owner has set count only if you own this one.
    </DataSection>
  );
}
