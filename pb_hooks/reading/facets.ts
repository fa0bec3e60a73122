import { containsSql, patternOf } from "../lib/any-case.ts";
import type { Parameters } from "../lib/parameters.ts";
import type { Bindings } from "../lib/vm.ts";
import { allOf, CHOICES, exactnessMember, type SessionFilter, sessionsOf } from "./session-filter.ts";

/** Values that one facet may show; it says how many there are. */
const MAX_VALUES = 1_000;

/** Facets whose values are columns that the index is ordered by. */
const PLACES = ["agent", "model", "project", "device"] as const;
type Place = (typeof PLACES)[number];

/** Facets that say something of few sessions only. */
const MARKS = ["tag", "evalStatus"] as const;

const FACETS = [...PLACES, "branch", "tag", "status", "evalStatus"] as const;
type Facet = (typeof FACETS)[number];

/**
 * The statement that counts sessions by the values of each facet, as the answer's JSON:
 * `{total, starred, facets: {agent: {values: [{value, count}], distinct}, …}, exactness?}`. Each facet ignores its own filter, so
 * that it shows what else could be chosen. Reads the parameters `facet` (which; all when absent), `find` (a text that
 * values contain), `limit` (values of each).
 *
 * Walks through one index count sessions of one place as they come, without sorting; what is left works on these
 * counts. A session that fails one filter still counts for that filter's facet; one that fails two counts nowhere.
 * @throws HttpError 400 for a malformed value
 */
export function facetCounts(parameters: Parameters, filter: SessionFilter): { sql: string; bindings: Bindings } {
  const asked = parameters.words("facet", FACETS);
  const find = parameters.text("find", 200);
  const limit = parameters.integer("limit", { absent: 100, min: 1, max: MAX_VALUES });
  const counting = new Counting(filter);
  const facets = (asked.length > 0 ? asked : FACETS).map(
    (facet) => `'${facet}', (${valuesOf(counting.of(facet), find)})`,
  );
  const sql = `WITH places AS MATERIALIZED (${counting.places()}),
marked AS MATERIALIZED (${counting.marked()})
SELECT json_object('total', (SELECT coalesce(sum(n), 0) FROM places),
  'starred', (SELECT count(*) FROM marked WHERE isChosen AND starred),
  'facets', json_object(${facets.join(",\n  ")})${exactnessMember(filter)}) AS json`;
  const bindings: Bindings = { ...filter.bindings, facetLimit: limit };
  if (filter.text) bindings["exactness"] = filter.text.exactness;
  if (find !== "") bindings["facetFind"] = patternOf(find);
  return { sql, bindings };
}

/** How the sessions of a filter are counted. */
class Counting {
  readonly #filter: SessionFilter;
  /** Facets with a filter of their own; the status has one always, and is counted by itself. */
  readonly #filtered: readonly Facet[];
  /** SQL of what holds for every facet. */
  readonly #base: string;
  /** SQL of where the sessions come from. */
  readonly #sessions: string;

  constructor(filter: SessionFilter) {
    this.#filter = filter;
    this.#filtered = FACETS.filter((facet) => facet !== "status" && filter.conditions.has(facet));
    this.#base = allOf(filter.conditions, this.#filtered);
    this.#sessions = sessionsOf(filter, "sessions_places");
  }

  /** Sessions by place: `n` under all filters, `n_<facet>` under all but that facet's. */
  places(): string {
    const own = this.#filtered.filter(isPlace).map((place) => `, sum(${this.#isChosenBut(place)}) AS n_${place}`);
    return `SELECT ${PLACES.map((place) => `${columnOf(place)} AS ${place}`).join(", ")},
    ${this.#filtered.length === 0 ? "count(*)" : `sum(${this.#isChosen()})`} AS n${own.join("")}
  FROM ${this.#sessions} WHERE ${this.#mayCount()} GROUP BY ${PLACES.map(columnOf).join(", ")}`;
  }

  /** The few sessions that have something more to say. */
  marked(): string {
    const own = MARKS.map((facet) => `, ${this.#isChosenBut(facet)} AS for_${facet}`);
    return `SELECT s.tags, s.evalStatus, s.starred, ${this.#isChosen()} AS isChosen${own.join("")}
  FROM ${this.#sessions} WHERE ${this.#mayCount()} AND (s.tags IS NOT NULL OR s.evalStatus <> '' OR s.starred)`;
  }

  /** SQL of the values of a facet, and how many sessions have each. */
  of(facet: Facet): string {
    if (isPlace(facet)) {
      const n = this.#filtered.includes(facet) ? `n_${facet}` : "n";
      return `SELECT ${facet} AS value, sum(${n}) AS n FROM places GROUP BY ${facet}`;
    }
    switch (facet) {
      case "branch":
        return `SELECT branch AS value, sum(n) AS n FROM (
          SELECT s.gitBranch AS branch, count(*) AS n FROM ${this.#sessions} WHERE ${this.#allBut(facet)}
          GROUP BY ${PLACES.map(columnOf).join(", ")}, s.gitBranch) GROUP BY branch`;
      case "tag":
        return `SELECT t.value, count(*) AS n FROM marked CROSS JOIN json_each(marked.tags) t WHERE for_tag GROUP BY t.value`;
      case "evalStatus":
        return `SELECT evalStatus AS value, count(*) AS n FROM marked WHERE for_evalStatus AND evalStatus <> '' GROUP BY evalStatus`;
      case "status":
        return `SELECT v.value ->> 0 AS value, v.value ->> 1 AS n FROM json_each((
          SELECT json_array(json_array('active', sum(s.deletedAt = 0 AND s.archivedAt = 0)),
            json_array('archived', sum(s.deletedAt = 0 AND s.archivedAt > 0)),
            json_array('deleted', sum(iif(s.deletedAt > 0, s.purgeAt > 0, 0))))
          FROM ${this.#sessions} WHERE ${this.#allBut(facet)})) v`;
    }
  }

  #allBut(facet: Facet): string {
    return allOf(this.#filter.conditions, [facet]);
  }

  #fails(facet: Facet): string {
    return `(NOT (${this.#filter.conditions.get(facet)}))`;
  }

  #isChosen(): string {
    return this.#filtered.length === 0
      ? "true"
      : `${this.#filtered.map((facet) => this.#fails(facet)).join(" + ")} = 0`;
  }

  #isChosenBut(facet: Facet): string {
    return this.#filtered.includes(facet) ? `(${this.#isChosen()} OR ${this.#fails(facet)})` : this.#isChosen();
  }

  /** Not more than one filter is failed. */
  #mayCount(): string {
    if (this.#filtered.length < 2) return this.#base;
    return `${this.#base} AND ${this.#filtered.map((facet) => this.#fails(facet)).join(" + ")} <= 1`;
  }
}

function isPlace(facet: Facet): facet is Place {
  return PLACES.some((place) => place === facet);
}

function columnOf(place: Place): string {
  return CHOICES.find(({ name }) => name === place)?.column ?? "";
}

/** The most frequent values of a facet as JSON, and how many values there are. */
function valuesOf(counts: string, find: string): string {
  const search = find === "" ? "" : `AND ${containsSql("value", find, "{:facetFind}")}`;
  return `SELECT json_object('values', json_group_array(json_object('value', value, 'count', n) ORDER BY place)
      FILTER (WHERE place <= {:facetLimit}), 'distinct', count(*))
    FROM (SELECT value, n, row_number() OVER (ORDER BY n DESC, value) AS place FROM (${counts}) WHERE n > 0 ${search})`;
}
