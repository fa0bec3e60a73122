import type { Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useRef } from "react";
import { useAction } from "../../lib/keyboard/use-actions.tsx";
import type { MessageRecord } from "./message-record.ts";

interface MessageKeysOptions {
  messages: readonly MessageRecord[];
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  scroller: RefObject<HTMLDivElement | null>;
  onCopyLink: (id: string) => void;
  onFirst: () => void;
  onLatest: () => void;
}

/** Moves between messages by keys. The current message is the one moved to, else the topmost on the screen. */
export function useMessageKeys({ messages, virtualizer, scroller, ...on }: MessageKeysOptions): void {
  const currentId = useRef<string>(undefined);

  const currentIndex = () => {
    const { startIndex, endIndex } = virtualizer.range ?? { startIndex: 0, endIndex: 0 };
    const moved = messages.findIndex(({ id }) => id === currentId.current);
    return moved >= startIndex && moved <= endIndex ? moved : startIndex;
  };
  const moveTo = (index: number) => {
    const message = messages[index];
    if (message === undefined) return;
    currentId.current = message.id;
    virtualizer.scrollToIndex(index, { align: "start" });
    // The message may have to be drawn before it can take the focus.
    requestAnimationFrame(() => {
      scroller.current?.querySelector<HTMLElement>(`#message-${message.id}`)?.focus({ preventScroll: true });
    });
  };
  const moveBy = (step: 1 | -1) => moveTo(currentId.current === undefined ? currentIndex() : currentIndex() + step);
  const moveToPrompt = (step: 1 | -1) => {
    for (let index = currentIndex() + step; index >= 0 && index < messages.length; index += step) {
      if (messages[index]?.role === "user") return moveTo(index);
    }
  };

  useAction("next", () => moveBy(1));
  useAction("previous", () => moveBy(-1));
  useAction("nextPrompt", () => moveToPrompt(1));
  useAction("previousPrompt", () => moveToPrompt(-1));
  useAction("first", on.onFirst);
  useAction("latest", on.onLatest);
  useAction("copyLink", () => {
    const message = messages[currentIndex()];
    if (message !== undefined) on.onCopyLink(message.id);
  });
}
