import { wordOfRank } from "./corpus-text.ts";

/** A question that is asked in several forms, and how fast the answer should be there. */
export interface ReadCase {
  readonly what: string;
  /** Milliseconds in which 95 of 100 answers should be there. */
  readonly budgetMs?: number;
  readonly paths: readonly string[];
}

/** From the most frequent word, which nine of ten messages have, to words that one has. */
const RANKS = [
  1, 2, 3, 5, 10, 20, 40, 80, 150, 300, 600, 1_200, 2_500, 5_000, 10_000, 20_000, 40_000, 59_000, 1_000_000,
];
const WORDS = RANKS.map(wordOfRank);
const PAIRS = WORDS.slice(1, -1).map((word, index) => `${WORDS[index]} ${word}`);
const [frequent, usual] = [WORDS[3], WORDS[8]];

const search = (sort: string, queries: readonly string[]) =>
  queries.map((query) => `/api/search?v=2&sort=${sort}&q=${encodeURIComponent(query)}`);

/** Every read of the server that has a budget, and some that have none. One line each. */
export const READ_CASES: readonly ReadCase[] = [
  { what: "search, any word, newest first", budgetMs: 50, paths: search("newest", WORDS) },
  { what: "search, any word, by relevance", budgetMs: 100, paths: search("relevance", WORDS) },
  { what: "search, two words, newest first", paths: search("newest", PAIRS) },
  { what: "search, two words, by relevance", paths: search("relevance", PAIRS) },
  {
    what: "search, a phrase",
    paths: search(
      "newest",
      PAIRS.map((pair) => `"${pair}"`),
    ),
  },
  {
    what: "search, either of two words",
    paths: search(
      "newest",
      PAIRS.map((pair) => pair.replace(" ", " OR ")),
    ),
  },
  {
    what: "search, without a word",
    paths: search(
      "newest",
      PAIRS.map((pair) => pair.replace(" ", " -")),
    ),
  },
  {
    what: "search, words that begin so",
    paths: search(
      "newest",
      WORDS.slice(4).map((word) => `${word.slice(0, 4)}*`),
    ),
  },
  {
    what: "search, file names and error numbers",
    paths: search("newest", ["src/co", "ERR_1234", "http_404", "app/di/co"]),
  },
  {
    what: "search, with qualifiers",
    paths: search("newest", [
      ...[
        `agent:codex ${frequent}`,
        `project:project-3 ${usual}`,
        `device:device-0-1 ${frequent}`,
        `tool:bash ${usual}`,
      ],
      ...[
        `role:user ${frequent}`,
        `after:2026-06-01 ${usual}`,
        `model:opus branch:main ${usual}`,
        `is:error ${frequent}`,
      ],
    ]),
  },
  {
    what: "search, only qualifiers",
    paths: search("newest", ["agent:codex", "project:project-39", "tool:grep", "is:error"]),
  },
  ...lists(),
  { what: "context of a question", paths: WORDS.map((word) => `/api/context?format=text&q=${word}`) },
];

/** Sessions, counts and sums of the user with most of them. */
function lists(): ReadCase[] {
  const later = "cursor=updated-desc%7C1767225600000%7Cz";
  return [
    { what: "sessions, newest first", budgetMs: 20, paths: ["/api/sessions", `/api/sessions?${later}`] },
    {
      what: "sessions, any filter",
      budgetMs: 20,
      paths: [
        "agent=codex-cli",
        "project=project-39",
        "branch=feature/7&device=device-0-1",
        "title=de&minTokens=1000",
      ].map((query) => `/api/sessions?${query}`),
    },
    {
      what: "sessions, any other order",
      budgetMs: 20,
      paths: ["created", "tokens", "cost", "duration", "messages"].map((sort) => `/api/sessions?sort=${sort}`),
    },
    {
      what: "all facets",
      budgetMs: 80,
      paths: ["", "?agent=opencode", "?project=project-1&branch=main"].map((query) => `/api/sessions/facets${query}`),
    },
    { what: "all facets of what a word finds", paths: WORDS.map((word) => `/api/sessions/facets?q=${word}`) },
    { what: "sessions by cost that a word finds", paths: WORDS.map((word) => `/api/sessions?sort=cost&q=${word}`) },
    {
      what: "usage of 30 days",
      budgetMs: 50,
      paths: ["day", "day,agent", "day,model", "project"].map(
        (by) => `/api/usage?by=${by}&tz=Europe/Berlin&from=2026-10-21`,
      ),
    },
    {
      what: "usage of all time",
      budgetMs: 250,
      paths: ["day", "day,agent", "week,model", "month,project", "model"].map(
        (by) => `/api/usage?by=${by}&tz=Europe/Berlin`,
      ),
    },
    { what: "statistics of the first version", paths: ["/api/stats"] },
  ];
}
