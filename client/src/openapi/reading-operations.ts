import { facetNameSchema, facetsSchema, sessionDetailSchema, sessionPageSchema } from "../contract/session-list.ts";
import { statsSchema } from "../contract/stats.ts";
import { usageGroupingSchema, usageRebuiltSchema, usageSchema } from "../contract/usage.ts";
import { count, type Operation, oneOf, type Parameter, usd, yesOrNo } from "./operation.ts";

const choice = (name: string, what: string): Parameter => ({
  name,
  description: `${what} An empty value means none.`,
  isList: true,
});

/** A text beside the filters, where all that it finds is looked for, however long it takes. */
export const textParameter: Parameter = {
  name: "q",
  description: "Only sessions that a search for this text finds; its language is that of `GET /api/search`.",
};

/** The same where somebody waits. */
const textParameters: readonly Parameter[] = [
  textParameter,
  {
    name: "searchBackTo",
    description:
      "With `q`: `searchedBackTo` of another answer, for the same sessions, or 0 for everything. The newest 5,000 matches when absent.",
    schema: count(0, Number.MAX_SAFE_INTEGER),
  },
];

/** What every list of sessions can be narrowed by. */
export const sessionFilterParameters: readonly Parameter[] = [
  choice("agent", "Id of the agent; also called `source`."),
  choice("model", "Model."),
  choice("provider", "Provider of the model."),
  choice("project", "Name of the project."),
  choice("device", "Machine."),
  choice("branch", "Branch."),
  choice("costSource", "Where the cost is from: reported, computed, unknown."),
  choice("evalStatus", "golden, correct, incorrect, needs_review."),
  { name: "tag", description: "Tag.", isList: true },
  {
    name: "status",
    description: "All but deleted ones when absent.",
    schema: oneOf("active", "archived", "deleted"),
    isList: true,
  },
  {
    name: "from",
    description: "At work at this time or later: epoch milliseconds, or a date of the calendar of `tz`.",
  },
  { name: "to", description: "At work before this time; a date includes its whole day." },
  { name: "tz", description: "Time zone such as Europe/Berlin or +05:30; UTC when absent." },
  { name: "minCost", description: "USD; only known costs.", schema: usd },
  { name: "maxCost", description: "USD; only known costs.", schema: usd },
  { name: "minTokens", description: "Input and output.", schema: count(0, Number.MAX_SAFE_INTEGER) },
  { name: "maxTokens", description: "Input and output.", schema: count(0, Number.MAX_SAFE_INTEGER) },
  { name: "starred", description: "Starred or not.", schema: yesOrNo },
  { name: "evalReady", description: "Marked for evaluations or not.", schema: yesOrNo },
  {
    name: "subagents",
    description: "Sessions that another session has started.",
    schema: oneOf("include", "exclude", "only"),
  },
  { name: "parent", description: "The agent's id of the session that started them." },
  { name: "title", description: "Text in the title, in any case." },
];

const MALFORMED = { 400: "A malformed parameter; the text names it and what was expected." };

const sessionParameters: readonly Parameter[] = [
  { name: "status", description: "`deleted` finds a session in the trash.", schema: oneOf("active", "deleted") },
  {
    name: "limit",
    description: "Messages of a page; it also ends after 8 MiB. 1000 when absent, 0 for none.",
    schema: count(0, 5_000),
  },
  { name: "cursor", description: "`nextCursor` of the page before." },
];

const oneSession: Pick<Operation, "method" | "tag" | "access" | "success" | "errors"> = {
  ...{ method: "get", tag: "sessions", access: "read" },
  success: {
    200: {
      description: "The session and a page of its messages, oldest first.",
      json: { name: "SessionDetail", schema: sessionDetailSchema },
    },
  },
  errors: { ...MALFORMED, 404: "No such session, or somebody else's." },
};

