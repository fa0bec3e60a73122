import {
  contextMessagesSchema,
  contextTextSchema,
  OpenSyncClient,
  oldSearchAnswerSchema,
  type SearchAnswer,
  type SearchOptions,
} from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { testScenarios } from "../support/api-scenario.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

interface Said {
  session: string;
  /** Day of the message, counted from the first. */
  day: number;
  role?: string;
  text?: string;
  parts?: object[];
  more?: object;
}

const bash = (command: string, output: string, isError = false) => [
  {
    type: "tool-call",
    content: { id: "c", toolName: "Bash", args: { command }, status: isError ? "error" : "completed" },
  },
  { type: "tool-result", content: { id: "c", output, isError } },
];

const SESSIONS = [
  { externalId: "login", title: "Fix the login", source: "opencode", model: "claude-opus-4-5", device: "laptop" },
  { externalId: "deploy", title: "Deploy the shop", source: "codex-cli", model: "gpt-5", device: "Server-1" },
  {
    externalId: "names",
    title: "Rename things",
    source: "claude-code",
    projectPath: "/home/me/Shop",
    gitBranch: "feature/x",
  },
  { externalId: "untitled", source: "cursor", projectName: "My Shop" },
  { externalId: "gone", title: "Removed and deleted things" },
];

const MESSAGES: Said[] = [
  { session: "login", day: 1, role: "user", text: "Why does the token expire too early?" },
  { session: "login", day: 2, text: "The clock of the server is wrong. See config/auth/session-store.ts, err_1234." },
  { session: "login", day: 3, text: "", parts: bash("grep -rn expire src", "src/auth/token.ts:12: expireAt", false) },
  { session: "deploy", day: 4, role: "user", text: "Deploy it. The token is in the vault." },
  { session: "deploy", day: 5, text: "", parts: bash("npm run deploy", "Error: connection refused by host", true) },
  { session: "deploy", day: 6, text: "Deployment failed: connection refused." },
  { session: "names", day: 7, role: "user", text: "Rename getUserName to fetchAccountName, and old_user_table too" },
  { session: "names", day: 8, text: "", parts: [{ type: "thinking", content: "perhaps the zebra knows" }] },
  { session: "untitled", day: 9, text: "A naïve café in 東京 says hello to user@example.com" },
  { session: "untitled", day: 10, text: "hello again", more: { error: { name: "Aborted", message: "by hand" } } },
  { session: "gone", day: 11, text: "a vanished word", more: { removedAt: START } },
];

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });
let client: OpenSyncClient;

beforeAll(async () => {
  client = new OpenSyncClient({ url: server.url, apiKey: ann.key });
  const messages = MESSAGES.map(({ session, day, role, text, parts, more }, index) => ({
    ...{ sessionExternalId: session, externalId: `m${index}`, role: role ?? "assistant", textContent: text, parts },
    ...{ createdAt: START + day * DAY, ...more },
  }));
  // Arrives in another order than it was written in.
  await push(server, ann.key, { sessions: SESSIONS, messages: messages.reverse() });
  const secret = { externalId: "bens", title: "Ben's secret token" };
  const said = { sessionExternalId: "bens", externalId: "b", role: "user", textContent: "Ben's token expires" };
  await push(server, ben.key, { sessions: [secret], messages: [said] });
});

const find = (query: string, options: SearchOptions = {}) => client.search(query, options);
const ids = ({ results }: SearchAnswer) => results.map(({ session }) => session.externalId);

describe("finds", () => {
  test.for<[query: string, found: string[]]>([
    ["vault", ["deploy"]],
    ["TOKEN", ["deploy", "login"]],
    ["token vault", ["deploy"]],
    ['"connection refused"', ["deploy"]],
    ['"refused connection"', []],
    ["depl*", ["deploy"]],
    ["token -vault", ["login"]],
    ["-token -hello", ["names", "deploy", "login"]],
    ["zebra OR vault", ["names", "deploy"]],
    ["zebra OR vault -zebra", ["deploy"]],
    ["grep", ["login"]],
    ["expireAt", ["login"]],
    ["naive cafe", ["untitled"]],
    ["東京", ["untitled"]],
    ["nothing-like-this", []],
    ["vanished", []],
    ["shop", ["deploy"]],
    ["— hello …", ["untitled"]],
    ["->", []],
  ])("%s", async ([query, found]) => {
    expect(ids(await find(query, { sort: "newest" }))).toEqual(found);
  });
});

