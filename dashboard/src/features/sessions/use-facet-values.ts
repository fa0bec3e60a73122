import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type PocketBase from "pocketbase";
import { useDeferredValue } from "react";
import * as z from "zod/mini";
import { readRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import type { FacetName } from "./filters.ts";
import { facetColumns, NEWEST_FIRST, withOtherFacet } from "./session-query.ts";

/** Sessions looked at in one request. */
const SAMPLE = 500;
/** Values after which the search for more ends: PocketBase refuses filters of more than 200 conditions. */
const MAX_VALUES = 150;

/** Values to choose from, most recently used first. */
export interface FacetValues {
  readonly values: readonly string[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/**
 * Collects the values that a facet takes. The server cannot list distinct values, so each request asks for sessions
 * with none of the values known so far, until there are no such sessions: one request more than there are surprises.
 */
async function readFacetValues(
  server: PocketBase,
  facet: FacetName,
  text: string,
  signal: AbortSignal,
): Promise<FacetValues> {
  const column = facetColumns[facet];
  const schema = z.object({ [column]: z.string() });
  const values = new Set<string>();
  while (values.size < MAX_VALUES) {
    const query = { ...withOtherFacet(facet, text, [...values]), sort: NEWEST_FIRST, limit: SAMPLE, signal };
    const { items, isLast } = await readRecords(server, "sessions", schema, query);
    for (const item of items) values.add(item[column] ?? "");
    if (isLast) return { values: [...values], isComplete: true };
  }
  return { values: [...values], isComplete: false };
}

/** The values of a facet among all sessions; with a text, those that contain it. */
export function useFacetValues(facet: FacetName, typed: string) {
  const server = useServer();
  const text = useDeferredValue(typed.trim());
  return useQuery({
    queryKey: ["sessions", "facet", facet, text],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readFacetValues(server, facet, text, signal),
  });
}