/** What the dashboard, people and programs read. */
export const readingOperations: readonly Operation[] = [
  {
    ...{ method: "get", path: "/api/sessions", id: "listSessions", tag: "sessions", access: "read" },
    summary: "Sessions, filtered, sorted, page by page",
    parameters: [
      ...[...sessionFilterParameters, ...textParameters],
      {
        name: "sort",
        description: "`updated` when absent.",
        schema: oneOf("updated", "created", "tokens", "cost", "duration", "messages"),
      },
      { name: "order", description: "`desc` when absent.", schema: oneOf("desc", "asc") },
      { name: "limit", description: "50 when absent.", schema: count(1, 10_000) },
      { name: "cursor", description: "`nextCursor` of the page before, with the same other parameters." },
    ],
    success: { 200: { description: "A page.", json: { name: "SessionPage", schema: sessionPageSchema } } },
    errors: MALFORMED,
  },
  {
    ...{ ...oneSession, path: "/api/sessions/get", id: "getSessionByQuery" },
    summary: "One session with its messages",
    parameters: [
      { name: "id", description: "The server's own id, or the agent's.", isRequired: true },
      ...sessionParameters,
    ],
  },
  {
    ...{ ...oneSession, path: "/api/sessions/{id}", id: "getSession" },
    summary: "One session with its messages",
    parameters: [
      { name: "id", description: "The server's own id, or the agent's.", isPath: true },
      ...sessionParameters,
    ],
  },
  {
    ...{ method: "get", path: "/api/sessions/facets", id: "countFacets", tag: "sessions", access: "read" },
    summary: "How many sessions there are of each agent, model, project, device, branch, tag and status",
    description:
      "Under the filters of `GET /api/sessions` and its text; each facet ignores its own, so that it shows what else could be chosen.",
    parameters: [
      ...[...sessionFilterParameters, ...textParameters],
      {
        name: "facet",
        description: "Which; all when absent.",
        schema: oneOf(...facetNameSchema.options),
        isList: true,
      },
      { name: "find", description: "Text that values contain." },
      { name: "limit", description: "Values of each facet; 100 when absent.", schema: count(1, 1_000) },
    ],
    success: { 200: { description: "Counts, most frequent first.", json: { name: "Facets", schema: facetsSchema } } },
    errors: MALFORMED,
  },
  {
    ...{ method: "get", path: "/api/usage", id: "getUsage", tag: "usage", access: "read" },
    summary: "Tokens and money by time, agent, model, provider, project or device",
    description: `Each response counts once, however often forks and resumed sessions copied it. What has no price is left out of the
cost, and named. A session whose messages carry no tokens (or no cost) counts with its own totals when it began. Deleted
sessions are left out. Periods are of whole quarters of an hour.`,
    parameters: [
      {
        ...{
          name: "by",
          description:
            "One or two, at most one of them a time; weeks begin on Monday. Also with a comma: `by=day,model`.",
        },
        ...{ schema: { type: "string", examples: usageGroupingSchema.options }, isList: true },
      },
      ...sessionFilterParameters,
    ],
    success: { 200: { description: "Totals and groups.", json: { name: "Usage", schema: usageSchema } } },
    errors: MALFORMED,
  },
  {
    ...{ method: "post", path: "/api/usage/rebuild", id: "rebuildUsage", tag: "usage", access: "owner" },
    summary: "Counts the usage of everybody anew from the messages",
    description:
      "It is kept exact as messages come; a difference means that tables were changed by hand. A million messages take seconds.",
    success: {
      200: { description: "What was found, and mended.", json: { name: "UsageRebuilt", schema: usageRebuiltSchema } },
    },
  },
  {
    ...{ method: "get", path: "/api/stats", id: "getStats", tag: "usage", access: "read" },
    summary: "The first version's statistics of all time",
    parameters: sessionFilterParameters,
    success: { 200: { description: "Figures.", json: { name: "Stats", schema: statsSchema } } },
    errors: MALFORMED,
  },
];
