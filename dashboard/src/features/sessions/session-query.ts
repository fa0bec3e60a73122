import type { RecordQuery } from "../../lib/read-records.ts";
import type { FacetName, SessionFilters } from "./filters.ts";

/** The place of a row in the list, newest first: the next page begins after it. */
export interface Cursor {
  readonly updatedAt: number;
  readonly id: string;
}

type Condition = Pick<RecordQuery, "filter" | "params">;

/** The column behind each facet. */
export const facetColumns = { agent: "source", project: "projectName", device: "device" } as const;

/** Newest activity first; the id decides between equal times, so that the order is total and pages never overlap. */
export const NEWEST_FIRST = "-updatedAt,-id";

/** The condition for everything that the filters let through; values travel as parameters, never as filter text. */
export function matching(filters: SessionFilters): Condition {
  const facets: FacetName[] = ["agent", "project", "device"];
  return allOf([
    { filter: "deletedAt = 0" },
    ...facets.flatMap((facet) => oneOf(facet, filters[facet])),
    ...(filters.title === undefined ? [] : [containing("title", filters.title)]),
  ]);
}

/** The condition for one page, which begins after the cursor. */
export function pageOf(filters: SessionFilters, after: Cursor | null): Condition {
  if (after === null) return matching(filters);
  return allOf([
    matching(filters),
    {
      filter: "(updatedAt < {:afterTime} || (updatedAt = {:afterTime} && id < {:afterId}))",
      params: { afterTime: after.updatedAt, afterId: after.id },
    },
  ]);
}

/** The condition for what the server has stored since a time of its own clock, deleted sessions included. */
export function changedSince(syncedAt: number): Condition {
  return { filter: "syncedAt >= {:since}", params: { since: syncedAt } };
}

/** The condition for sessions whose value of a facet contains a text. */
function withFacetLike(facet: FacetName, text: string): Condition {
  const notDeleted = { filter: "deletedAt = 0" };
  if (text === "") return notDeleted;
  return allOf([notDeleted, { filter: `${facetColumns[facet]} ~ {:like}`, params: { like: literally(text) } }]);
}

/** The condition for sessions with yet another value of a facet than these; at most 150, or the filter is refused. */
export function withOtherFacet(facet: FacetName, text: string, values: readonly string[]): Condition {
  const names = values.map((_, index) => `other${index}`);
  return allOf([
    withFacetLike(facet, text),
    ...names.map((name, index) => ({
      filter: `${facetColumns[facet]} != {:${name}}`,
      params: { [name]: values[index] ?? "" },
    })),
  ]);
}

function containing(name: string, text: string): Condition {
  return { filter: `(customTitle ~ {:${name}} || title ~ {:${name}})`, params: { [name]: literally(text) } };
}

/** PocketBase takes an unescaped % for a wildcard of the caller's; with it escaped, the whole text is literal. */
function literally(text: string): string {
  return text.replaceAll("%", "\\%");
}

function oneOf(facet: FacetName, values: readonly string[] | undefined): Condition[] {
  if (values === undefined) return [];
  const names = values.map((_, index) => `${facet}${index}`);
  return [
    {
      filter: `(${names.map((name) => `${facetColumns[facet]} = {:${name}}`).join(" || ")})`,
      params: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""])),
    },
  ];
}

function allOf(conditions: readonly Condition[]): Condition {
  return {
    filter: conditions.map(({ filter }) => filter).join(" && "),
    params: Object.assign({}, ...conditions.map(({ params }) => params ?? {})),
  };
}
