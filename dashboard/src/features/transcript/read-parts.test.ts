import { describe, expect, test } from "vitest";
import { type Block, readBlocks } from "./read-parts.ts";

/** Kind and the most important word of each block. */
const outline = (blocks: readonly Block[]): string[] => blocks.map(outlineOf);

function outlineOf(block: Block): string {
  switch (block.kind) {
    case "text":
    case "thinking":
      return `${block.kind} ${block.text}`;
    case "tool":
      return `tool ${block.call?.name ?? "-"} ${JSON.stringify(block.call?.args)} → ${JSON.stringify(block.result?.output)}`;
    case "file":
      return `file ${block.file.name}`;
    case "patch":
      return `patch ${block.files.join()}`;
    case "subtask":
      return `subtask ${block.title}`;
    case "compaction":
      return `compaction ${block.summary}`;
    case "data":
      return `data ${block.type}`;
  }
}

describe("parts of our own clients", () => {
  test("keep their order; a result joins its call by id", () => {
    const parts = [
      { type: "thinking", content: "hm" },
      { type: "text", content: "look" },
      { type: "tool-call", content: { id: "1", toolName: "bash", args: { command: "ls" }, status: "completed" } },
      { type: "tool-call", content: { id: "2", toolName: "read", args: {}, status: "running" } },
      { type: "tool-result", content: { id: "1", output: "a b" } },
      { type: "step-finish", content: { reason: "stop" } },
    ];
    expect(outline(readBlocks(parts, ""))).toEqual([
      "thinking hm",
      "text look",
      'tool bash {"command":"ls"} → "a b"',
      "tool read {} → undefined",
      "data step-finish",
    ]);
  });

  test("of every other type have their block", () => {
    const parts = [
      { type: "file", content: { mime: "text/plain", filename: "notes.txt", size: 3, sha256: "0" } },
      { type: "patch", content: { files: ["a.ts", "b.ts"] } },
      { type: "subtask", content: { prompt: "go", description: "look around", agent: "explore" } },
      { type: "compaction", content: { summary: "so far" } },
      { type: "compaction", content: null },
      { type: "snapshot", content: "abc" },
    ];
    expect(outline(readBlocks(parts, ""))).toEqual([
      "file notes.txt",
      "patch a.ts,b.ts",
      "subtask explore: look around",
      "compaction so far",
      "compaction ",
      "data snapshot",
    ]);
  });

  test("that a person did not type are marked", () => {
    const blocks = readBlocks([{ type: "text", content: "reminder", meta: { synthetic: true } }], "");
    expect(blocks).toEqual([{ kind: "text", text: "reminder", isSynthetic: true }]);
  });
});

describe("parts of old clients", () => {
  test.each<{ name: string; parts: unknown; outline: string[] }>([
    { name: "text as {text}", parts: [{ type: "text", content: { text: "a" } }], outline: ["text a"] },
    { name: "text as {content}", parts: [{ type: "text", content: { content: "a" } }], outline: ["text a"] },
    {
      name: "a call as {name, arguments} and a result without id",
      parts: [
        { type: "tool-call", content: { name: "Bash", arguments: { command: "ls" } } },
        { type: "tool-result", content: { result: "x" } },
      ],
      outline: ['tool Bash {"command":"ls"} → "x"'],
    },
    {
      name: "two calls, two results in order",
      parts: [
        { type: "tool-call", content: { name: "A", input: 1 } },
        { type: "tool-result", content: "a" },
        { type: "tool-call", content: { name: "B", input: 2 } },
        { type: "tool-result", content: "b" },
      ],
      outline: ['tool A 1 → "a"', 'tool B 2 → "b"'],
    },
    {
      name: "a tool_use that carries its result",
      parts: [{ type: "tool_use", content: { toolName: "Edit", args: { path: "x" }, result: "ok" } }],
      outline: ['tool Edit {"path":"x"} → "ok"'],
    },
    {
      name: "a tool_use as text",
      parts: [{ type: "tool_use", content: "shell: npm test" }],
      outline: ['tool shell {"command":"npm test"} → undefined'],
    },
    {
      name: "a tool_use as JSON in text",
      parts: [{ type: "tool_use", content: '{"tool":"file_edit","path":"a.ts","edits":[]}' }],
      outline: ['tool file_edit {"path":"a.ts","edits":[]} → undefined'],
    },
    {
      name: "a result of a call in another message",
      parts: [{ type: "tool-result", content: { id: "elsewhere", output: { ok: true } } }],
      outline: ['tool - undefined → {"ok":true}'],
    },
    {
      name: "a result that is any object",
      parts: [{ type: "tool-result", content: { lines: 3 } }],
      outline: ['tool - undefined → {"lines":3}'],
    },
  ])("$name", ({ parts, outline: expected }) => {
    expect(outline(readBlocks(parts, ""))).toEqual(expected);
  });
});

describe("the text of a message", () => {
  test("is shown when its parts show nothing", () => {
    expect(outline(readBlocks([{ type: "step-start", content: {} }], "hello"))).toEqual([
      "text hello",
      "data step-start",
    ]);
    expect(outline(readBlocks(null, "hello"))).toEqual(["text hello"]);
  });

  test("is not shown a second time beside its parts", () => {
    expect(outline(readBlocks([{ type: "text", content: "hello" }], "hello"))).toEqual(["text hello"]);
  });

  test("makes no empty bubble", () => {
    expect(readBlocks([{ type: "text", content: " \n" }], " ")).toEqual([]);
  });
});

test.each([
  { name: "no list", parts: "text" },
  { name: "a list of something else", parts: [1, null, "x"] },
  { name: "a part without a type", parts: [{ content: "x" }] },
])("$name instead of parts is no error", ({ parts }) => {
  expect(readBlocks(parts, "shown")).toEqual([{ kind: "text", text: "shown", isSynthetic: false }]);
});

test.each([
  { type: "text", content: { a: 1 } },
  { type: "text", content: null },
  { type: "file", content: "x" },
  { type: "patch", content: 3 },
  { type: "subtask", content: [] },
  { type: "<b>", content: undefined },
])("a part with odd content (%j) is shown as data", (part) => {
  expect(outline(readBlocks([part], ""))).toEqual([`data ${part.type}`]);
});

test.each([
  { type: "tool-call", content: null },
  { type: "tool-call", content: 3 },
  { type: "tool-call", content: { toolName: 3, args: null } },
  { type: "tool-result", content: null },
  { type: "tool-result", content: [1, 2] },
])("an odd tool part (%j) is still a tool", (part) => {
  expect(readBlocks([part], "").map(({ kind }) => kind)).toEqual(["tool"]);
});
