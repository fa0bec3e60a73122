import type { Parameters } from "../lib/parameters.ts";
import type { Bindings } from "../lib/vm.ts";
import { allOf, CHOICES, type FilterName, type SessionFilter } from "./session-filter.ts";

/** Values that one facet may show; it says how many there are. */
const MAX_VALUES = 1_000;

/** Facets whose values are columns that the index is ordered by. */
const PLACES = ["agent", "model", "project", "device", "branch"] as const;
type Place = (typeof PLACES)[number];

/** Facets that say something of few sessions only. */
const MARKS = ["tag", "status", "evalStatus"] as const;

const FACETS = [...PLACES, ...MARKS] as const;
type Facet = (typeof FACETS)[number];

/**
 * The statement that counts sessions by the values of each facet, as the answer's JSON:
 * `{total, starred, facets: {agent: {values: [{value, count}], distinct}, …}}`. Each facet ignores its own filter, so
 * that it shows what else could be chosen. Reads the parameters `facet` (which; all when absent), `find` (a text that
 * values contain), `limit` (values of each).
 *
 * One walk through an index counts sessions of one place as they come, and everything else works on these counts. A
 * session that fails one filter still counts for that filter's facet; one that fails two counts nowhere.
 * @throws HttpError 400 for a malformed value
 */
export function facetCounts(parameters: Parameters, filter: SessionFilter): { sql: string; bindings: Bindings } {
  const asked = parameters.words("facet", FACETS);
  const find = parameters.text("find", 200);
  const limit = parameters.integer("limit", { absent: 100, min: 1, max: MAX_VALUES });
  const filtered = FACETS.filter((facet) => filter.conditions.has(facet));
  const base = allOf(filter.conditions, filtered);
  const fails = (facet: Facet) => `(NOT (${filter.conditions.get(facet)}))`;
  const failures = filtered.map(fails).join(" + ");
  const isChosenWithout = (facet: Facet) =>
    filtered.includes(facet) ? `(${failures} = 0 OR ${fails(facet)})` : `${failures} = 0`;

  const ownPlaces = PLACES.filter((facet) => filtered.includes(facet));
  const sums = [...ownPlaces, "status"] as const;
  const facets = (asked.length > 0 ? asked : FACETS).map((facet) => {
    const counts = isPlace(facet) ? placeCounts(facet, ownPlaces) : MARK_COUNTS[facet];
    return `'${facet}', (${valuesOf(counts, find !== "")})`;
  });
  const sql = `WITH places AS MATERIALIZED (
  SELECT ${PLACES.map((place) => `${columnOf(place)} AS ${place}`).join(", ")}, sum(${failures} = 0) AS n,
    ${sums.map((facet) => `sum(${isChosenWithout(facet)}) AS n_${facet}`).join(", ")}
  FROM sessions s INDEXED BY sessions_places WHERE ${base} AND ${failures} <= 1
  GROUP BY ${PLACES.map(columnOf).join(", ")}),
machines AS MATERIALIZED (
  SELECT agent, model, project, device, sum(n) AS n, ${sums.map((facet) => `sum(n_${facet}) AS n_${facet}`).join(", ")}
  FROM places GROUP BY agent, model, project, device),
marked AS MATERIALIZED (
  SELECT s.tags, s.evalStatus, s.starred, s.archivedAt, iif(s.deletedAt > 0, s.purgeAt > 0, 0) AS inTrash,
    s.deletedAt > 0 AS isDeleted, ${failures} = 0 AS isChosen,
    ${MARKS.map((facet) => `${isChosenWithout(facet)} AS for_${facet}`).join(", ")}
  FROM sessions s INDEXED BY sessions_places WHERE ${base} AND ${failures} <= 1
    AND (s.tags IS NOT NULL OR s.evalStatus <> '' OR s.starred OR s.archivedAt > 0 OR s.deletedAt > 0))
SELECT json_object('total', (SELECT coalesce(sum(n), 0) FROM places),
  'starred', (SELECT count(*) FROM marked WHERE isChosen AND starred),
  'facets', json_object(${facets.join(",\n  ")})) AS json`;
  const bindings: Bindings = { ...filter.bindings, facetLimit: limit };
  if (find !== "") bindings["facetFind"] = `%${find.replace(/[\\%_]/g, "\\$&")}%`;
  return { sql, bindings };
}

function isPlace(facet: Facet): facet is Place {
  return PLACES.some((place) => place === facet);
}

function columnOf(place: Place): string {
  return CHOICES.find(({ name }) => name === place)?.column ?? "";
}

function placeCounts(facet: Place, ownPlaces: readonly FilterName[]): string {
  const n = ownPlaces.includes(facet) ? `n_${facet}` : "n";
  return `SELECT ${facet} AS value, sum(${n}) AS n FROM ${facet === "branch" ? "places" : "machines"} GROUP BY ${facet}`;
}

const MARK_COUNTS: Readonly<Record<(typeof MARKS)[number], string>> = {
  tag: "SELECT t.value, count(*) AS n FROM marked CROSS JOIN json_each(marked.tags) t WHERE for_tag GROUP BY t.value",
  evalStatus:
    "SELECT evalStatus AS value, count(*) AS n FROM marked WHERE for_evalStatus AND evalStatus <> '' GROUP BY evalStatus",
  status: `SELECT 'active' AS value, (SELECT coalesce(sum(n_status), 0) FROM places)
      - (SELECT count(*) FROM marked WHERE for_status AND (isDeleted OR archivedAt > 0)) AS n
    UNION ALL SELECT 'archived', count(*) FROM marked WHERE for_status AND NOT isDeleted AND archivedAt > 0
    UNION ALL SELECT 'deleted', count(*) FROM marked WHERE for_status AND inTrash`,
};

/** The most frequent values of a facet as JSON, and how many values there are. */
function valuesOf(counts: string, isSearched: boolean): string {
  const search = isSearched ? "AND value LIKE {:facetFind} ESCAPE '\\'" : "";
  return `SELECT json_object('values', json_group_array(json_object('value', value, 'count', n) ORDER BY place)
      FILTER (WHERE place <= {:facetLimit}), 'distinct', count(*))
    FROM (SELECT value, n, row_number() OVER (ORDER BY n DESC, value) AS place FROM (${counts}) WHERE n > 0 ${search})`;
}
