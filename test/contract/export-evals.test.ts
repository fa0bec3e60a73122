import type { Message, Session } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { readZipEntry } from "../../scripts/zip-entry.mjs";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

const TIME = Date.parse("2026-09-21T12:00:00Z");

const deepevalSchema = z.array(
  z.strictObject({
    input: z.string(),
    actual_output: z.string(),
    expected_output: z.string().nullable(),
    context: z.array(z.string()),
    retrieval_context: z.null(),
    metadata: z.strictObject({
      session_id: z.string(),
      model: z.string(),
      tool: z.string(),
      timestamp: z.iso.datetime(),
      tokens_input: z.number(),
      tokens_output: z.number(),
      latency_ms: z.number().optional(),
      project: z.string().optional(),
      tags: z.array(z.string()),
      eval_status: z.string().optional(),
    }),
  }),
);
const openaiSchema = z.strictObject({
  input: z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() })),
  ideal: z.string(),
  metadata: z.strictObject({ session_id: z.string(), model: z.string(), source: z.string() }),
});
const promptfooSchema = z.strictObject({
  vars: z.strictObject({ input: z.string(), language: z.string().optional(), task_type: z.string() }),
  assert: z.array(z.strictObject({ type: z.literal("llm-rubric"), value: z.string() })).optional(),
});

interface Evals {
  readonly session: Session;
  readonly messages: readonly Partial<Message>[];
  readonly curation?: object;
}

/** Whole answers in several messages, tools between them, a question without an answer, roles of every kind. */
const TALK: Evals = {
  session: {
    ...{ externalId: "ses_0000000001", source: "codex-cli", title: "Talk", model: "gpt-5.5", createdAt: TIME },
    ...{
      projectPath: "/home/ann/app",
      projectName: "/home/ann/app",
      device: "anns-laptop",
      tokens: { input: 70, output: 30 },
      durationMs: 900,
    },
  },
  messages: [
    { role: "system", textContent: "Be brief." },
    { role: "user", parts: [{ type: "text", content: "Fix /home/ann/app/a.ts" }] },
    {
      parts: [{ type: "tool-call", content: { toolName: "bash", args: { path: "C:\\Users\\Ann\\x" } } }],
      tokens: { input: 5, output: 2 },
    },
    { role: "tool", parts: [{ type: "tool-result", content: { output: "/Users/ann/b" } }] },
    { parts: [{ type: "text", content: "Done:\n```ts\nx\n```" }], tokens: { input: 6, output: 3 }, durationMs: 40 },
    { textContent: "And tested." },
    { role: "user", textContent: "unanswered" },
    { role: "user", textContent: "Explain it" },
    { role: "unknown", textContent: "noise" },
    { textContent: "It was a typo." },
    { role: "user", textContent: "taken back", removedAt: TIME },
  ],
  curation: { evalStatus: "golden", tags: ["a", "b"] },
};
const OTHER: Evals = {
  session: { externalId: "ses_0000000002", source: "opencode", model: "m2", createdAt: TIME + 86_400_000 },
  messages: [
    { role: "user", textContent: "Write a parser" },
    { role: "assistant", textContent: "Here." },
  ],
  curation: { evalStatus: "needs_review", expectedOutput: "A parser", tags: ["c"] },
};
const EMPTY: Evals = {
  session: { externalId: "ses_0000000003", createdAt: TIME + 2 * 86_400_000 },
  messages: [{ role: "user", textContent: "Hello?" }],
};

beforeAll(async () => {
  expect(await get("")).toMatchObject({ status: 404, text: expect.stringContaining("No eval-ready sessions found") });
  for (const { session, messages, curation } of [TALK, OTHER, EMPTY]) {
    await push(server, ann.key, {
      sessions: [{ hash: 1, updatedAt: TIME, ...session }],
      messages: messages.map((message, index) => ({
        ...{
          sessionExternalId: session.externalId,
          externalId: `m${index}`,
          role: "assistant",
          createdAt: TIME + index,
        },
        ...message,
      })),
    });
    const body = JSON.stringify({ evalReady: true, ...curation });
    const path = `/api/sessions/${server.sessionId(session.externalId)}`;
    expect(await ann.ask(path, { method: "PATCH", body })).toMatchObject({ status: 200 });
  }
});

async function get(query: string) {
  const answer = await fetch(`${server.url}/api/export/evals?${query}`, { headers: ann.withKey() });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, headers: answer.headers, bytes, text: bytes.toString("utf8") };
}