describe("identifiers are found", () => {
  test.for<[identifier: string, found: string]>([
    ["old_user_table", "names"],
    ["user_table", "names"],
    ["table", "names"],
    ["config/auth/session-store.ts", "login"],
    ["session-store", "login"],
    ["auth/session", "login"],
    ["src/auth/token.ts:12", "login"],
    ["err_1234", "login"],
    ["1234", "login"],
    ["user@example.com", "untitled"],
    ["example.com", "untitled"],
    ["getUserName", "names"],
    ["getusername", "names"],
    ["fetchAcc*", "names"],
  ])("by %s", async ([identifier, found]) => {
    expect(ids(await find(identifier))).toContain(found);
  });
});

describe("qualifiers narrow a search:", () => {
  test.for<[query: string, found: string[]]>([
    ["agent:codex", ["deploy"]],
    ["agent:CLAUDE", ["names"]],
    ["agent:codex agent:cursor", ["untitled", "deploy"]],
    ["-agent:codex token", ["login"]],
    ["model:opus", ["login"]],
    ["project:shop", ["untitled", "names"]],
    ['project:"my shop"', ["untitled"]],
    ["device:server", ["deploy"]],
    ["branch:feature", ["names"]],
    ["tool:bash", ["deploy", "login"]],
    ["tool:bash connection", ["deploy"]],
    ["tool:grep", []],
    ["role:user token", ["deploy", "login"]],
    ["role:assistant token", ["login"]],
    ["is:error", ["untitled", "deploy"]],
    ["-is:error deployment", ["deploy"]],
    ["after:2026-01-09", ["untitled", "names"]],
    ["before:2026-01-03 token", ["login"]],
    ["after:2026-01-05 before:2026-01-08 token", ["deploy"]],
    ["tag:urgent", []],
    ["colour:red", []],
    ["is:strange", []],
  ])("%s", async ([query, found]) => {
    expect(ids(await find(query, { sort: "newest" }))).toEqual(found);
  });

  test("tags are whole words", async () => {
    await fetch(`${server.url}/api/sessions/${server.sessionId("login")}`, {
      ...{ method: "PATCH", body: JSON.stringify({ tags: ["Urgent", "two words"] }) },
      headers: { ...ann.signedIn(), "Content-Type": "application/json" },
    });
    expect(ids(await find("tag:urgent"))).toEqual(["login"]);
    expect(ids(await find("tag:two-words expire"))).toEqual(["login"]);
    expect(ids(await find("tag:urg"))).toEqual([]);
  });
});

describe("in order", () => {
  test("of relevance: title, prompt, answer, tools", async () => {
    expect(ids(await find("deploy OR rename OR token"))).toEqual(["names", "deploy", "login"]);
    expect(ids(await find("connection OR expire OR zebra"))).toEqual(["login", "deploy", "names"]);
  });

  test("of time: by the newest match, whatever the order of arrival", async () => {
    expect(ids(await find("expire OR hello", { sort: "newest" }))).toEqual(["untitled", "login"]);
    expect(ids(await find("deploy OR zebra OR hello", { sort: "newest" }))).toEqual(["untitled", "names", "deploy"]);
  });
});

