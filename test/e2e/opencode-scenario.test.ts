import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Message, Session } from "@opensync/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openCode } from "../../plugin/src/sources/opencode/index.ts";
import { restoreSession } from "../../plugin/src/sources/opencode/restore-session.ts";
import type { StoreReader } from "../../plugin/src/sources/source.ts";
import { collect } from "../../plugin/src/testing/collect.ts";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import { createOpenCodeHome, type OpenCodeHome, startOpenCode } from "../support/opencode.ts";
import { type OpenCodeServer, runScenario, type Scenario, startOpenCodeServer } from "../support/opencode-scenario.ts";
import { until } from "../support/until.ts";

let model: MockModel;
let home: OpenCodeHome;
let serve: OpenCodeServer;
let ids: Scenario;
let reader: StoreReader;

beforeAll(async () => {
  model = await startMockModel();
  home = await createOpenCodeHome({ modelUrl: model.url });
  serve = await startOpenCodeServer(home);
  ids = await runScenario(serve);
  const statusSchema = z.record(z.string(), z.unknown());
  const isIdle = async () => Object.keys(await serve.get("/session/status", statusSchema)).length === 0;
  await until("every session is idle", isIdle, 30_000);
  // From here on OpenCode runs beside the reader, as it does on people's machines.
  reader = await openCode.open(home.env);
});

afterAll(async () => {
  reader?.close();
  await serve?.stop();
  await model?.stop();
  home?.remove();
});

const dataSchema = z.record(z.string(), z.unknown());
const exportedSchema = z.array(z.object({ info: dataSchema, parts: z.array(dataSchema) }));
type Data = z.infer<typeof dataSchema>;

async function read(id: string): Promise<{ session: Session; messages: Message[] }> {
  const session = (await reader.readSession(id)) ?? expect.fail(`${id} is not in the store`);
  return { session, messages: await collect(reader.readMessages(id)) };
}

const parts = (messages: readonly Message[]) => messages.flatMap((message) => message.parts ?? []);
const contents = (messages: readonly Message[], type: string) =>
  parts(messages).flatMap((part) => (part.type === type ? [part.content] : []));

/** What never leaves the machine: the provider's answer word for word, and bytes above 256 kB. */
function withoutWhatStays(info: Data): Data {
  const error = dataSchema.safeParse(info["error"]).data;
  const data = dataSchema.safeParse(error?.["data"]).data;
  if (data !== undefined) {
    const { responseHeaders: _headers, responseBody: _body, ...rest } = data;
    return { ...info, error: { ...error, data: rest } };
  }
  return String(info["url"]).length > 256 * 1024 ? { ...info, url: "" } : info;
}

describe("what OpenCode's own API answers", () => {
  const kept: (keyof Scenario)[] = [
    "tools",
    "fork",
    "renamed",
    "archived",
    "reverted",
    "revertedAndContinued",
    "trimmed",
    "parent",
    "compacted",
    "aborted",
    "failed",
    "toolErrors",
    "attachments",
    "untitled",
  ];

  test.each(kept)("is what is restored from the wire: %s", async (name) => {
    const id = ids[name];
    const { session, messages } = await read(id);
    const restored = restoreSession(session, messages);
    expect(restored.info).toEqual(await serve.get(`/session/${id}`, dataSchema));
    const answered = await serve.get(`/session/${id}/message`, exportedSchema);
    expect(restored.messages).toEqual(
      answered.map(({ info, parts }) => ({ info: withoutWhatStays(info), parts: parts.map(withoutWhatStays) })),
    );
  });

  test("names the same sessions, archived ones and sub-agents included", async () => {
    const path = "/experimental/session?archived=true&limit=100";
    const listed = await serve.get(path, z.array(z.object({ id: z.string() })));
    const found = (await reader.listSessions(0)).map(({ externalId }) => externalId);
    expect(found.toSorted()).toEqual(listed.map(({ id }) => id).toSorted());
    expect(found).not.toContain(ids.deleted);
  });

  test("has the same to-do list", async () => {
    const { session } = await read(ids.tools);
    expect(session.todos).toEqual(await serve.get(`/session/${ids.tools}/todo`, z.array(dataSchema)));
    expect(session.todos).toHaveLength(2);
  });
});

