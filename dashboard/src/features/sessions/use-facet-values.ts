import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import * as z from "zod/mini";
import { readRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import type { FacetName } from "./filters.ts";
import { facetColumns, NEWEST_FIRST, withFacetLike } from "./session-query.ts";

/** How many of the newest matching sessions are looked at for values. */
export const FACET_SAMPLE = 500;

/** Values to choose from, most recently used first. */
export interface FacetValues {
  readonly values: readonly string[];
  /** Whether every session that matches the typed text was looked at. */
  readonly isComplete: boolean;
}

/** The values that a facet takes in the newest sessions; typing looks through all sessions for values like the text. */
export function useFacetValues(facet: FacetName, typed: string, isOpen: boolean) {
  const server = useServer();
  const text = useDeferredValue(typed.trim());
  const column = facetColumns[facet];
  return useQuery({
    queryKey: ["sessions", "facet", facet, text],
    enabled: isOpen,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<FacetValues> => {
      const schema = z.object({ [column]: z.string() });
      const query = { ...withFacetLike(facet, text), sort: NEWEST_FIRST, limit: FACET_SAMPLE, signal };
      const { items, isLast } = await readRecords(server, "sessions", schema, query);
      return { values: [...new Set(items.map((item) => item[column] ?? ""))], isComplete: isLast };
    },
  });
}
