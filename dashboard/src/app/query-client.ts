import { QueryClient } from "@tanstack/react-query";
import { describeError } from "../lib/describe-error.ts";

const MAX_RETRIES = 2;

/** The cache of everything read. It stays valid until a signal says otherwise, so nothing is read again by focus. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: false,
        // A server on this machine is reachable without any network.
        networkMode: "always",
        retry: (failures, error) => failures < MAX_RETRIES && describeError(error).isTemporary,
      },
      mutations: { networkMode: "always" },
    },
  });
}