describe("an answer says", () => {
  test("where in a message the match is", async () => {
    const { results } = await find("expire", { sort: "newest" });
    const [row] = server.query<{ id: string }>("SELECT id FROM messages WHERE externalId = 'm2'");
    expect(results.map(({ hit, matches }) => ({ hit, matches }))).toEqual([
      {
        hit: {
          ...{ place: "toolInput", snippet: "grep -rn expire src", marks: [[9, 15]] },
          ...{ messageId: row?.id, externalId: "m2", role: "assistant", createdAt: START + 3 * DAY },
        },
        matches: 2,
      },
    ]);
  });

  test.for<[query: string, place: string | undefined, marked: string[]]>([
    ["login", "title", ["login"]],
    ["zebra", "thinking", ["zebra"]],
    ["refused host", "toolOutput", ["refused", "host"]],
    ['"connection refused"', "text", ["connection refused"]],
    ["session-store", "text", ["session-store"]],
    ["depl* vault", "text", ["Deploy", "vault"]],
    ["agent:codex", undefined, []],
    ["is:error", undefined, []],
  ])("for %s: in the %s", async ([query, place, marked]) => {
    const { results } = await find(query);
    const hit = results[0]?.hit;
    expect(hit?.place).toBe(place);
    expect(hit?.marks.map(([start, end]) => hit.snippet.slice(start, end)) ?? []).toEqual(marked);
  });

  test("how exact it is", async () => {
    expect((await find("token")).exactness).toEqual({ isExact: true, ranked: 3, ignored: [] });
    expect((await find("token", { sort: "newest" })).exactness).toEqual({ isExact: true, ignored: [] });
    const many = Array.from({ length: 25 }, (_, index) => `w${index}`).join(" OR ");
    expect((await find(many)).exactness.ignored).toEqual(["w24"]);
  });
});

describe("pages", () => {
  test.for<[query: string, sort: "relevance" | "newest"]>([
    ["the OR hello OR token OR rename", "newest"],
    ["the OR hello OR token OR rename", "relevance"],
    ["-zebra", "newest"],
    ["is:error agent:c", "newest"],
    ["agent:c", "relevance"],
  ])("of %s by %s show every session once", async ([query, sort]) => {
    const whole = ids(await find(query, { sort, limit: 100 }));
    expect(whole.length).toBeGreaterThan(1);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: SearchAnswer = await find(query, { sort, limit: 1, ...(cursor !== null && { cursor }) });
      paged.push(...ids(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });
});

test("pages of sessions that are found by title alone end, also where all were active at the same time", async () => {
  const sessions = ["x1", "x2", "x3"].map((externalId) => ({ externalId, title: "simultaneous", updatedAt: START }));
  await push(server, ann.key, { sessions });
  for (const sort of ["newest", "relevance"] as const) {
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: SearchAnswer = await find("simultaneous", { sort, limit: 1, ...(cursor !== null && { cursor }) });
      paged.push(...ids(page));
      cursor = page.nextCursor;
    } while (cursor !== null && paged.length < 10);
    expect(paged.sort()).toEqual(["x1", "x2", "x3"]);
  }
});

describe("titles follow", () => {
  const shown = async (query: string) => ids(await find(`${query} title`));
  test("what the agent and the dashboard call a session, and its deletion", async () => {
    const session = { externalId: "titles", title: "first title", updatedAt: START };
    await push(server, ann.key, { sessions: [session] });
    expect(await shown("first")).toEqual(["titles"]);
    await push(server, ann.key, { sessions: [{ ...session, title: "second title" }] });
    expect([await shown("first"), await shown("second")]).toEqual([[], ["titles"]]);
    const url = `${server.url}/api/sessions/${server.sessionId("titles")}`;
    const headers = { ...ann.signedIn(), "Content-Type": "application/json" };
    await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ customTitle: "third title" }) });
    expect([await shown("second"), await shown("third")]).toEqual([[], ["titles"]]);
    await fetch(url, { method: "DELETE", headers });
    expect(await shown("third")).toEqual([]);
  });
});

