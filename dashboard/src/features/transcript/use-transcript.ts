import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLivePull } from "../../lib/live/use-live.tsx";
import { useServer } from "../../lib/server.tsx";
import {
  extendTranscript,
  type OpenAt,
  type OpenedTranscript,
  openTranscript,
  readChanges,
  readSession,
} from "./read-transcript.ts";
import { applyChanges } from "./transcript-window.ts";

/** A session and the messages around a place in it, extended on demand and kept up to date. */
export function useTranscript(sessionId: string, openAt: OpenAt) {
  const server = useServer();
  const client = useQueryClient();
  const [extending, setExtending] = useState<"older" | "newer">();
  const [extendError, setExtendError] = useState<unknown>();
  const queryKey = ["transcript", sessionId, openAt];

  const query = useQuery({
    queryKey,
    // Only signals renew it: a refetch would throw away what was loaded beyond the first page.
    staleTime: Number.POSITIVE_INFINITY,
    // Comparing thousands of messages deeply at every change would cost more than drawing the changed ones.
    structuralSharing: false,
    queryFn: ({ signal }) => openTranscript(server, sessionId, openAt, signal),
  });
  const update = (change: (before: OpenedTranscript) => OpenedTranscript) =>
    client.setQueryData<OpenedTranscript | null>(queryKey, (before) => (before ? change(before) : before));

  const extend = async (direction: "older" | "newer") => {
    const { data } = query;
    if (!data || extending !== undefined || data.window[direction] === null) return;
    setExtending(direction);
    setExtendError(undefined);
    try {
      const extended = await extendTranscript(server, sessionId, data.window, direction);
      // Changes that came in meanwhile are in the window of now, the new page in the extended one.
      update((now) => {
        const isUnchanged = now.window === data.window;
        return { ...now, window: isUnchanged ? extended : applyChanges(extended, now.window.messages) };
      });
    } catch (error) {
      setExtendError(error);
    }
    setExtending(undefined);
  };

  useLivePull(async () => {
    const before = client.getQueryData<OpenedTranscript | null>(queryKey);
    // It failed while the server was away. A session that does not exist may come to be.
    if (query.isError || before === null) await query.refetch();
    if (!before) return;
    const session = await readSession(server, sessionId);
    if (session === null) {
      client.setQueryData(queryKey, null);
      return;
    }
    const changed = await readChanges(server, sessionId, before.window);
    update((now) => ({ session, window: applyChanges(now.window, changed) }));
  }, String(query.isSuccess));

  return { query, extend, extending, extendError };
}
