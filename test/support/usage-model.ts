import type { TestServer } from "./server.ts";

// What GET /api/usage must answer, counted from the messages and sessions themselves, as plainly as possible.

/** A question as the route takes it. */
export interface UsageQuestion {
  readonly by: readonly string[];
  readonly tz: string;
  /** Epoch milliseconds, included; 0 = open. */
  readonly from: number;
  /** Epoch milliseconds, not included; 0 = open. */
  readonly to: number;
  readonly agent?: string;
  readonly model?: string;
  readonly subagents?: "include" | "exclude" | "only";
}

type Row = Readonly<Record<string, unknown>>;

/** Sums of a group; money in whole nano-USD. */
export interface Sums {
  sessions: number;
  messages: number;
  input: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite1h: number;
  output: number;
  reasoning: number;
  total: number;
  reportedNano: number;
  computedNano: number;
  unpricedMessages: number;
  unpricedSessions: number;
  unpricedTokens: number;
}

/** The answer, with rows by the values that they are grouped by. */
export interface ExpectedUsage {
  readonly rows: Readonly<Record<string, Sums>>;
  readonly copies: number;
  /** Tokens, messages and sessions without a price, by model and provider. */
  readonly unpriced: Readonly<Record<string, readonly number[]>>;
}

/** Usage is kept by quarters of an hour. */
const SLOT_MS = 15 * 60 * 1000;

const nothing = (): Sums => ({
  ...{
    sessions: 0,
    messages: 0,
    input: 0,
    cacheRead: 0,
    cacheWrite: 0,
    cacheWrite1h: 0,
    output: 0,
    reasoning: 0,
    total: 0,
  },
  ...{ reportedNano: 0, computedNano: 0, unpricedMessages: 0, unpricedSessions: 0, unpricedTokens: 0 },
});

const number = (row: Row, name: string) => Number(row[name]);
const text = (row: Row, name: string) => String(row[name]);
const tokensOf = (row: Row) => number(row, "promptTokens") + number(row, "completionTokens");
const isPriced = (row: Row) => ["reported", "computed"].includes(text(row, "costSource"));

/** Counts a user's usage from scratch. */
export function recountUsage(server: TestServer, user: string, question: UsageQuestion): ExpectedUsage {
  const messages = Map.groupBy(server.query<Row>("SELECT * FROM messages WHERE user = ?", user), (row) =>
    text(row, "session"),
  );
  const rows: Record<string, Sums> = {};
  const unpriced: Record<string, number[]> = {};
  let copies = 0;
  const group = (session: Row, row: Row) => {
    const key = question.by.map((name) => groupOf(name, session, row, question.tz)).join(" | ");
    const sums = rows[key] ?? nothing();
    rows[key] = sums;
    return sums;
  };
  const leaveOut = (sums: Sums, row: Row, counts: readonly [messages: number, sessions: number]) => {
    sums.unpricedMessages += counts[0];
    sums.unpricedSessions += counts[1];
    sums.unpricedTokens += tokensOf(row);
    const key = `${text(row, "model")} ${text(row, "provider")}`;
    const [tokens = 0, ofMessages = 0, ofSessions = 0] = unpriced[key] ?? [];
    unpriced[key] = [tokens + tokensOf(row), ofMessages + counts[0], ofSessions + counts[1]];
  };
  for (const session of server.query<Row>("SELECT * FROM sessions WHERE user = ? AND deletedAt = 0", user)) {
    if (!isAsked(session, question)) continue;
    const own = messages.get(text(session, "id")) ?? [];
    const hasOwnCost = isPriced(session) && !own.some(isPriced);
    for (const message of own.filter((row) => isInPeriod(row, question) && isOfModel(row, question))) {
      if (number(message, "isCopy") === 1) {
        copies += 1;
        continue;
      }
      const sums = group(session, message);
      sums.messages += 1;
      addTokens(sums, message);
      addCost(sums, message);
      if (text(message, "costSource") === "unknown" && !hasOwnCost) leaveOut(sums, message, [1, 0]);
    }
    if (!isInPeriod(session, question) || !isOfModel(session, question)) continue;
    const sums = group(session, session);
    sums.sessions += 1;
    const hasOwnTokens = tokensOf(session) > 0 && !own.some((row) => tokensOf(row) > 0);
    if (hasOwnTokens) addTokens(sums, session);
    if (hasOwnCost) addCost(sums, session);
    if (hasOwnTokens && !isPriced(session) && !own.some(isPriced)) leaveOut(sums, session, [0, 1]);
  }
  return { rows, copies, unpriced };
}

function isAsked(session: Row, { agent, subagents = "include" }: UsageQuestion): boolean {
  const isSubagent = text(session, "parentExternalId") !== "";
  return (
    (agent === undefined || session["source"] === agent) &&
    (subagents === "include" || isSubagent === (subagents === "only"))
  );
}

const isOfModel = (row: Row, { model }: UsageQuestion) => model === undefined || row["model"] === model;

function isInPeriod(row: Row, { from, to }: UsageQuestion): boolean {
  const time = number(row, "createdAt");
  return time >= from - (from % SLOT_MS) && (to === 0 || time < Math.ceil(to / SLOT_MS) * SLOT_MS);
}

function addTokens(sums: Sums, row: Row): void {
  sums.input += number(row, "tokensInput");
  sums.cacheRead += number(row, "tokensCacheRead");
  sums.cacheWrite += number(row, "tokensCacheWrite");
  sums.cacheWrite1h += number(row, "tokensCacheWrite1h");
  sums.reasoning += number(row, "tokensReasoning");
  sums.output += number(row, "completionTokens");
  sums.total += tokensOf(row);
}

function addCost(sums: Sums, row: Row): void {
  const nano = Math.round(number(row, "cost") * 1e9);
  if (text(row, "costSource") === "reported") sums.reportedNano += nano;
  else sums.computedNano += nano;
}

function groupOf(name: string, session: Row, row: Row, tz: string): string {
  const date = localDate(number(row, "createdAt"), tz);
  switch (name) {
    case "day":
      return date;
    case "week":
      return mondayOf(date);
    case "month":
      return date.slice(0, 7);
    case "model":
    case "provider":
      return text(row, name);
    case "agent":
    case "source":
      return text(session, "source");
    case "project":
      return text(session, "projectName");
    default:
      return text(session, name);
  }
}

/** The date that clocks in a time zone show. */
export function localDate(timeMs: number, tz: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: tz, dateStyle: "short" }).format(timeMs);
}

function mondayOf(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}
