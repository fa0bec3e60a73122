import type PocketBase from "pocketbase";
import { createContext, useContext } from "react";

const ServerContext = createContext<PocketBase | null>(null);

/** Gives every component below it the one connection to the server. */
export const ServerProvider = ServerContext.Provider;

/**
 * The connection to the server that served this page.
 * @throws outside of a ServerProvider
 */
export function useServer(): PocketBase {
  const server = useContext(ServerContext);
  if (server === null) throw new Error("useServer needs a ServerProvider above it");
  return server;
}
