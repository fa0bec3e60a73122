/**
 * Stands in for `react-style-singleton` (see the alias in vite.config.ts): the same three exports, but the rules go
 * into a constructed stylesheet, which a policy without 'unsafe-inline' permits.
 */
import { useEffect } from "react";

/** One stylesheet for any number of users: added by the first, removed by the last. */
export function stylesheetSingleton() {
  let users = 0;
  let sheet: CSSStyleSheet | null = null;
  return {
    add(rules: string): void {
      users += 1;
      if (users > 1) return;
      sheet = new CSSStyleSheet();
      sheet.replaceSync(rules);
      document.adoptedStyleSheets.push(sheet);
    },
    remove(): void {
      users -= 1;
      if (users > 0) return;
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      sheet = null;
    },
  };
}

/** A hook that keeps the rules applied while its component is mounted. */
export function styleHookSingleton() {
  const sheet = stylesheetSingleton();
  return function useStyle(rules: string, isDynamic?: boolean): void {
    useEffect(() => {
      sheet.add(rules);
      return () => sheet.remove();
      // Rules that are not dynamic stay as they were first given: that is what the original promises.
    }, [rules && isDynamic]);
  };
}

/** The hook as a component. */
export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Style({ styles, dynamic }: { styles: string; dynamic?: boolean }): null {
    useStyle(styles, dynamic);
    return null;
  };
}
