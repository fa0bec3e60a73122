import type { Message } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { download, EXPORT_TIME, storeSession } from "../support/exports.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

const get = (path: string) => download(server, ann, path);
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
  { role: "user", textContent: "taken back", removedAt: EXPORT_TIME },
  { textContent: "stopped", error: { name: "Aborted", message: "by you" } },
];

describe("one session", () => {
  beforeAll(() =>
    storeSession(
      server,
      ann,
      {
        externalId: "talk",
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
    await storeSession(server, ann, { externalId: "nasty", title: nasty }, [
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

  test.for<readonly [what: string, query: string, status: number, text: string]>([
    ["no id", "", 400, "Missing session ID"],
    ["an unknown id", "id=unheard-of", 404, "Session not found"],
    ["an unknown format", "id=talk&format=pdf", 400, "format: expected json, markdown, html, jsonl, text"],
  ])("%s is refused", async ([, query, status, text]) => {
    expect(await get(`/api/export?${query}`)).toMatchObject({ status, text: expect.stringContaining(text) });
  });
});
