import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { formatCounted } from "../../lib/format-number.ts";
import { Button } from "../../ui/Button.tsx";
import { reachable } from "../../ui/reachable.ts";
import { MessageItem } from "./MessageItem.tsx";
import type { TranscriptWindow } from "./transcript-window.ts";
import { nearEnds, useEndFollowing } from "./use-end-following.ts";
import { useMessageKeys } from "./use-message-keys.ts";

/** How close to a loaded end, px, the next page is asked for: about two screens. */
const READ_AHEAD_PX = 1_500;
const GUESSED_PX = 140;

interface MessageListProps {
  window: TranscriptWindow;
  openAt: string;
  isExtending: boolean;
  onExtend: (direction: "older" | "newer") => void;
  onJump: (to: "start" | "end") => void;
  onCopyLink: (id: string) => void;
}

/**
 * The messages, of which only those near the screen exist. What is added before does not move what is read, what
 * is added after is followed only by a reader who is at the end.
 */
export function MessageList({ window, openAt, isExtending, onExtend, onJump, onCopyLink }: MessageListProps) {
  const { messages, older, newer } = window;
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualMessages(messages, scroller);
  const target = messages.findIndex(({ id }) => id === openAt);
  const { isAtEnd, toEnd, leaveEnd } = useEndFollowing(scroller, virtualizer.getTotalSize(), {
    startsAtEnd: target < 0 && openAt !== "start",
    hasEnd: newer === null,
    readContentPx: virtualizer.getTotalSize,
  });

  const unseen = useUnseen(messages, isAtEnd);
  const jumpToEnd = () => (newer === null ? toEnd() : onJump("end"));
  const { startAt } = useMessageKeys({
    messages,
    virtualizer,
    scroller,
    onCopyLink,
    onLeave: leaveEnd,
    onFirst: () => {
      leaveEnd();
      if (older === null) virtualizer.scrollToOffset(0);
      else onJump("start");
    },
    onLatest: jumpToEnd,
  });

  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    if (!isPlaced.current && target >= 0) startAt(target);
    isPlaced.current = true;
  });
  // After every drawing: it is the height of what was drawn that decides.
  useEffect(() => {
    if (isExtending || scroller.current === null) return;
    const near = nearEnds(scroller.current, READ_AHEAD_PX);
    if (near.older && older !== null) onExtend("older");
    else if (near.newer && newer !== null) onExtend("newer");
  });

  return (
    <div className="relative min-h-0 flex-1">
      {/* Its rows scroll, so it takes the focus: else a keyboard could not scroll a list without links. */}
      <section ref={scroller} {...reachable} aria-label="Messages" className="h-full overflow-y-auto px-2 sm:px-4">
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, key, start }) => {
            const message = messages[index];
            return message === undefined ? null : (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <MessageItem message={message} isTarget={message.id === openAt} onCopyLink={onCopyLink} />
              </div>
            );
          })}
        </div>
      </section>
      {/* Not the list itself: rows come and go as it scrolls, and none of that is news. */}
      <p role="status" className="sr-only">
        {unseen > 0 ? formatCounted(unseen, "new message") : ""}
      </p>
      {isAtEnd || messages.length === 0 ? null : <LatestButton unseen={unseen} onClick={jumpToEnd} />}
    </div>
  );
}

/** Which messages are near the screen, and where each begins. */
function useVirtualMessages(messages: TranscriptWindow["messages"], scroller: RefObject<HTMLDivElement | null>) {
  return useVirtualizer({
    count: messages.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => GUESSED_PX,
    getItemKey: (index) => messages[index]?.id ?? index,
    // What is loaded before must not move what is read.
    anchorTo: "end",
    // Staying at the end is decided by useEndFollowing alone: two judges would push against each other.
    scrollEndThreshold: -1,
    overscan: 5,
    gap: 4,
    paddingStart: 12,
    paddingEnd: 24,
  });
}

/** Leads to the end, and tells how much has come in there. */
function LatestButton({ unseen, onClick }: { unseen: number; onClick: () => void }) {
  return (
    <div className="absolute right-5 bottom-4">
      <Button isSmall className="rounded-full px-3 shadow-pop" onClick={onClick}>
        {unseen > 0 ? formatCounted(unseen, "new message") : "Latest"}
        <ArrowDown size={13} aria-hidden="true" />
      </Button>
    </div>
  );
}

/** How many messages came in below while the reader was further up. */
function useUnseen(messages: TranscriptWindow["messages"], isAtEnd: boolean): number {
  const lastId = messages.at(-1)?.id;
  const [seenId, setSeenId] = useState(lastId);
  if (isAtEnd && seenId !== lastId) setSeenId(lastId);
  const seenIndex = messages.findLastIndex(({ id }) => id === seenId);
  return isAtEnd || seenIndex < 0 ? 0 : messages.length - 1 - seenIndex;
}
