import { facetsSchema, searchAnswerSchema, sessionPageSchema } from "@opensync/client";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// Whatever is typed is a search: never an error of the server, never a row of somebody else.

/** fast-check prints the seed of a failure; SEARCH_SEED=… tries it again. */
const seed = Number(process.env["SEARCH_SEED"] ?? 20_261_125);

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server, { scope: "full" });

beforeAll(async () => {
  const textContent = "owner text thinking toolInput NEAR AND OR NOT a b c 1 secret é 東 :*^(){}[]\"'-+.,;";
  for (const [key, name] of [
    [ann.key, "anns"],
    [ben.key, "bens"],
  ] as const) {
    const messages = ["user", "assistant"].map((role) => ({
      ...{ sessionExternalId: name, externalId: role, role, textContent, createdAt: 1_700_000_000_000 },
    }));
    await push(server, key, { sessions: [{ externalId: name, title: textContent, source: "opencode" }], messages });
  }
});

const syntax = fc.constantFrom(
  ...[
    '"',
    '""',
    "*",
    "-",
    "--",
    "(",
    ")",
    ":",
    "^",
    "+",
    "{",
    "}",
    ",",
    "'",
    ";",
    "\\",
    "/",
    "%",
    "?",
    "\u0000",
    "\n",
    " ",
  ],
  ...["OR", "AND", "NOT", "NEAR(", "NEAR/2", "owner:", "rowid:", "{text}:", "- owner :", "messages_fts", "rank"],
  ...[
    "agent:",
    "-agent:",
    "tag:",
    "is:error",
    "before:",
    "after:2026-01-01",
    "before:9e99",
    "role:",
    "tool:",
    'model:"a',
  ],
  ...[
    "a",
    "secret",
    "sec*",
    "é",
    "東*",
    "\ud800",
    "🎉",
    "\u0301",
    "1e999",
    "{:user}",
    "{{users}}",
    "[[id]]",
    "?1",
    "--",
    "/*",
  ],
);
const typed = fc.oneof(
  fc.array(syntax, { minLength: 1, maxLength: 14 }).map((pieces) => pieces.join("")),
  fc.array(syntax, { minLength: 1, maxLength: 10 }).map((pieces) => pieces.join(" ")),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);

const get = (path: string) => fetch(server.url + path, { headers: { Authorization: `Bearer ${ann.key}` } });

test("any text is a search of one's own sessions", { timeout: 120_000 }, async () => {
  const property = fc.asyncProperty(typed, fc.constantFrom("newest", "relevance"), async (text, sort) => {
    const query = new URLSearchParams({ v: "2", sort, q: text });
    const answer = await get(`/api/search?${query}`);
    const body = await answer.text();
    expect(body).not.toContain("bens");
    if (answer.status === 400) expect(body).toContain("Missing query parameter 'q'");
    else {
      expect(answer.status, body).toBe(200);
      searchAnswerSchema.parse(JSON.parse(body));
    }
  });
  await fc.assert(property, { seed, numRuns: 400 });
});

test("any text narrows one's own lists and facets", { timeout: 120_000 }, async () => {
  const schemas = { "/api/sessions": sessionPageSchema, "/api/sessions/facets": facetsSchema };
  const property = fc.asyncProperty(typed, async (text) => {
    for (const [path, schema] of Object.entries(schemas)) {
      const answer = await get(`${path}?${new URLSearchParams({ q: text })}`);
      const body = await answer.text();
      expect(body).not.toContain("bens");
      expect(answer.status, body).toBe(200);
      expect((schema.parse(JSON.parse(body)).total ?? 0) <= 1).toBe(true);
    }
  });
  await fc.assert(property, { seed, numRuns: 200 });
});

test("any cursor is one or is refused", { timeout: 120_000 }, async () => {
  const value = fc.oneof(
    fc.integer().map(String),
    fc.double().map(String),
    fc.string({ unit: "binary", maxLength: 8 }),
  );
  const cursor = fc.array(value, { maxLength: 5 }).map((values) => values.map(encodeURIComponent).join("|"));
  const property = fc.asyncProperty(cursor, fc.constantFrom("newest", "relevance"), async (text, sort) => {
    const query = new URLSearchParams({ v: "2", sort, q: "secret", cursor: text });
    const answer = await get(`/api/search?${query}`);
    expect([200, 400], await answer.clone().text()).toContain(answer.status);
    expect(await answer.text()).not.toContain("bens");
  });
  await fc.assert(property, { seed, numRuns: 200 });
});

test("any text is a search for context", { timeout: 60_000 }, async () => {
  const property = fc.asyncProperty(typed, fc.constantFrom("text", "messages"), async (text, format) => {
    const answer = await get(`/api/context?${new URLSearchParams({ q: text, format })}`);
    const body = await answer.text();
    expect([200, 400], body).toContain(answer.status);
    expect(body).not.toContain("bens");
  });
  await fc.assert(property, { seed, numRuns: 100 });
});
