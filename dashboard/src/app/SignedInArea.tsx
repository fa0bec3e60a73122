import { useQueryClient } from "@tanstack/react-query";
import { Outlet } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { SignInOverlay } from "../features/sign-in/SignInOverlay.tsx";
import { SignInScreen } from "../features/sign-in/SignInScreen.tsx";
import { useAccount } from "../lib/account/use-account.tsx";
import { ActionsProvider } from "../lib/keyboard/use-actions.tsx";
import { LiveConnection } from "../lib/live/live-connection.ts";
import { LiveProvider } from "../lib/live/use-live.tsx";
import { useServer } from "../lib/server.tsx";
import { OfflineBar } from "./OfflineBar.tsx";
import { TopBar } from "./TopBar.tsx";
import { useKeepToken } from "./use-keep-token.ts";

/** Everything that needs a user: the bar, the screen below it, and the live connection behind both. */
export function SignedInArea() {
  const [account] = useAccount();
  const client = useQueryClient();
  const seenUser = useRef<string>(undefined);
  const userId = account.status === "signed-out" ? undefined : account.user.id;
  useEffect(() => {
    // Nothing of one user may be seen by the next one at this screen.
    if (seenUser.current !== undefined && seenUser.current !== userId) client.clear();
    seenUser.current = userId;
  }, [client, userId]);
  if (account.status === "signed-out") return <SignInScreen />;
  return <Screen key={account.user.id} isExpired={account.status === "expired"} user={account.user} />;
}

function Screen({ user, isExpired }: { user: { id: string; email: string; name: string }; isExpired: boolean }) {
  const server = useServer();
  const client = useQueryClient();
  const [live] = useState(() => new LiveConnection(server));
  useKeepToken(isExpired);
  useEffect(() => {
    if (isExpired) return;
    const stop = live.start(user.id);
    // After a new sign-in over an old view, what failed meanwhile is read again.
    void client.invalidateQueries();
    return stop;
  }, [live, client, user.id, isExpired]);
  return (
    <LiveProvider value={live}>
      <ActionsProvider>
        <div className="flex h-full flex-col">
          <TopBar user={user} />
          <OfflineBar />
          <Outlet />
        </div>
        {isExpired ? <SignInOverlay email={user.email} /> : null}
      </ActionsProvider>
    </LiveProvider>
  );
}
