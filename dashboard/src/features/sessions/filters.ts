import * as z from "zod/mini";

const listSchema = z.pipe(
  z.pipe(
    z.union([z.string(), z.array(z.string())]),
    z.transform((value) => [...new Set(typeof value === "string" ? [value] : value)]),
  ),
  z.array(z.string()).check(z.minLength(1)),
);

/** One value or several of each, in the URL as repeated parameters: `?agent=opencode&agent=cursor&project=api`. */
const filtersSchema = z.object({
  agent: z.exactOptional(listSchema),
  project: z.exactOptional(listSchema),
  device: z.exactOptional(listSchema),
  /** Text that the title contains. */
  title: z.exactOptional(z.string().check(z.minLength(1))),
});

/** What the list is narrowed to; an absent field narrows nothing. */
export type SessionFilters = z.infer<typeof filtersSchema>;

/** The fields that are chosen from values. */
export type FacetName = "agent" | "project" | "device";

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

/** Narrows by title; an empty text takes the filter away. */
export function withTitle(filters: SessionFilters, title: string): SessionFilters {
  const { title: _, ...rest } = filters;
  return title === "" ? rest : { ...rest, title };
}

/** Whether the list shows all sessions. */
export function isUnfiltered(filters: SessionFilters): boolean {
  return Object.keys(filters).length === 0;
}
