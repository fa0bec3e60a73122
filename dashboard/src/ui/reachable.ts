/**
 * Makes an element that scrolls focusable, so that a keyboard can scroll it where it holds nothing that takes the focus
 * (WCAG 2.1.1). Spread into the element: `<pre {...reachable}>`.
 */
export const reachable = { tabIndex: 0 } as const;
