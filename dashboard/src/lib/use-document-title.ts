import { useEffect } from "react";

/** Names the browser tab after what it shows. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · OpenSync`;
  }, [title]);
}
