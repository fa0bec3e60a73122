import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { download, EXPORT_TIME, storeSession } from "../support/exports.ts";
import { freshSeed } from "../support/random.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// What a session may hold, of whatever shape, age or size: all of it is in the file.

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

const exported = async (externalId: string, format: string) =>
  (await download(server, ann, `/api/export?id=${encodeURIComponent(externalId)}&format=${format}`)).text;

describe("one session", () => {
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
    ["a tool that is a text", { type: "tool_use", content: "shell: ls" }, "**Tool: shell**\n\n```json\nls\n```\n\n"],
    [
      "a tool that is JSON in a text",
      { type: "tool_use", content: '{"tool":"file_edit","path":"a.ts","edits":[]}' },
      '**Tool: file_edit**\n\n```json\n{\n    "path": "a.ts",\n    "edits": []\n}\n```\n\n',
    ],
    [
      "a tool that is a name",
      { type: "tool_use", content: "web search" },
      "**Tool: web search**\n\n```json\n{}\n```\n\n",
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
    await storeSession(server, ann, { externalId: `shape ${what}` }, [{ parts: [part] }]);
    const text = await exported(`shape ${what}`, "markdown");
    expect(text.slice(text.indexOf("## Assistant"))).toBe(`## Assistant\n\n${shown}`);
  });

  test("of thousands of messages comes whole, whatever their sizes and times", async () => {
    const count = 1_501;
    await storeSession(
      server,
      ann,
      { externalId: "long" },
      Array.from({ length: count }, (_, index) => ({
        textContent: `${index} ${"x".repeat(index % 250 === 0 ? 300_000 : 10)}`,
        createdAt: EXPORT_TIME + (index % 3 === 0 ? 0 : index),
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
    const messages = fc.sample(parts, { seed: freshSeed(), numRuns: 300 }).map((some) => ({ parts: some }));
    await storeSession(server, ann, { externalId: "any" }, messages);
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
});
