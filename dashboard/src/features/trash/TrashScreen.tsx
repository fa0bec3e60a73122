import { Trash2, Undo2 } from "lucide-react";
import { useState } from "react";
import { agentBadge } from "../../lib/agent-badge.ts";
import { useCuration } from "../../lib/curation.ts";
import { describeError } from "../../lib/describe-error.ts";
import { formatCounted } from "../../lib/format-number.ts";
import { formatExact } from "../../lib/format-time.ts";
import { sessionTitle } from "../../lib/session-record.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { Badge } from "../../ui/Badge.tsx";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { ErrorPanel } from "../../ui/ErrorPanel.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SkeletonRows } from "../../ui/SkeletonRows.tsx";
import { Time } from "../../ui/Time.tsx";
import { type TrashedSession, useTrash } from "./use-trash.ts";

/** Deleted sessions that can still be brought back. */
export function TrashScreen() {
  useDocumentTitle("Trash");
  const { list, sessions } = useTrash();
  const { restore, purge, isBusy } = useCuration();
  const [doomed, setDoomed] = useState<TrashedSession>();
  return (
    <main className="min-h-0 flex-1 overflow-y-auto" aria-label="Trash">
      <div className="mx-auto max-w-5xl px-4 py-6">
        <h1 className="mb-1 font-semibold text-xl">Trash</h1>
        <p className="mb-4 text-muted text-sm">
          Deleted sessions stay here for 30 days. No sync brings them back meanwhile, or afterwards.
        </p>
        {list.isPending ? <SkeletonRows count={4} heightPx={56} label="Loading the trash" /> : null}
        {list.isError ? (
          <ErrorPanel
            title="The trash could not be loaded"
            {...describeError(list.error)}
            onRetry={() => void list.refetch()}
          />
        ) : null}
        {list.isSuccess && sessions.length === 0 ? (
          <Notice title="The trash is empty">Nothing was deleted in the last 30 days.</Notice>
        ) : null}
        <ul>
          {sessions.map((session) => (
            <TrashRow
              key={session.id}
              session={session}
              isBusy={isBusy}
              onRestore={() => restore([session.id])}
              onPurge={() => setDoomed(session)}
            />
          ))}
        </ul>
        {list.hasNextPage ? (
          <Button className="mt-4" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Show more
          </Button>
        ) : null}
      </div>
      {doomed ? (
        <PurgeDialog
          session={doomed}
          onCancel={() => setDoomed(undefined)}
          onConfirm={() => {
            purge([doomed.id]);
            setDoomed(undefined);
          }}
        />
      ) : null}
    </main>
  );
}

interface PurgeDialogProps {
  session: TrashedSession;
  onCancel: () => void;
  onConfirm: () => void;
}

function PurgeDialog({ session, onCancel, onConfirm }: PurgeDialogProps) {
  return (
    <ConfirmDialog
      title="Delete this session for good?"
      action="Delete for good"
      isOpen
      onCancel={onCancel}
      onConfirm={onConfirm}
    >
      <p>
        “{sessionTitle(session)}” and its {formatCounted(session.messageCount, "message")} are erased from this server.
        This cannot be undone.
      </p>
    </ConfirmDialog>
  );
}

interface TrashRowProps {
  session: TrashedSession;
  isBusy: boolean;
  onRestore: () => void;
  onPurge: () => void;
}

function TrashRow({ session, isBusy, onRestore, onPurge }: TrashRowProps) {
  return (
    <li className="row-line flex flex-wrap items-center gap-x-3 gap-y-1.5 py-2.5">
      <Badge {...agentBadge(session.source)} />
      <div className="min-w-0 flex-1 basis-60">
        <p className="truncate font-medium" title={sessionTitle(session)}>
          {sessionTitle(session)}
        </p>
        <p className="break-words text-muted text-sm">
          {session.projectName || "no project"} · {formatCounted(session.messageCount, "message")} · deleted{" "}
          <Time timeMs={session.deletedAt} isPhrase /> · goes for good on {formatExact(session.purgeAt)}
        </p>
      </div>
      <Button isSmall disabled={isBusy} onClick={onRestore} aria-label={`Restore ${sessionTitle(session)}`}>
        <Undo2 size={13} aria-hidden="true" /> Restore
      </Button>
      <Button
        isSmall
        look="quiet"
        disabled={isBusy}
        onClick={onPurge}
        aria-label={`Delete for good: ${sessionTitle(session)}`}
      >
        <Trash2 size={13} aria-hidden="true" /> Delete for good
      </Button>
    </li>
  );
}
