import * as z from "zod/mini";

const listSchema = z.pipe(
  z.pipe(
    z.union([z.string(), z.array(z.string())]),
    z.transform((value) => [...new Set(typeof value === "string" ? [value] : value)]),
  ),
  z.array(z.string()).check(z.minLength(1)),
);
const daySchema = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

/** Orders that a list can have besides its own, which is the last activity. */
export const sorts = [
  { value: "updated", label: "Last activity" },
  { value: "created", label: "Created" },
  { value: "tokens", label: "Tokens" },
  { value: "cost", label: "Cost" },
  { value: "duration", label: "Duration" },
  { value: "messages", label: "Messages" },
] as const;
export type Sort = (typeof sorts)[number]["value"];

const MAX_TEXT_LENGTH = 1_000;

/** One value or several of each, in the URL as repeated parameters: `?agent=opencode&agent=cursor&project=api`. */
const filtersSchema = z.object({
  agent: z.exactOptional(listSchema),
  project: z.exactOptional(listSchema),
  device: z.exactOptional(listSchema),
  model: z.exactOptional(listSchema),
  branch: z.exactOptional(listSchema),
  tag: z.exactOptional(listSchema),
  /** Text that the title contains. */
  title: z.exactOptional(z.string().check(z.minLength(1))),
  /** Text that is found in the session, in the language of searches. */
  q: z.exactOptional(z.string().check(z.minLength(1), z.maxLength(MAX_TEXT_LENGTH))),
  /** How far that text is looked for; among its newest matches if absent. */
  reach: z.exactOptional(z.literal("all")),
  starred: z.exactOptional(z.literal("1")),
  /** Sessions that were at work on these days or in between, days of the viewer's calendar. */
  from: z.exactOptional(daySchema),
  to: z.exactOptional(daySchema),
  sort: z.exactOptional(z.enum(["created", "tokens", "cost", "duration", "messages"])),
  order: z.exactOptional(z.literal("asc")),
});

/** What the list is narrowed to, and its order; an absent field narrows nothing. */
export type SessionFilters = z.infer<typeof filtersSchema>;

/** The fields that are chosen from values. */
export const facets = [
  { name: "agent", label: "Agent" },
  { name: "project", label: "Project" },
  { name: "device", label: "Device" },
  { name: "model", label: "Model" },
  { name: "branch", label: "Branch" },
  { name: "tag", label: "Tag" },
] as const;
export type FacetName = (typeof facets)[number]["name"];

/** Reads the filters of an address. What it cannot read it leaves out: an address is never an error. */
export function readFilters(search: Record<string, unknown>): SessionFilters {
  const known = Object.entries(filtersSchema.shape).flatMap(([name, schema]) => {
    const value = schema.safeParse(search[name]);
    return value.success && value.data !== undefined ? [[name, value.data]] : [];
  });
  return filtersSchema.parse(Object.fromEntries(known));
}

/** Adds a value to a facet, or takes it out if it was there. */
export function toggleFacet(filters: SessionFilters, facet: FacetName, value: string): SessionFilters {
  const before = filters[facet] ?? [];
  const after = before.includes(value) ? before.filter((other) => other !== value) : [...before, value];
  const { [facet]: _, ...rest } = filters;
  return after.length === 0 ? rest : { ...rest, [facet]: after };
}

/** Sets a filter of one value; an empty one takes it away. Another text is looked for among its newest matches again. */
export function withValue<Name extends "title" | "q" | "from" | "to">(
  filters: SessionFilters,
  name: Name,
  value: string,
): SessionFilters {
  const { [name]: _, reach, ...rest } = filters;
  const keepsReach = name !== "q" && reach !== undefined;
  return { ...rest, ...(keepsReach ? { reach } : {}), ...(value === "" ? {} : { [name]: value }) };
}

/** Where a text is looked for. */
export const textScopes = {
  title: { label: "Filter by title", placeholder: "Filter by title…" },
  q: { label: "Filter by words", placeholder: "Words, begin*, “a phrase”, -without…" },
} as const;
export type TextScope = keyof typeof textScopes;

/** Where the text of a list is looked for; undefined where there is none. */
export function textScopeOf({ q, title }: SessionFilters): TextScope | undefined {
  if (q !== undefined) return "q";
  return title === undefined ? undefined : "title";
}

/** Looks for a text in one place, and in no other. */
export function withTextIn(filters: SessionFilters, scope: TextScope, text: string): SessionFilters {
  return withValue(withValue(withValue(filters, "q", ""), "title", ""), scope, text);
}

/** Keeps to starred sessions, or to all again. */
export function toggleStarred({ starred, ...rest }: SessionFilters): SessionFilters {
  return starred === undefined ? { ...rest, starred: "1" } : rest;
}

/** Sorts by something; by the same again, the other way round. The list's own order is not in the address. */
export function sortedBy(filters: SessionFilters, sort: Sort): SessionFilters {
  const { sort: before = "updated", order, ...rest } = filters;
  const isTurned = before === sort && order === undefined;
  return { ...rest, ...(sort === "updated" ? {} : { sort }), ...(isTurned ? { order: "asc" } : {}) };
}

/** The order alone, without what narrows. */
export function orderOf({ sort, order }: SessionFilters): SessionFilters {
  return { ...(sort ? { sort } : {}), ...(order ? { order } : {}) };
}

/** Whether the list shows all sessions, in whatever order. */
export function isUnfiltered({ sort: _sort, order: _order, ...filters }: SessionFilters): boolean {
  return Object.keys(filters).length === 0;
}
