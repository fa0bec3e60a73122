import { contextMessagesSchema, contextTextSchema, oldSearchAnswerSchema } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { testScenarios } from "../support/api-scenario.ts";
import { DAY, pushCorpus, START } from "../support/search-corpus.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });

beforeAll(() => pushCorpus(server, ann, ben));

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
