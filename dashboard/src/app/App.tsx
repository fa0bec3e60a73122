import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import PocketBase from "pocketbase";
import { useState } from "react";
import { Toaster } from "sonner";
import { Account } from "../lib/account/account.ts";
import { AccountProvider } from "../lib/account/use-account.tsx";
import { ServerProvider } from "../lib/server.tsx";
import { createQueryClient } from "./query-client.ts";
import { router } from "./router.tsx";

/** What every screen stands on: the server that served the page, the account, the cache, the addresses. */
export function App() {
  const [server] = useState(() => new PocketBase(location.origin).autoCancellation(false));
  const [account] = useState(() => new Account(server));
  const [client] = useState(createQueryClient);
  return (
    <ServerProvider value={server}>
      <AccountProvider value={account}>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
          <Toaster position="bottom-right" closeButton />
        </QueryClientProvider>
      </AccountProvider>
    </ServerProvider>
  );
}
