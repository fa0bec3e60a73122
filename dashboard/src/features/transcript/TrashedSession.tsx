import { useCuration } from "../../lib/curation.ts";
import { formatExact } from "../../lib/format-time.ts";
import { type SessionRecord, sessionTitle } from "../../lib/session-record.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";

/** A session that is in the trash: until when, and the way back. */
export function TrashedSession({ session }: { session: SessionRecord }) {
  const { restore, isBusy } = useCuration();
  return (
    <main className="flex-1" aria-label="Session in the trash">
      <Notice
        title="This session is in the trash"
        actions={
          <Button look="primary" disabled={isBusy} onClick={() => restore([session.id])}>
            Restore
          </Button>
        }
      >
        “{sessionTitle(session)}” is deleted for good on {formatExact(session.purgeAt)}.
      </Notice>
    </main>
  );
}