const deepeval = async (query = "") => deepevalSchema.parse(JSON.parse((await get(query)).text));
const lines = async (query: string) =>
  (await get(query)).text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("DeepEval", () => {
  test("has a case for each answered question, with all of its answer and what came before", async () => {
    const { headers } = await get("");
    expect(headers.get("Content-Type")).toBe("application/json");
    expect(headers.get("Content-Disposition")).toMatch(
      /^attachment; filename="opensync-deepeval-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect([headers.get("X-Export-Sessions"), headers.get("X-Export-TestCases")]).toEqual(["3", "3"]);
    expect(headers.get("Access-Control-Expose-Headers")).toContain("X-Export-TestCases");
    const metadata = {
      session_id: "ses_0000000001",
      model: "gpt-5.5",
      tool: "codex-cli",
      timestamp: "2026-09-21T12:00:00.000Z",
    };
    const shared = { ...metadata, project: "/home/user/app", tags: ["a", "b"], eval_status: "golden" };
    expect(await deepeval()).toEqual([
      {
        input: "Fix /home/user/app/a.ts",
        actual_output: "Done:\n```ts\nx\n```\n\nAnd tested.",
        expected_output: null,
        context: [],
        retrieval_context: null,
        metadata: { ...shared, tokens_input: 11, tokens_output: 5, latency_ms: 40 },
      },
      {
        input: "Explain it",
        actual_output: "It was a typo.",
        expected_output: null,
        context: [
          "Fix /home/user/app/a.ts",
          '[tool bash] {\n    "path": "C:\\\\Users\\\\user\\\\x"\n}',
          "[result] /Users/user/b",
          "Done:\n```ts\nx\n```",
          "And tested.",
          "unanswered",
        ],
        retrieval_context: null,
        metadata: { ...shared, tokens_input: 0, tokens_output: 0 },
      },
      {
        input: "Write a parser",
        actual_output: "Here.",
        expected_output: "A parser",
        context: [],
        retrieval_context: null,
        metadata: {
          ...{ session_id: "ses_0000000002", model: "m2", tool: "opencode", timestamp: "2026-09-22T12:00:00.000Z" },
          ...{ tokens_input: 0, tokens_output: 0, tags: ["c"], eval_status: "needs_review" },
        },
      },
    ]);
  });

  test("of whole sessions has a case for each, with the session's totals", async () => {
    expect((await deepeval("turn_mode=full"))[0]).toMatchObject({
      input: "Fix /home/user/app/a.ts\n\nunanswered\n\nExplain it",
      actual_output: "Done:\n```ts\nx\n```\n\nAnd tested.\n\nIt was a typo.",
      context: [],
      metadata: { tokens_input: 70, tokens_output: 30, latency_ms: 900 },
    });
  });

  test("of the end has the last case alone", async () => {
    expect((await deepeval("turn_mode=final_only")).map(({ input }) => input)).toEqual([
      "Explain it",
      "Write a parser",
    ]);
  });

  test("has the agent's instructions when they are asked for", async () => {
    const cases = await deepeval("include_system_prompts=true");
    expect(cases.map(({ context }) => context[0])).toEqual(["Be brief.", "Be brief.", undefined]);
    const [line] = await lines("format=openai&include_system_prompts=1");
    expect(openaiSchema.parse(line).input[0]).toEqual({ role: "system", content: "Be brief." });
  });

  test("leaves out answers without code, and what is too short, when that is asked for", async () => {
    const inputs = async (query: string) => (await deepeval(query)).map(({ input }) => input);
    expect(await inputs("code_blocks_only=true")).toEqual(["Fix /home/user/app/a.ts"]);
    expect(await inputs("code_blocks_only=true&turn_mode=final_only")).toEqual(["Fix /home/user/app/a.ts"]);
    expect(await inputs("min_message_length=10")).toEqual(["Fix /home/user/app/a.ts", "Explain it"]);
    expect((await get("code_blocks_only=true")).headers.get("X-Export-TestCases")).toBe("1");
    // Names that are taken out make this question longer than it was.
    expect(await inputs("min_message_length=23")).toEqual(["Fix /home/user/app/a.ts"]);
    expect((await get("min_message_length=23")).headers.get("X-Export-TestCases")).toBe("1");
  });

  test("leaves out the context and keeps names when that is asked for", async () => {
    const cases = await deepeval("include_metadata=false&anonymize=false");
    expect(cases.map(({ context }) => context)).toEqual([[], [], []]);
    expect(cases[0]).toMatchObject({ input: "Fix /home/ann/app/a.ts", metadata: { project: "/home/ann/app" } });
  });
});

test("OpenAI has a line for each case, with roles of a chat only", async () => {
  const found = (await lines("format=openai")).map((line) => openaiSchema.parse(line));
  expect(found.map(({ input, ideal }) => [input.map(({ role }) => role).join(" "), ideal])).toEqual([
    ["user", "Done:\n```ts\nx\n```\n\nAnd tested."],
    ["user assistant assistant user user", "It was a typo."],
    ["user", "A parser"],
  ]);
  expect((await lines("format=openai&turn_mode=final_only")).length).toBe(2);
});

test("Promptfoo has a line for each case, with the language, the task, and what is expected", async () => {
  const found = (await lines("format=promptfoo")).map((line) => promptfooSchema.parse(line));
  const rubric = (value: string) => [{ type: "llm-rubric", value }];
  expect(found).toEqual([
    {
      vars: { input: "Fix /home/user/app/a.ts", language: "ts", task_type: "bug_fix" },
      assert: rubric("Response should be helpful and accurate"),
    },
    {
      vars: { input: "Explain it", task_type: "explanation" },
      assert: rubric("Response should be helpful and accurate"),
    },
    {
      vars: { input: "Write a parser", task_type: "code_generation" },
      assert: rubric("Response should match: A parser"),
    },
  ]);
  expect((await lines("format=promptfoo&turn_mode=full")).length).toBe(2);
});

test("files are a real zip: one for each session under its whole id, a manifest of all agents, and tools in the text", async () => {
  const { headers, bytes } = await get("format=filesystem");
  expect(headers.get("Content-Type")).toBe("application/zip");
  expect(headers.get("Content-Disposition")).toMatch(/filename="opensync-filesystem-[\d-]+\.zip"$/);
  const file = (name: string) => readZipEntry(bytes, name).toString("utf8");
  expect(JSON.parse(file("manifest.json"))).toMatchObject({
    opensync_metadata: { export_version: "1.0", total_sessions: 2, total_test_cases: 3, skipped_sessions: 1 },
    sources: { "codex-cli": 1, opencode: 1 },
    models: ["gpt-5.5", "m2"],
    files: ["session-ses_0000000001.txt", "session-ses_0000000002.txt"],
  });
  const head = file("session-ses_0000000001.txt").split(`${"=".repeat(80)}\n`)[1];
  expect(head).toMatch(/^TITLE: Talk\nAGENT: codex-cli\n/);
  expect(head).toMatch(/\nSTATUS: golden\nTAGS: a, b\n$/);
  expect(file("session-ses_0000000002.txt")).toContain("\nEXPECTED: A parser\n");
  expect(file("session-ses_0000000001.txt")).toContain("(tool bash) {");
  expect(file("session-ses_0000000001.txt")).not.toMatch(/ann/i);
  expect(file("session-ses_0000000001.txt")).not.toContain("Be brief.");
  const all = await get("format=filesystem&include_system_prompts=true");
  expect(readZipEntry(all.bytes, "session-ses_0000000001.txt").toString("utf8")).toContain("Be brief.");
});

describe("the filters", () => {
  const A = "ses_0000000001";
  const B = "ses_0000000002";
  test.for<readonly [query: string, sessions: readonly string[]]>([
    ["tool=codex-cli", [A]],
    ["model=m2", [B]],
    ["status=golden", [A]],
    ["tags=b,c", [A, B]],
    ["tags=b", [A]],
    ["min_tokens=100", [A]],
    ["date_from=2026-09-22", [B]],
    ["date_to=2026-09-21", [A]],
    ["date_from=2026-09-21&date_to=2026-09-22&turn_mode=final_only", [A, B]],
  ])("%s", async ([query, sessions]) => {
    const found = await deepeval(query);
    expect([...new Set(found.map(({ metadata }) => metadata.session_id))]).toEqual(sessions);
  });

  test.for<readonly [query: string, status: number, text: string]>([
    ["tool=nobody", 404, "No sessions match the specified filters"],
    ["format=csv", 400, "Invalid format. Use: deepeval, openai, promptfoo, filesystem"],
    ["status=great", 400, "status: expected golden, correct, incorrect, needs_review, got great"],
    ["turn_mode=half", 400, "turn_mode: expected per_turn, full, final_only"],
    ["date_from=yesterday", 400, "date_from: expected a day"],
    ["date_to=2026-13-01", 400, "date_to: expected a day"],
    ["min_tokens=-1", 400, "min_tokens: expected a whole number"],
    ["anonymize=maybe", 400, "anonymize: expected"],
  ])("%s is refused", async ([query, status, text]) => {
    expect(await get(query)).toMatchObject({ status, text: expect.stringContaining(text) });
  });
});
