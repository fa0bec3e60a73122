import type { Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useRef } from "react";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import type { MessageRecord } from "./message-record.ts";

interface MessageKeysOptions {
  messages: readonly MessageRecord[];
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  scroller: RefObject<HTMLDivElement | null>;
  onCopyLink: (id: string) => void;
  /** Called before a move to somewhere that is not the end. */
  onLeave: () => void;
  onFirst: () => void;
  onLatest: () => void;
}

/** A message whose top is this close to the top of the list, px, is on top. */
const ON_TOP_PX = 8;

/**
 * Moves between messages by keys: from the one moved to before while it is on the screen, else from what is on top.
 * @returns how to start at a message that the address names
 */
export function useMessageKeys({ messages, virtualizer, scroller, ...on }: MessageKeysOptions): {
  startAt: (index: number) => void;
} {
  const currentId = useRef<string>(undefined);

  // The element's own position: the virtualizer hears of a move only with the next frame, a key may come before that.
  const topPx = () => scroller.current?.scrollTop ?? 0;
  /** Where the last move went, or -1 when it has been scrolled away. */
  const findCurrent = () => {
    const index = messages.findIndex(({ id }) => id === currentId.current);
    const row = virtualizer.measurementsCache[index];
    const heightPx = scroller.current?.clientHeight ?? 0;
    return row !== undefined && row.end > topPx() && row.start < topPx() + heightPx ? index : -1;
  };
  const findNeighbour = (step: 1 | -1) => {
    const current = findCurrent();
    if (current >= 0) return current + step;
    const row = virtualizer.getVirtualItemForOffset(topPx() + step * ON_TOP_PX);
    return row === undefined ? -1 : row.index + (step === 1 ? 1 : 0);
  };
  const startAt = (index: number) => {
    currentId.current = messages[index]?.id;
    on.onLeave();
    virtualizer.scrollToIndex(index, { align: "start" });
  };
  const moveTo = (index: number) => {
    const message = messages[index];
    if (message === undefined) return;
    startAt(index);
    // The message may have to be drawn before it can take the focus.
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`#message-${message.id}`)?.focus({ preventScroll: true });
    });
  };
  const moveToPrompt = (step: 1 | -1) => {
    for (let index = findNeighbour(step); index >= 0 && index < messages.length; index += step) {
      if (messages[index]?.role === "user") return moveTo(index);
    }
  };

  useAction("next", () => moveTo(findNeighbour(1)));
  useAction("previous", () => moveTo(findNeighbour(-1)));
  useAction("nextPrompt", () => moveToPrompt(1));
  useAction("previousPrompt", () => moveToPrompt(-1));
  useAction("first", on.onFirst);
  useAction("latest", on.onLatest);
  useAction("copyLink", () => {
    const shown = virtualizer.getVirtualItemForOffset(topPx() + ON_TOP_PX)?.index ?? 0;
    const current = findCurrent();
    const message = messages[current >= 0 ? current : shown];
    if (message !== undefined) on.onCopyLink(message.id);
  });
  return { startAt };
}
