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

// In our own colours: the library knows the theme of the system only, not the chosen one.
const toastLook =
  "flex w-full items-center gap-2.5 rounded-lg border border-line bg-raised px-4 py-3 text-base text-ink shadow-pop";

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
          <Toaster position="bottom-right" toastOptions={{ unstyled: true, className: toastLook }} />
        </QueryClientProvider>
      </AccountProvider>
    </ServerProvider>
  );
}
