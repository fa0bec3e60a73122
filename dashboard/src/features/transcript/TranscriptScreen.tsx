import { useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { toast } from "sonner";
import { describeError } from "../../lib/describe-error.ts";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import { sessionTitle } from "../../lib/session-record.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { copyText } from "../../ui/copy-text.ts";
import { ErrorPanel } from "../../ui/ErrorPanel.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SkeletonRows } from "../../ui/SkeletonRows.tsx";
import { ALL_FOLDED, FoldProvider, toggleBlock, toggleTools } from "./fold-state.ts";
import { MessageList } from "./MessageList.tsx";
import { ProjectPathProvider } from "./project-path.ts";
import type { OpenedTranscript } from "./read-transcript.ts";
import { SessionDetails } from "./SessionDetails.tsx";
import { SessionHeader } from "./SessionHeader.tsx";
import { TrashedSession } from "./TrashedSession.tsx";
import { useTranscript } from "./use-transcript.ts";

/** One session: its facts, and its messages from the first to the last. */
export function TranscriptScreen() {
  const { sessionId } = useParams({ from: "/signed-in/sessions/$sessionId" });
  const { message } = useSearch({ from: "/signed-in/sessions/$sessionId" });
  // Another session or another address is another reading: it begins with nothing unfolded, where the address says.
  return <SessionReader key={`${sessionId} ${message ?? ""}`} sessionId={sessionId} message={message} />;
}

function SessionReader({ sessionId, message }: { sessionId: string; message: string | undefined }) {
  const [openAt, setOpenAt] = useState(message ?? "end");
  const { query, extend, extending, extendError } = useTranscript(sessionId, openAt);
  useDocumentTitle(query.data ? sessionTitle(query.data.session) : "Session");
  if (query.isPending) return <SkeletonRows count={8} heightPx={96} label="Loading the session" />;
  if (query.isError) {
    return (
      <ErrorPanel
        title="The session could not be loaded"
        {...describeError(query.error)}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (query.data === null) {
    return (
      <main className="flex-1">
        <Notice title="There is no such session">It was deleted, or it belongs to somebody else.</Notice>
      </main>
    );
  }
  if (query.data.session.deletedAt > 0) return <TrashedSession session={query.data.session} />;
  return (
    <Reader
      transcript={query.data}
      openAt={openAt}
      isExtending={extending !== undefined || extendError !== undefined}
      extendError={extendError}
      onExtend={extend}
      onJump={setOpenAt}
    />
  );
}

interface ReaderProps {
  transcript: OpenedTranscript;
  openAt: string;
  isExtending: boolean;
  extendError: unknown;
  onExtend: (direction: "older" | "newer") => Promise<void>;
  onJump: (to: string) => void;
}

async function copyMessageLink(sessionId: string, id: string): Promise<void> {
  const link = `${location.origin}/sessions/${sessionId}?message=${id}`;
  if (await copyText(link)) toast.success("Link copied");
  else toast(link, { description: "This browser lets no page copy; take it from here.", duration: 20_000 });
}

function Reader({ transcript, openAt, isExtending, extendError, onExtend, onJump }: ReaderProps) {
  const { session, window } = transcript;
  const [folds, setFolds] = useState(ALL_FOLDED);
  const [areDetailsOpen, setDetailsOpen] = useState(() => matchMedia("(min-width: 75rem)").matches);
  const toggleDetails = () => setDetailsOpen((before) => !before);
  useAction("toggleDetails", toggleDetails);
  useAction("foldTools", () => setFolds(toggleTools));

  // Both stay the same while the list grows, so that the messages in it need not be drawn again.
  const copyLink = useCallback((id: string) => void copyMessageLink(session.id, id), [session.id]);
  const fold = useMemo(
    () => ({ state: folds, toggle: (id: string) => setFolds((before) => toggleBlock(before, id)) }),
    [folds],
  );
  return (
    <main className="flex min-h-0 flex-1 flex-col" aria-label="Session">
      <SessionHeader session={session} areDetailsOpen={areDetailsOpen} onToggleDetails={toggleDetails} />
      <div className="flex min-h-0 flex-1">
        <ProjectPathProvider value={session.projectPath}>
          <FoldProvider value={fold}>
            <div className="flex min-h-0 min-w-0 flex-1 flex-col">
              {extendError === undefined ? null : (
                <ErrorPanel title="More messages could not be loaded" {...describeError(extendError)} />
              )}
              {window.messages.length === 0 ? (
                <Notice title="No messages yet">They appear here as the agent writes them.</Notice>
              ) : (
                <MessageList
                  key={openAt}
                  window={window}
                  openAt={openAt}
                  isExtending={isExtending}
                  onExtend={(direction) => void onExtend(direction)}
                  onJump={onJump}
                  onCopyLink={copyLink}
                />
              )}
            </div>
          </FoldProvider>
        </ProjectPathProvider>
        {areDetailsOpen ? <SessionDetails session={session} onClose={toggleDetails} /> : null}
      </div>
    </main>
  );
}
