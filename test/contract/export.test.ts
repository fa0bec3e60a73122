import type { Message } from "@opensync/client";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let authorization = "";

const TIME = 1_790_000_000_000;

beforeAll(async () => {
  server = await startServer();
  const { key } = await createKey(server, await createUser(server), { scope: "full" });
  authorization = `Bearer ${key}`;
});

afterAll(() => server.stop());

async function get(path: string) {
  const answer = await fetch(server.url + path, { headers: { Authorization: authorization } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function store(externalId: string, session: object, messages: readonly Partial<Message>[]): Promise<void> {
  await push(server, authorization.slice("Bearer ".length), {
    sessions: [{ externalId, createdAt: TIME, updatedAt: TIME, hash: 1, ...session }],
    messages: messages.map((message, index) => ({
      ...{ sessionExternalId: externalId, externalId: `m${index}`, role: "assistant", createdAt: TIME + index * 1000 },
      ...message,
    })),
  });
}

const exported = async (externalId: string, format: string) =>
  (await get(`/api/export?id=${encodeURIComponent(externalId)}&format=${format}`)).text;

const CONVERSATION: readonly Partial<Message>[] = [
  { role: "user", textContent: "Why does <b>login</b> fail?" },
  {
    parts: [
      { type: "thinking", content: "Let me look.\nAt it." },
      { type: "text", content: "I look:" },
      { type: "tool-call", content: { id: "1", toolName: "bash", args: { command: "ls" }, status: "completed" } },
      { type: "tool-result", content: { id: "1", output: "a.ts\n```\nb.ts" } },
      { type: "patch", content: { files: ["a.ts"] } },
      { type: "step-finish", content: { reason: "stop" } },
      { type: "text", content: "Found it." },
    ],
  },
  { role: "user", textContent: "taken back", removedAt: TIME },
  { textContent: "stopped", error: { name: "Aborted", message: "by you" } },
];

describe("one session", () => {
  beforeAll(() =>
    store(
      "talk",
      {
        title: "Fix | login\nnow",
        source: "opencode",
        model: "m",
        projectPath: "/home/me/app",
        cost: 1.5,
        costSource: "reported",
      },
      CONVERSATION,
    ),
  );

  test("as Markdown has its facts, headings, tools in fences that hold, and nothing that was taken back", async () => {
    const { headers, text } = await get("/api/export?id=talk&format=markdown");
    expect(headers.get("Content-Type")).toBe("text/markdown; charset=utf-8");
    expect(headers.get("Content-Disposition")).toBe('attachment; filename="fix-login-now.md"');
    expect(text).toBe(`# Fix | login now

| Property | Value |
| --- | --- |
| Agent | opencode |
| Project | /home/me/app |
| Model | m |
| Cost | $1.5000 |
| Date | 2026-09-21T14:13:20Z |
| Session | talk |

---

## User

Why does <b>login</b> fail?

## Assistant

> *Thinking*
>
> Let me look.
> At it.

I look:

**Tool: bash**

\`\`\`json
{
    "command": "ls"
}
\`\`\`

**Result:**

\`\`\`\`\`
a.ts
\`\`\`
b.ts
\`\`\`\`\`

*Changed:*

\`\`\`
a.ts
\`\`\`

Found it.

## Assistant

stopped

**Error: Aborted** by you

`);
  });

  test("as JSON has the first version's members, and all that is known beside them", async () => {
    const { session, messages } = JSON.parse(await exported("talk", "json"));
    expect(session).toMatchObject({
      id: expect.any(String),
      externalId: "talk",
      title: "Fix | login\nnow",
      model: "m",
      source: "opencode",
    });
    expect(messages.map(({ role, content }: Record<string, unknown>) => [role, content])).toEqual([
      ["user", "Why does <b>login</b> fail?"],
      ["assistant", "I look:\nFound it."],
      ["assistant", "stopped"],
    ]);
    expect(messages[1].parts).toEqual(CONVERSATION[1]?.parts);
    expect(JSON.parse(await exported(session.id, "json")).session).toEqual(session);
  });

  test("as JSON lines is a line for each message, not an envelope", async () => {
    const { headers, text } = await get("/api/export?id=talk&format=jsonl");
    expect(headers.get("Content-Type")).toBe("application/x-ndjson");
    const lines = text.trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).role)).toEqual(["user", "assistant", "assistant"]);
  });

  test("as text has a rule, the facts, and every message under its time", async () => {
    const text = await exported("talk", "text");
    expect(text).toMatch(/^={80}\nTITLE: Fix \| login now\nAGENT: opencode\n/);
    expect(text).toContain("\n[2026-09-21T14:13:21Z] ASSISTANT:\n(thinking) Let me look.");
    expect(text).toMatch(/={80}\nEND SESSION\n={80}\n$/);
  });

  test("as HTML is one file that loads nothing, runs nothing and shows what was said as text", async () => {
    const nasty = `</p><script>alert(1)</script><img src="https://evil.example.com/x" onerror='x'>&amp;`;
    await store("nasty", { title: nasty }, [
      { textContent: nasty },
      {
        parts: [
          { type: "tool-call", content: { id: "1", toolName: nasty, args: { [nasty]: nasty } } },
          { type: "tool-result", content: { output: nasty } },
          { type: "file", content: { filename: nasty } },
          { type: "thinking", content: nasty },
        ],
        error: { name: nasty, message: nasty },
      },
    ]);
    const { headers, text } = await get("/api/export?id=nasty&format=html");
    expect(headers.get("Content-Security-Policy")).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    expect(headers.get("Content-Disposition")).toMatch(/^attachment; /);
    expect(text).not.toContain("<script");
    expect(text).not.toContain("<img");
    expect(text.match(/&lt;script&gt;alert\(1\)&lt;\/script&gt;/g)?.length).toBeGreaterThanOrEqual(9);
    const tags = [...text.matchAll(/<([a-z]+\d?)/g)].map(([, tag]) => tag);
    expect([...new Set(tags)].sort()).toEqual([
      "article",
      "body",
      "dd",
      "details",
      "dl",
      "dt",
      "h1",
      "h2",
      "head",
      "html",
      "meta",
      "p",
      "pre",
      "span",
      "style",
      "summary",
      "title",
    ]);
    expect(text).toMatch(/<\/html>\n$/);
  });

  test.for<readonly [what: string, part: { type: string; content: unknown }, shown: string]>([
    ["a text in an object", { type: "text", content: { text: "said" } }, "said\n\n"],
    ["a text in content", { type: "text", content: { content: "said" } }, "said\n\n"],
    [
      "a tool of the first version",
      { type: "tool-call", content: { name: "ls", arguments: { a: 1 } } },
      '**Tool: ls**\n\n```json\n{\n    "a": 1\n}\n```\n\n',
    ],
    [
      "a tool with input",
      { type: "tool-call", content: { name: "ls", input: "x" } },
      "**Tool: ls**\n\n```json\nx\n```\n\n",
    ],
    ["a tool without a name", { type: "tool-call", content: {} }, "**Tool: Unknown Tool**\n\n```json\n{}\n```\n\n"],
    [
      "a tool that is a text",
      { type: "tool_use", content: "shell: ls" },
      "**Tool: Unknown Tool**\n\n```json\nshell: ls\n```\n\n",
    ],
    [
      "a tool with its result",
      { type: "tool_use", content: { toolName: "ls", args: {}, result: "ok" } },
      "**Tool: ls**\n\n```json\n{}\n```\n\n**Result:**\n\n```\nok\n```\n\n",
    ],
    ["a result that is a text", { type: "tool-result", content: "ok" }, "**Result:**\n\n```\nok\n```\n\n"],
    [
      "a result in result",
      { type: "tool-result", content: { result: { a: null } } },
      '**Result:**\n\n```\n{\n    "a": null\n}\n```\n\n',
    ],
    [
      "a result of any shape",
      { type: "tool-result", content: { b: 1 } },
      '**Result:**\n\n```\n{\n    "b": 1\n}\n```\n\n',
    ],
    ["a result of nothing", { type: "tool-result", content: null }, "**Result:**\n\n```\nnull\n```\n\n"],
    ["data of an agent", { type: "snapshot", content: { x: 1 } }, ""],
  ])("shows %s, as every client has ever sent it", async ([what, part, shown]) => {
    await store(`shape ${what}`, {}, [{ parts: [part] }]);
    const text = await exported(`shape ${what}`, "markdown");
    expect(text.slice(text.indexOf("## Assistant"))).toBe(`## Assistant\n\n${shown}`);
  });

  test("of thousands of messages comes whole, whatever their sizes and times", async () => {
    const count = 1_501;
    await store(
      "long",
      {},
      Array.from({ length: count }, (_, index) => ({
        textContent: `${index} ${"x".repeat(index % 250 === 0 ? 300_000 : 10)}`,
        createdAt: TIME + (index % 3 === 0 ? 0 : index),
      })),
    );
    const { messages } = JSON.parse(await exported("long", "json"));
    const numbers = messages.map(({ content }: { content: string }) => Number.parseInt(content, 10));
    expect(numbers).toHaveLength(count);
    expect(new Set(numbers).size).toBe(count);
    for (const format of ["jsonl", "markdown", "html", "text"]) {
      const text = await exported("long", format);
      const mark =
        { jsonl: /^\{/gm, markdown: /^## Assistant$/gm, html: /<article /g, text: /ASSISTANT:\n/g }[format] ?? /$^/;
      expect(text.match(mark), format).toHaveLength(count);
    }
  });

  test("of parts of any type with any content comes in every format", async () => {
    const seed = Number(process.env["FAST_CHECK_SEED"] ?? Date.now() % 2 ** 31);
    console.log(`seed of the parts: ${seed} (FAST_CHECK_SEED=${seed} repeats them)`);
    const known = ["text", "thinking", "tool-call", "tool_use", "tool-result", "tool_result", "file", "patch"];
    const type = fc.constantFrom(...known, "subtask", "compaction", "step-start", "");
    const name = fc.constantFrom(
      "text",
      "content",
      "name",
      "toolName",
      "args",
      "input",
      "result",
      "output",
      "files",
      "diff",
    );
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom("`".repeat(20), "</pre><script>", "a\u2028\r\n|"),
    );
    const content = fc.oneof(value, fc.dictionary(name, value), fc.array(value, { maxLength: 2 }));
    const parts = fc.array(fc.record({ type, content }), { maxLength: 6 });
    const messages = fc.sample(parts, { seed, numRuns: 300 }).map((some) => ({ parts: some }));
    await store("any", {}, messages);
    const read: { messages: { content: string; parts: unknown }[] } = JSON.parse(await exported("any", "json"));
    expect(read.messages.map((message) => message.parts)).toEqual(
      JSON.parse(JSON.stringify(messages.map((m) => m.parts))),
    );
    expect(read.messages.every((message) => typeof message.content === "string")).toBe(true);
    for (const [format, mark] of [
      ["jsonl", /^\{/gm],
      ["markdown", /^## Assistant$/gm],
      ["html", /<article class="assistant">/g],
      ["text", /ASSISTANT:\n/g],
    ] as const) {
      const text = await exported("any", format);
      expect(text.match(mark), format).toHaveLength(messages.length);
      if (format === "html") expect(text).not.toContain("<script");
    }
  });

  test.for<readonly [what: string, query: string, status: number, text: string]>([
    ["no id", "", 400, "Missing session ID"],
    ["an unknown id", "id=unheard-of", 404, "Session not found"],
    ["an unknown format", "id=talk&format=pdf", 400, "format: expected json, markdown, html, jsonl, text"],
  ])("%s is refused", async ([, query, status, text]) => {
    expect(await get(`/api/export?${query}`)).toMatchObject({ status, text: expect.stringContaining(text) });
  });
});
