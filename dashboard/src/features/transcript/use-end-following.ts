import { type RefObject, useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";

/** A reader this close to the end, px, wants to see what comes. */
const AT_END_PX = 60;

/** Distance of what is shown from the end, px. */
function distanceFromEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

interface FollowingOptions {
  readonly startsAtEnd: boolean;
  /** Whether the end of what is loaded is the end of all. */
  readonly hasEnd: boolean;
  /** Height that the content is going to have when it is drawn next, px. */
  readonly readContentPx: () => number;
}

/**
 * Keeps a reader who is at the end there, whatever grows: new messages, text that streams, rows that turn out taller
 * than guessed. A reader who scrolls away is left alone.
 * @param contentPx height of the content as it is drawn now
 */
export function useEndFollowing(scroller: RefObject<HTMLElement | null>, contentPx: number, options: FollowingOptions) {
  const [isAtEnd, setAtEnd] = useState(options.startsAtEnd);
  // The layout effect must know at once what the last scroll said, not at the next render.
  const isFollowing = useRef(options.startsAtEnd);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    isFollowing.current = true;
    if (element) element.scrollTop = element.scrollHeight;
  }, [scroller]);

  /** Lets go of the end, for a move to somewhere else whose scroll may come with heights that mean nothing yet. */
  const leaveEnd = useCallback(() => {
    isFollowing.current = false;
    setAtEnd(false);
  }, []);

  const onScroll = useEffectEvent(() => {
    const element = scroller.current;
    // A row has another height than it is drawn with: the distance is about to change, and means nothing now.
    if (!element || options.readContentPx() !== contentPx) return;
    isFollowing.current = options.hasEnd && distanceFromEnd(element) < AT_END_PX;
    setAtEnd(isFollowing.current);
  });
  useEffect(() => {
    const element = scroller.current;
    // Captured, so that it runs before the list draws new rows for the new place, which may change the height.
    element?.addEventListener("scroll", onScroll, { capture: true, passive: true });
    return () => element?.removeEventListener("scroll", onScroll, { capture: true });
  }, [scroller]);

  useLayoutEffect(() => {
    if (contentPx > 0 && isFollowing.current) toEnd();
  }, [contentPx, toEnd]);

  return { isAtEnd: isAtEnd && options.hasEnd, toEnd, leaveEnd };
}

/** Which loaded end of the content is within reach of the reader, so that more should be loaded there. */
export function nearEnds(element: HTMLElement, reachPx: number): { older: boolean; newer: boolean } {
  return { older: element.scrollTop < reachPx, newer: distanceFromEnd(element) < reachPx };
}