describe("GET /api/search", () => {
  const kind = { "x-opensync-search": "fulltext", "access-control-expose-headers": "X-OpenSync-Search" };
  testScenarios(server, [
    { name: "needs a key", url: "/api/search?q=x", status: 401 },
    {
      name: "takes the token of a signed-in user",
      url: "/api/search?q=vault",
      headers: ann.signedIn,
      status: 200,
      contains: ['"deploy"'],
    },
    {
      name: "shows nobody another's sessions",
      url: "/api/search?q=token&v=2",
      headers: ben.signedIn,
      status: 200,
      contains: ['"bens"'],
      notContains: ['"login"', '"deploy"'],
    },
    {
      name: "needs a query",
      url: "/api/search",
      headers: ann.withKey,
      status: 400,
      contains: ["Missing query parameter 'q'"],
    },
    {
      name: "needs more than spaces",
      url: "/api/search?q=+",
      headers: ann.withKey,
      status: 400,
      contains: ["Missing query parameter 'q'"],
    },
    {
      name: "refuses a strange limit",
      url: "/api/search?q=x&limit=abc",
      headers: ann.withKey,
      status: 400,
      contains: ["limit: expected"],
    },
    {
      name: "refuses a limit without end",
      url: "/api/search?q=x&limit=101",
      headers: ann.withKey,
      status: 400,
      contains: ["from 1 to 100"],
    },
    {
      name: "refuses a strange order",
      url: "/api/search?q=x&sort=best",
      headers: ann.withKey,
      status: 400,
      contains: ["relevance, newest"],
    },
    {
      name: "refuses a strange version",
      url: "/api/search?q=x&v=3",
      headers: ann.withKey,
      status: 400,
      contains: ["v: expected"],
    },
    {
      name: "refuses another's cursor",
      url: "/api/search?q=x&v=2&cursor=abc",
      headers: ann.withKey,
      status: 400,
      contains: ["cursor: expected"],
    },
    {
      name: "refuses an endless query",
      url: `/api/search?q=${"x".repeat(1_001)}`,
      headers: ann.withKey,
      status: 400,
      contains: ["q: expected"],
    },
    {
      name: "says that it knows no meaning, only words",
      url: "/api/search?q=vault&type=semantic",
      headers: ann.withKey,
      status: 200,
      contains: ['"deploy"'],
      answerHeaders: kind,
    },
    {
      name: "the same for both at once",
      url: "/api/search?q=vault&type=hybrid",
      headers: ann.withKey,
      status: 200,
      contains: ['"deploy"'],
      answerHeaders: kind,
    },
    {
      name: "takes any other type for words",
      url: "/api/search?q=vault&type=x",
      headers: ann.withKey,
      status: 200,
      contains: ['"deploy"'],
      answerHeaders: { "x-opensync-search": null },
    },
  ]);

  test("answers in the first version's shape by default", async () => {
    const answer = await fetch(`${server.url}/api/search?q=expire`, { headers: ann.withKey() });
    const { results } = oldSearchAnswerSchema.parse(await answer.json());
    expect(results.map(({ id: _, ...rest }) => rest)).toEqual([
      {
        ...{ externalId: "login", source: "opencode", title: "Fix the login", model: "claude-opus-4-5" },
        ...{ totalTokens: 0, cost: 0, messageCount: 3, createdAt: START + DAY },
      },
    ]);
  });
});

describe("GET /api/context", () => {
  const get = (query: string) => ann.get(`/api/context?${query}`);

  test("gives what was said last in the sessions found, as messages", async () => {
    const { messages, sessionCount } = contextMessagesSchema.parse(await get("q=vault"));
    const metadata = { sessionId: server.sessionId("deploy"), sessionTitle: "Deploy the shop" };
    expect(sessionCount).toBe(1);
    expect(messages).toEqual([
      { role: "user", content: "Deploy it. The token is in the vault.", metadata },
      { role: "assistant", content: "Deployment failed: connection refused.", metadata },
    ]);
  });

  test("gives it as one text", async () => {
    const { text, sessionCount } = contextTextSchema.parse(await get("q=token&format=text&limit=1"));
    expect(sessionCount).toBe(1);
    expect(text).toBe(
      [
        ...[
          'Relevant coding sessions for: "token"',
          "",
          "--- Session: Deploy the shop ---",
          "Project: N/A",
          "Model: gpt-5",
        ],
        ...["", "[USER]", "Deploy it. The token is in the vault.", ""],
        ...["[ASSISTANT]", "Deployment failed: connection refused.", "", ""],
      ].join("\n"),
    );
  });

  test("gives nothing where nothing is found", async () => {
    expect(await get("q=nowhere")).toEqual({ messages: [], sessionCount: 0 });
    expect(await get("q=nowhere&format=text")).toEqual({
      text: 'Relevant coding sessions for: "nowhere"\n\n',
      sessionCount: 0,
    });
  });

  testScenarios(server, [
    { name: "needs a key", url: "/api/context?q=x", status: 401 },
    {
      name: "needs a query",
      url: "/api/context",
      headers: ann.withKey,
      status: 400,
      contains: ["Missing query parameter 'q'"],
    },
    {
      name: "refuses a strange limit",
      url: "/api/context?q=x&limit=21",
      headers: ann.withKey,
      status: 400,
      contains: ["limit: expected"],
    },
  ]);
});
