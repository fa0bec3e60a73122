import type PocketBase from "pocketbase";
import { ClientResponseError } from "pocketbase";
import * as z from "zod/mini";
import { SignedOutError } from "./account/confirm-signed-in.ts";

/** What a call sends along. */
export interface ApiCall {
  readonly method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Lists become repeated parameters; undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Sent as JSON, or, where it is a text, as it is. */
  readonly body?: Readonly<Record<string, unknown>> | string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls one of the server's own routes with the user's token.
 * @throws ClientResponseError when the server refuses or cannot be reached, ZodError when it answers something else,
 *   SignedOutError when it does not know the token any more
 */
export async function callApi<Schema extends z.core.$ZodType>(
  server: PocketBase,
  schema: Schema,
  path: string,
  { method = "GET", query = {}, body, signal }: ApiCall = {},
): Promise<z.output<Schema>> {
  try {
    const options = { method, ...(body === undefined ? {} : { body }), ...(signal ? { signal } : {}) };
    return z.parse(schema, await server.send<unknown>(`${path}${queryString(query)}`, options));
  } catch (error) {
    if (!(error instanceof ClientResponseError) || error.status !== 401) throw error;
    server.authStore.clear();
    throw new SignedOutError();
  }
}

/** Parameters as an address has them, with the leading `?`; "" for none. */
export function queryString(query: NonNullable<ApiCall["query"]>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === "object" ? value : [value]) params.append(name, String(one));
  }
  return params.size === 0 ? "" : `?${params}`;
}
