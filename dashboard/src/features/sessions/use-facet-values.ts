import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { useServer } from "../../lib/server.tsx";
import type { FacetName, SessionFilters } from "./filters.ts";
import { readFacetValues } from "./session-query.ts";

/**
 * The values of a facet that could be chosen beside the other filters; with a text, those that contain it.
 * @param searchBackTo how far the list's own text was looked for
 */
export function useFacetValues(
  filters: SessionFilters,
  facet: FacetName,
  typed: string,
  searchBackTo: number | undefined,
) {
  const server = useServer();
  const text = useDeferredValue(typed.trim());
  return useQuery({
    queryKey: ["sessions", "facet", facet, filters, text, searchBackTo],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readFacetValues(server, filters, facet, text, searchBackTo, signal),
  });
}
