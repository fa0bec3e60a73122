import { createHash } from "node:crypto";
import {
  fileContentSchema,
  MAX_FILE_DATA_CHARS,
  toolCallContentSchema,
  toolResultContentSchema,
} from "@opensync/client";
import { describe, expect, test } from "vitest";
import { readFixtureEvents } from "../../testing/opencode-fixture.ts";
import { dataOf, omit } from "./json.ts";
import { mapPart } from "./map-part.ts";
import { restorePart } from "./restore.ts";

const recorded = readFixtureEvents("message.part.updated").map(({ name, properties }) => {
  const part = dataOf(properties["part"]);
  return { name: name.replace("message.part.updated.", ""), data: omit(part, "id", "messageID", "sessionID") };
});

describe("every recorded part", () => {
  test("there are parts of every kind", () => {
    expect(new Set(recorded.map(({ data }) => data["type"]))).toEqual(
      new Set([
        "agent",
        "compaction",
        "file",
        "patch",
        "reasoning",
        "step-finish",
        "step-start",
        "subtask",
        "text",
        "tool",
      ]),
    );
  });

  test.each(recorded)("$name comes back exactly, without keeping a second copy", ({ data }) => {
    const mapped = mapPart({ id: "prt_1", data }, "assistant");
    expect(restorePart(mapped)).toEqual({ id: "prt_1", data });
    expect(JSON.stringify(mapped)).not.toContain('"original"');
  });
});

const tool = (state: object, rest: object = {}) => ({ type: "tool", tool: "bash", callID: "call_1", state, ...rest });

describe("the contract's form", () => {
  test.each([
    {
      name: "text",
      data: { type: "text", text: "Hi.", time: { start: 1, end: 2 } },
      parts: [{ type: "text", id: "p", content: "Hi.", meta: { time: { start: 1, end: 2 } } }],
    },
    {
      name: "text that nobody typed",
      data: { type: "text", text: "<file>", synthetic: true },
      parts: [{ type: "text", id: "p", content: "<file>", meta: { synthetic: true } }],
    },
    {
      name: "reasoning",
      data: { type: "reasoning", text: "Hm.", time: { start: 1 } },
      parts: [{ type: "thinking", id: "p", content: "Hm.", meta: { time: { start: 1 } } }],
    },
    {
      name: "a pending tool call",
      data: tool({ status: "pending", input: {}, raw: "" }),
      parts: [
        {
          type: "tool-call",
          id: "p",
          content: { id: "call_1", toolName: "bash", args: {}, status: "running" },
          meta: { state: { raw: "", status: "pending" } },
        },
      ],
    },
    {
      name: "a finished shell command, whose output is stored twice",
      data: tool({
        status: "completed",
        input: { command: "ls" },
        output: "a\n",
        title: "ls",
        metadata: { output: "a\n", exit: 0 },
        time: { start: 5, end: 9 },
      }),
      parts: [
        {
          type: "tool-call",
          id: "p",
          content: {
            id: "call_1",
            toolName: "bash",
            args: { command: "ls" },
            title: "ls",
            status: "completed",
            startedAt: 5,
            endedAt: 9,
          },
          meta: { state: { metadata: { exit: 0 }, outputInMetadata: true } },
        },
        { type: "tool-result", content: { id: "call_1", output: "a\n" } },
      ],
    },
    {
      name: "a failed tool call",
      data: tool({ status: "error", input: {}, error: "no", time: { start: 5, end: 9 } }),
      parts: [
        {
          type: "tool-call",
          id: "p",
          content: { id: "call_1", toolName: "bash", args: {}, status: "error", startedAt: 5, endedAt: 9 },
        },
        { type: "tool-result", content: { id: "call_1", output: "no", isError: true } },
      ],
    },
    {
      name: "changed files",
      data: { type: "patch", hash: "abc", files: ["/a"] },
      parts: [{ type: "patch", id: "p", content: { files: ["/a"] }, meta: { hash: "abc" } }],
    },
    {
      name: "a sub-task",
      data: { type: "subtask", prompt: "Do", description: "D", agent: "general", model: { modelID: "m" } },
      parts: [
        {
          type: "subtask",
          id: "p",
          content: { prompt: "Do", description: "D", agent: "general" },
          meta: { model: { modelID: "m" } },
        },
      ],
    },
    {
      name: "a compaction",
      data: { type: "compaction", auto: true, overflow: true },
      parts: [{ type: "compaction", id: "p", content: { auto: true }, meta: { overflow: true } }],
    },
    {
      name: "a type of its own",
      data: { type: "step-start", snapshot: "abc" },
      parts: [{ type: "step-start", id: "p", content: { snapshot: "abc" } }],
    },
    {
      name: "a type from the future",
      data: { type: "hologram", depth: 3 },
      parts: [{ type: "hologram", id: "p", content: { depth: 3 } }],
    },
    {
      name: "a file on the disk, whose bytes are not ours to read",
      data: { type: "file", mime: "text/plain", filename: "a.txt", url: "file:///a.txt", source: { type: "file" } },
      parts: [
        {
          type: "file",
          id: "p",
          content: { mime: "text/plain", filename: "a.txt", url: "file:///a.txt" },
          meta: { source: { type: "file" } },
        },
      ],
    },
  ])("of $name", ({ data, parts }) => {
    expect(mapPart({ id: "p", data }, "assistant")).toEqual(parts);
    expect(restorePart(mapPart({ id: "p", data }, "assistant")).data).toEqual(data);
  });

  test("of calls and results is the one that readers know", () => {
    const parts = recorded
      .filter(({ data }) => data["type"] === "tool")
      .flatMap(({ data }) => mapPart({ id: "p", data }, "assistant"));
    for (const { type, content } of parts) {
      const schema = type === "tool-call" ? toolCallContentSchema : toolResultContentSchema;
      expect(schema.safeParse(content).error).toBeUndefined();
    }
  });
});

