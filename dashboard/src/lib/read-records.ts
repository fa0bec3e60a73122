import type PocketBase from "pocketbase";
import * as z from "zod/mini";
import { confirmSignedIn } from "./account/confirm-signed-in.ts";

/** Which records to read, and in which order. */
export interface RecordQuery {
  /** PocketBase filter; user input only through `{:name}` and `params`. */
  readonly filter: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly sort: string;
  /** Page size, 1 to 1000. */
  readonly limit: number;
  /** 1 = first; only for what cannot be paged by key. */
  readonly page?: number;
  readonly signal?: AbortSignal | undefined;
}

/** One page of records; `isLast` when the server had no more at that moment. */
export interface RecordPage<Item> {
  readonly items: readonly Item[];
  readonly isLast: boolean;
}

/**
 * Reads one page of a collection. The schema is also the list of fields that are asked for, so a list never fetches
 * the big columns that it does not name.
 * @throws ClientResponseError when the server refuses or cannot be reached, ZodError when it answers something else,
 *   SignedOutError when the answer is empty because nobody is signed in any more
 */
export async function readRecords<Shape extends z.core.$ZodShape>(
  server: PocketBase,
  collection: string,
  schema: z.ZodMiniObject<Shape>,
  query: RecordQuery,
): Promise<RecordPage<z.infer<z.ZodMiniObject<Shape>>>> {
  const answer = await server.collection(collection).getList(query.page ?? 1, query.limit, {
    filter: server.filter(query.filter, query.params),
    sort: query.sort,
    fields: Object.keys(schema.shape).join(","),
    skipTotal: true,
    ...(query.signal ? { signal: query.signal } : {}),
  });
  const items = z.array(schema).parse(answer.items);
  // To a guest PocketBase answers an empty page, not 401: an old token would look like an empty database.
  if (items.length === 0) await confirmSignedIn(server);
  return { items, isLast: items.length < query.limit };
}

/**
 * How many records match, counted by the server.
 * @throws as `readRecords`
 */
export async function countRecords(
  server: PocketBase,
  collection: string,
  query: Pick<RecordQuery, "filter" | "params" | "signal">,
): Promise<number> {
  const answer = await server.collection(collection).getList(1, 1, {
    filter: server.filter(query.filter, query.params),
    fields: "id",
    ...(query.signal ? { signal: query.signal } : {}),
  });
  if (answer.totalItems === 0) await confirmSignedIn(server);
  return answer.totalItems;
}
