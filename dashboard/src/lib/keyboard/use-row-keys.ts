import type { RefObject } from "react";
import { useAction } from "./use-actions.tsx";

/** Moves the focus through the links of a list's rows (`data-row-link`) by the keys for next and previous. */
export function useRowKeys(list: RefObject<HTMLElement | null>): void {
  const move = (step: 1 | -1) => {
    const links: Element[] = [...(list.current?.querySelectorAll("[data-row-link]") ?? [])];
    const focused = document.activeElement === null ? -1 : links.indexOf(document.activeElement);
    const next = links[focused < 0 ? 0 : focused + step];
    if (!(next instanceof HTMLElement)) return;
    next.focus({ preventScroll: true });
    next.closest("li")?.scrollIntoView({ block: "nearest" });
  };
  useAction("next", () => move(1));
  useAction("previous", () => move(-1));
}
