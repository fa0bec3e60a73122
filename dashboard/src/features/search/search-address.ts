/** What is searched for, as the address says it. */
export interface SearchAddress {
  readonly q?: string;
  /** Absent = by relevance. */
  readonly sort?: "newest";
}

const MAX_LENGTH = 1_000;

/** Reads a search of an address; what it cannot read it leaves out. */
export function readSearchAddress(search: Record<string, unknown>): SearchAddress {
  const { q, sort } = search;
  return {
    ...(typeof q === "string" && q !== "" ? { q: q.slice(0, MAX_LENGTH) } : {}),
    ...(sort === "newest" ? { sort } : {}),
  };
}
