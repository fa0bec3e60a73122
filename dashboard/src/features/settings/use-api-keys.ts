import type { CreateKeyRequest } from "@opensync/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type PocketBase from "pocketbase";
import { createApiKey, revokeApiKey } from "../../lib/api-keys.ts";
import { setFreshKey } from "../../lib/fresh-key.ts";
import { readRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import { type KeyRecord, keyRecordSchema } from "./key-record.ts";

const PAGE_SIZE = 200;

/** Reads all keys, page after page: nobody should have to guess whether a key is missing from the list. */
async function readAllKeys(server: PocketBase, signal: AbortSignal): Promise<KeyRecord[]> {
  const keys: KeyRecord[] = [];
  for (let page = 1; ; page += 1) {
    const query = { filter: "id != ''", sort: "-created,-id", limit: PAGE_SIZE, page, signal };
    const { items, isLast } = await readRecords(server, "api_keys", keyRecordSchema, query);
    keys.push(...items);
    if (isLast) return keys;
  }
}

/** The user's keys, and what can be done with them. */
export function useApiKeys() {
  const server = useServer();
  const client = useQueryClient();
  const queryKey = ["api-keys"];
  const refresh = () => client.invalidateQueries({ queryKey });
  const keys = useQuery({
    queryKey,
    queryFn: ({ signal }) => readAllKeys(server, signal),
    // "Last used" moves without any signal.
    refetchInterval: 30_000,
  });
  const create = useMutation({
    mutationFn: (request: CreateKeyRequest) => createApiKey(server, request),
    onSuccess: (answer) => {
      setFreshKey({ answer, isFirst: false });
      return refresh();
    },
  });
  const revoke = useMutation({ mutationFn: (id: string) => revokeApiKey(server, id), onSuccess: refresh });
  return { keys, create, revoke };
}