describe("attachments", () => {
  const image = Buffer.from("not really a picture");
  const url = `data:image/png;base64,${image.toString("base64")}`;

  test("travel with their bytes, size and hash", () => {
    const [part] = mapPart({ id: "p", data: { type: "file", mime: "image/png", filename: "a.png", url } }, "user");
    expect(fileContentSchema.parse(part?.content)).toEqual({
      mime: "image/png",
      filename: "a.png",
      size: image.byteLength,
      sha256: createHash("sha256").update(image).digest("hex"),
      data: image.toString("base64"),
    });
  });

  test("of more than 256 kB leave their bytes behind, and say so", () => {
    const large = Buffer.alloc(MAX_FILE_DATA_CHARS, 1);
    const data = { type: "file", mime: "image/png", url: `data:image/png;base64,${large.toString("base64")}` };
    const [part] = mapPart({ id: "p", data }, "user");
    expect(part?.meta).toEqual({ cut: true });
    expect(part?.content).toMatchObject({ size: large.byteLength, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(JSON.stringify(part).length).toBeLessThan(500);
  });

  test("of a tool follow its result and come back to it", () => {
    const attachments = [{ id: "prt_x", type: "file", mime: "image/png", url }];
    const data = tool({
      status: "completed",
      input: {},
      output: "ok",
      title: "t",
      metadata: {},
      time: { start: 1, end: 2 },
      attachments,
    });
    const mapped = mapPart({ id: "p", data }, "assistant");
    expect(mapped.map(({ type }) => type)).toEqual(["tool-call", "tool-result", "file"]);
    expect(restorePart(mapped).data).toEqual(data);
    expect(JSON.stringify(mapped)).not.toContain('"original"');
  });
});

describe("what the contract cannot express", () => {
  test.each([
    { name: "text that is no text", data: { type: "text", text: 7 } },
    { name: "a tool without a state", data: { type: "tool", tool: "bash", callID: "c" } },
    { name: "a call with both output and error", data: tool({ status: "error", input: {}, output: "a", error: "b" }) },
    { name: "a file without an address", data: { type: "file", mime: "text/plain" } },
    { name: "a part without a type", data: { snapshot: "abc" } },
  ])("is kept as it is: $name", ({ data }) => {
    const mapped = mapPart({ id: "p", data }, "assistant");
    expect(mapped[0]?.meta).toEqual({ original: data });
    expect(restorePart(mapped).data).toEqual(data);
  });
});
