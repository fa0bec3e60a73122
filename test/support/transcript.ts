import type { Locator } from "playwright-core";
import type { TestPage } from "./browser.ts";

/**
 * The transcript on a page: its list and messages, and where they stand.
 * @param tab the tab that shows it, which may open after this is called
 */
export function transcriptOn(tab: () => TestPage) {
  const log = () => tab().page.getByRole("region", { name: "Messages" });
  const message = (text: string) => tab().page.getByRole("article").filter({ hasText: text });
  return {
    log,
    message,
    /** How far the list can still be scrolled, px. */
    distanceFromEnd: () => log().evaluate((e) => e.scrollHeight - e.scrollTop - e.clientHeight),
    /** Distance of a message's top from the top of the list, px. */
    topOf: (text: string) =>
      message(text)
        .first()
        .evaluate((e) =>
          Math.round(e.getBoundingClientRect().top - (e.closest("section")?.getBoundingClientRect().top ?? 0)),
        ),
  };
}

/**
 * Scrolls by some px, as a wheel does in one frame, and waits until that is drawn: a reader sees what is drawn, and
 * steps that are faster than frames would skip some of it.
 * @returns numbers of the messages drawn, and for each one that stayed on the screen by how many px it moved too far
 */
export const scrollByWheel = (list: Locator, deltaPx: number) =>
  list.evaluate(async (element, delta) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const articles = () => [...element.querySelectorAll<HTMLElement>("article")];
    const topsOnScreen = () => {
      const screen = element.getBoundingClientRect();
      const boxes = articles().map((article) => ({ id: article.id, box: article.getBoundingClientRect() }));
      const shown = boxes.filter(({ box }) => box.bottom > screen.top && box.top < screen.bottom);
      return new Map(shown.map(({ id, box }) => [id, box.top]));
    };
    const before = topsOnScreen();
    const from = element.scrollTop;
    element.scrollBy({ top: delta });
    const scrolled = element.scrollTop - from;
    // The event of a wheel comes in the same frame as its scroll, that of a script only in the next one.
    element.dispatchEvent(new Event("scroll"));
    await frame();
    await frame();
    const jumpsPx = [...topsOnScreen()].flatMap(([id, top]) => {
      const topBefore = before.get(id);
      return topBefore === undefined ? [] : [Math.round(top - topBefore + scrolled)];
    });
    const numbers = articles().map((article) => Number(/message number (\d+)/.exec(article.innerText)?.[1]));
    return { numbers, jumpsPx };
  }, deltaPx);
