import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import * as z from "zod/mini";
import { useLivePull } from "../../lib/live/use-live.tsx";
import { type RecordQuery, readRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import { sessionRowSchema } from "../../lib/session-record.ts";

const PAGE_SIZE = 100;

const trashedSchema = z.extend(sessionRowSchema, {
  /** When its content goes, epoch ms. */
  purgeAt: z.number(),
});
export type TrashedSession = z.infer<typeof trashedSchema>;

const IN_TRASH = "deletedAt > 0 && purgeAt > 0";

/** Where the next page begins: after this session. */
type Cursor = Pick<TrashedSession, "deletedAt" | "id">;

function pageAfter(cursor: Cursor | null): Pick<RecordQuery, "filter" | "params"> {
  if (cursor === null) return { filter: IN_TRASH };
  return {
    filter: `${IN_TRASH} && (deletedAt < {:deletedAt} || (deletedAt = {:deletedAt} && id < {:id}))`,
    params: { deletedAt: cursor.deletedAt, id: cursor.id },
  };
}

/** What is in the trash, last deleted first. */
export function useTrash() {
  const server = useServer();
  const client = useQueryClient();
  const queryKey = ["trash"];
  const list = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) => {
      const query = { ...pageAfter(pageParam), sort: "-deletedAt,-id", limit: PAGE_SIZE, signal };
      return readRecords(server, "sessions", trashedSchema, query);
    },
    initialPageParam: null as Cursor | null,
    getNextPageParam: ({ items, isLast }) => (isLast ? null : (items.at(-1) ?? null)),
  });
  useLivePull(() => client.invalidateQueries({ queryKey }));
  return { list, sessions: list.data?.pages.flatMap(({ items }) => items) ?? [] };
}
