import { useEffect } from "react";
import { refreshToken } from "../lib/account/confirm-signed-in.ts";
import { useServer } from "../lib/server.tsx";

const REFRESH_MS = 5 * 60_000;

/**
 * Exchanges the token for a fresh one when the page opens and every five minutes, so that a page in use never signs
 * itself out. A token that the server refuses shows the sign-in: without the question the page could not know, since
 * the server goes on answering, with nothing, and merely stops to send signals.
 */
export function useKeepToken(isExpired: boolean): void {
  const server = useServer();
  useEffect(() => {
    if (isExpired) return;
    const refresh = () => {
      // Refused: the account's state has changed and the page shows it. Unreachable: the next time tries again.
      refreshToken(server).catch(() => undefined);
    };
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [server, isExpired]);
}