test("what is restored from the wire can be imported by OpenCode on another machine", async () => {
  const { session, messages } = await read(ids.tools);
  const restored = restoreSession(session, messages);
  const other = await createOpenCodeHome({ modelUrl: model.url });
  try {
    const file = join(other.home, "session.json");
    writeFileSync(file, JSON.stringify(restored));
    const imported = await startOpenCode(other, ["import", file]).finished;
    expect(imported).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(ids.tools) });
    const there = await openCode.open(other.env);
    const again = restoreSession(
      (await there.readSession(ids.tools)) ?? expect.fail(),
      await collect(there.readMessages(ids.tools)),
    );
    there.close();
    expect(again.messages).toEqual(restored.messages);
    expect(again.info).toMatchObject({ title: restored.info["title"], directory: other.project });
  } finally {
    other.remove();
  }
});

describe("on the wire", () => {
  test("tokens and cost of a session are the sums of its messages", async () => {
    const { session, messages } = await read(ids.tools);
    const sum = (count: (message: Message) => number | undefined) =>
      messages.reduce((total, message) => total + (count(message) ?? 0), 0);
    expect(session.tokens).toEqual({
      input: sum(({ tokens }) => tokens?.input),
      cacheRead: sum(({ tokens }) => tokens?.cacheRead),
      cacheWrite: 0,
      output: sum(({ tokens }) => tokens?.output),
      reasoning: 5 * 25,
    });
    expect(session.cost).toBeCloseTo(
      sum(({ cost }) => cost),
      9,
    );
    expect(messages.filter(({ costSource }) => costSource === "reported")).toHaveLength(7);
  });

  test("a fork has copies of all responses, and each is the same paid response", async () => {
    const [original, fork] = [await read(ids.tools), await read(ids.fork)];
    const responses = ({ messages }: typeof fork) => messages.flatMap(({ responseId }) => responseId ?? []);
    expect(responses(fork)).toEqual(responses(original));
    expect(new Set(responses(fork)).size).toBe(7);
    expect(fork.messages.map(({ externalId }) => externalId)).not.toEqual(
      original.messages.map(({ externalId }) => externalId),
    );
    expect(fork.session.tokens).toEqual(original.session.tokens);
  });

  test("a title is the one that a person gave, or the model; a placeholder is none", async () => {
    expect((await read(ids.renamed)).session.title).toBe("Renamed ✓ ünïcode");
    expect((await read(ids.failed)).session.title).toMatch(/^(Mock title: )?Bad request/);
    const { session } = await read(ids.untitled);
    expect(session.meta?.["title"]).toMatch(/^New session - /);
    // Nobody asked anything in it: a shell command is not a prompt.
    expect(session).not.toHaveProperty("title");
  });

  test("an archived session says when", async () => {
    const { session } = await read(ids.archived);
    expect(session.archivedAt).toBeGreaterThanOrEqual(session.createdAt ?? 0);
    expect((await read(ids.tools)).session).not.toHaveProperty("archivedAt");
  });

  test("a reverted session has all of its messages, and says from which one on they are undone", async () => {
    const { session, messages } = await read(ids.reverted);
    const revert = z.object({ messageID: z.string() }).parse(session.meta?.["revert"]);
    const undone = messages.slice(messages.findIndex(({ externalId }) => externalId === revert.messageID));
    expect(undone.map(({ role }) => role)).toEqual(["user", "assistant", "assistant"]);
    expect(messages).toHaveLength(5);
  });

  test("what was reverted is gone when the session went on", async () => {
    const { session, messages } = await read(ids.revertedAndContinued);
    expect(session.meta).not.toHaveProperty("revert");
    expect(messages.map(({ textContent }) => textContent)).toEqual([
      "First [[say:one]]",
      "one",
      "Other second [[say:three]]",
      "three",
    ]);
  });

  test("a deleted message and a deleted part are gone", async () => {
    const { messages } = await read(ids.trimmed);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect(parts(messages.slice(1, 2)).map(({ type }) => type)).not.toContain("step-start");
  });

  test("a sub-agent's session names its parent, and the call names the session", async () => {
    const childrenSchema = z.array(z.object({ id: z.string() }));
    const [child] = await serve.get(`/session/${ids.parent}/children`, childrenSchema);
    const { session, messages } = await read(child?.id ?? expect.fail());
    expect(session).toMatchObject({ parentExternalId: ids.parent, title: "Research topic (@general subagent)" });
    expect(messages.at(-1)?.textContent).toBe("child result");
    const parent = await read(ids.parent);
    const calls = parts(parent.messages).filter(({ type }) => type === "tool-call");
    expect(calls[0]).toMatchObject({
      content: { toolName: "task", status: "completed" },
      meta: { state: { metadata: { sessionId: child?.id } } },
    });
    // Totals are a session's own: the child's are not in its parent's.
    expect(parent.session.tokens?.output).toBe(2 * 37);
  });

  test("a compaction stands where it happened, with its summary as an answer", async () => {
    const { messages } = await read(ids.compacted);
    const at = messages.findIndex((message) => parts([message]).some(({ type }) => type === "compaction"));
    expect(at).toBe(2);
    expect(messages[at + 1]).toMatchObject({ role: "assistant", agent: "compaction", meta: { summary: true } });
    expect(messages.at(-1)?.textContent).toBe("continuing");
  });

  test("a stopped answer and a refused one say so", async () => {
    expect((await read(ids.aborted)).messages.at(-1)?.error?.name).toBe("MessageAbortedError");
    const refused = (await read(ids.failed)).messages.at(-1);
    expect(refused?.error).toEqual({ name: "APIError", message: "mock 400 error" });
    expect(JSON.stringify(refused)).not.toMatch(/responseBody|responseHeaders/);
    expect(refused).not.toHaveProperty("responseId");
  });

  test("a tool that failed has its error as result, one that does not exist is a call like others", async () => {
    const { messages } = await read(ids.toolErrors);
    expect(contents(messages, "tool-call")).toMatchObject([
      { toolName: "read", status: "error" },
      { toolName: "bash", status: "completed" },
      { toolName: "invalid", status: "completed" },
    ]);
    expect(contents(messages, "tool-result")).toMatchObject([
      { isError: true, output: expect.stringContaining("nope.txt") },
      { output: expect.stringContaining("oops") },
      { output: expect.stringContaining("nosuchtool") },
    ]);
  });

  test("attachments have their hash, and their bytes up to 256 kB", async () => {
    const { messages } = await read(ids.attachments);
    const [small, large] = parts(messages).filter(({ type }) => type === "file");
    expect(small).toMatchObject({ content: { filename: "dot.png", size: 70, data: expect.stringMatching(/^iVBOR/) } });
    const sha256 = createHash("sha256").update(Buffer.alloc(300_000, 7)).digest("hex");
    expect(large).toMatchObject({ content: { filename: "a.pdf", size: 300_000, sha256 }, meta: { cut: true } });
    expect(large?.content).not.toHaveProperty("data");
    // The text of the file that OpenCode put beside the prompt is not what the person said.
    expect(messages[0]?.textContent).toBe("See these [[say:I see them.]]");
    expect(contents(messages, "text").length).toBeGreaterThan(2);
  });

  test("a session's last change covers that of every message and part", async () => {
    for (const { externalId } of await reader.listSessions(0)) {
      const { session, messages } = await read(externalId);
      const newest = Math.max(session.updatedAt ?? 0, ...messages.map(({ updatedAt = 0 }) => updatedAt));
      expect(await reader.lastChangeMs(externalId)).toBeGreaterThanOrEqual(newest);
    }
  });
});
