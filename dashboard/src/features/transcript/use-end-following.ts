import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from "react";

/** A reader this close to the end, px, wants to see what comes. */
const AT_END_PX = 60;

/** Distance of what is shown from the end, px. */
function distanceFromEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number {
  return scrollHeight - scrollTop - clientHeight;
}

/**
 * Keeps a reader who is at the end there, whatever grows: new messages, text that streams, rows that turn out taller
 * than guessed. A reader who scrolls away is left alone.
 * @param contentPx height of the content; a change of it is a reason to look
 */
export function useEndFollowing(
  scroller: RefObject<HTMLElement | null>,
  contentPx: number,
  options: { readonly startsAtEnd: boolean; readonly hasEnd: boolean },
) {
  const [isAtEnd, setAtEnd] = useState(options.startsAtEnd);
  // The layout effect must know at once what the last scroll said, not at the next render.
  const isFollowing = useRef(options.startsAtEnd);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    isFollowing.current = true;
    if (element) element.scrollTop = element.scrollHeight;
  }, [scroller]);

  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    isFollowing.current = options.hasEnd && distanceFromEnd(element) < AT_END_PX;
    setAtEnd(isFollowing.current);
  };

  useLayoutEffect(() => {
    if (contentPx > 0 && isFollowing.current) toEnd();
  }, [contentPx, toEnd]);

  return { isAtEnd: isAtEnd && options.hasEnd, toEnd, onScroll };
}

/** Which loaded end of the content is within reach of the reader, so that more should be loaded there. */
export function nearEnds(element: HTMLElement, reachPx: number): { older: boolean; newer: boolean } {
  return { older: element.scrollTop < reachPx, newer: distanceFromEnd(element) < reachPx };
}
