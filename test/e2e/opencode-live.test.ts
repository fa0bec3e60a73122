import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { freePort } from "../support/launch.ts";
import { builtPlugin, createOpenCodeHome, type OpenCodeHome, runOpenCode, startOpenCode } from "../support/opencode.ts";
import { accountOf } from "../support/opencode-log.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { sharedAccount, sharedModel, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer();
const ann = sharedAccount(server);
const model = sharedModel();
const homes: OpenCodeHome[] = [];

afterEach(() => {
  for (const home of homes.splice(0)) home.remove();
});

const CONVERSATION = [
  "Look around [[reason:First the folder, then the readme.]]",
  '[[tool:bash {"command":"ls","description":"List the folder"}]]',
  '[[tool:read {"filePath":"README.md"}]]',
  "[[say:There is one **readme**.]][[usage:2400,180,1200,25]]",
].join("");

async function newHome(options: { at?: { url: string; key: string }; plugins?: string[] } = {}): Promise<OpenCodeHome> {
  const home = await createOpenCodeHome({
    modelUrl: model.url,
    server: options.at ?? { url: server.url, key: ann.key },
    plugins: options.plugins ?? [],
  });
  homes.push(home);
  return home;
}

const partSchema = z.object({ type: z.string(), content: z.unknown(), id: z.string().optional() });
const rowSchema = z.object({
  externalId: z.string(),
  role: z.string(),
  textContent: z.string(),
  model: z.string(),
  provider: z.string(),
  agent: z.string(),
  responseId: z.string(),
  parts: z.string().transform((json) => z.array(partSchema).parse(JSON.parse(json))),
  tokensInput: z.number(),
  tokensCacheRead: z.number(),
  tokensOutput: z.number(),
  tokensReasoning: z.number(),
  cost: z.number(),
  costSource: z.string(),
  createdAt: z.number(),
});

/** What a server has of a session. */
function onServer(sessionId: string, from: TestServer = server) {
  const [session] = from.query("SELECT * FROM sessions WHERE externalId = ?", sessionId);
  const messages = from.query(
    "SELECT * FROM messages WHERE session = (SELECT id FROM sessions WHERE externalId = ?) ORDER BY createdAt, rowid",
    sessionId,
  );
  return { session, messages: messages.map((row) => rowSchema.parse(row)) };
}

const infoSchema = z.object({
  role: z.string(),
  cost: z.number().default(0),
  modelID: z.string().optional(),
  time: z.object({ created: z.number() }),
  tokens: z
    .object({
      input: z.number(),
      output: z.number(),
      reasoning: z.number(),
      cache: z.object({ read: z.number(), write: z.number() }),
    })
    .default({ input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } }),
});
const storedPartSchema = z.looseObject({ type: z.string() });
const storedRows = z.array(z.object({ id: z.string(), data: z.string() }));

/** What OpenCode itself has written about its newest session, read without any code of ours. */
function inStore(home: OpenCodeHome) {
  const database = new DatabaseSync(home.databaseFile, { readOnly: true });
  try {
    const rows = (sql: string, ...values: string[]) => database.prepare(sql).all(...values);
    const [session] = rows("SELECT * FROM session ORDER BY time_created DESC LIMIT 1");
    const sessionId = z.object({ id: z.string() }).parse(session).id;
    const sql = "SELECT id, data FROM message WHERE session_id = ? ORDER BY time_created, id";
    const messages = storedRows.parse(rows(sql, sessionId)).map(({ id, data }) => ({
      id,
      info: infoSchema.parse(JSON.parse(data)),
      parts: storedRows
        .parse(rows("SELECT id, data FROM part WHERE message_id = ? ORDER BY id", id))
        .map((part) => ({ id: part.id, ...storedPartSchema.parse(JSON.parse(part.data)) })),
    }));
    return { sessionId, session, messages };
  } finally {
    database.close();
  }
}

test("a conversation with reasoning and tool calls is on the server when OpenCode has exited", async () => {
  const home = await newHome();
  const run = await runOpenCode(home, CONVERSATION);
  expect(run.exitCode, accountOf(home, run)).toBe(0);

  const stored = inStore(home);
  const { session, messages } = onServer(stored.sessionId);
  expect(session).toMatchObject({
    source: "opencode",
    title: "Mock title: Look around",
    projectPath: home.project,
    projectName: "alpha",
    gitRemote: "github.com/acme/alpha",
    gitBranch: "main",
    gitCommit: expect.stringMatching(/^[0-9a-f]{40}$/),
    device: hostname(),
    agentVersion: "1.18.33",
    model: "mock-1",
    provider: "mock",
    messageCount: 4,
    tokensInput: 3600,
    tokensCacheRead: 3600,
    tokensOutput: 540,
    tokensReasoning: 75,
    costSource: "reported",
  });

  expect(messages.map(({ externalId }) => externalId)).toEqual(stored.messages.map(({ id }) => id));
  for (const [index, { info, parts }] of stored.messages.entries()) {
    const message = messages[index];
    expect(message).toMatchObject({
      role: info.role,
      provider: "mock",
      model: "mock-1",
      agent: "build",
      tokensInput: info.tokens.input,
      tokensCacheRead: info.tokens.cache.read,
      tokensOutput: info.tokens.output + info.tokens.reasoning,
      tokensReasoning: info.tokens.reasoning,
      cost: info.cost,
      costSource: info.cost > 0 ? "reported" : "",
      createdAt: info.time.created,
    });
    // A result is the second half of its call, and the only part without an id of OpenCode's.
    const ids = message?.parts.filter(({ type }) => type !== "tool-result").map(({ id }) => id);
    expect(ids).toEqual(parts.map(({ id }) => id));
  }

  const parts = messages.flatMap((message) => message.parts);
  expect(parts.find(({ type }) => type === "thinking")?.content).toBe("First the folder, then the readme.");
  expect(parts.filter(({ type }) => type === "tool-call").map(({ content }) => content)).toMatchObject([
    { toolName: "bash", args: { command: "ls" }, status: "completed" },
    { toolName: "read", args: { filePath: "README.md" }, status: "completed" },
  ]);
  expect(parts.filter(({ type }) => type === "tool-result").map(({ content }) => content)).toMatchObject([
    { output: "README.md\n" },
    { output: expect.stringContaining("# alpha") },
  ]);
  expect(messages[0]?.textContent).toBe(CONVERSATION);
  expect(messages.at(-1)?.textContent).toBe("There is one **readme**.");
  expect(new Set(messages.map(({ responseId }) => responseId)).size).toBe(4);
});

test("the plugin writes nothing to the screen and OpenCode's other plugins go on loading", async () => {
  const quiet = await createOpenCodeHome({ modelUrl: model.url });
  homes.push(quiet);
  const other = join(quiet.home, "other-plugin.mjs");
  const mark = join(quiet.home, "other-plugin-was-here");
  writeFileSync(
    other,
    `import { writeFileSync } from "node:fs";
     export default { id: "other", server: async () => { writeFileSync(${JSON.stringify(mark)}, ""); return {}; } };`,
  );
  const home = await newHome({ plugins: [pathToFileURL(other).href] });
  const [without, withPlugin] = [
    await runOpenCode(quiet, "Hello [[say:Hi.]]"),
    await runOpenCode(home, "Hello [[say:Hi.]]"),
  ];
  expect(withPlugin).toMatchObject({ exitCode: 0, stdout: without.stdout, stderr: without.stderr });
  expect(existsSync(mark)).toBe(true);
  expect(onServer(inStore(home).sessionId).messages).toHaveLength(2);
});

test("a plugin that is registered twice sends each message once", async () => {
  const home = await newHome();
  const folder = join(home.home, ".config/opencode/plugin");
  mkdirSync(folder);
  copyFileSync(builtPlugin, join(folder, "opensync.js"));
  const run = await runOpenCode(home, "Twice [[say:Once.]]");
  expect(run.exitCode, accountOf(home, run)).toBe(0);
  expect(onServer(inStore(home).sessionId).messages).toHaveLength(2);
});

test("a conversation appears on the server while it is being written", async () => {
  const home = await newHome();
  const command = JSON.stringify({ command: "sleep 3", description: "Take a while" });
  const run = startOpenCode(home, ["run", `Take your time [[tool:bash ${command}]][[say:Ready.]]`]);
  const startedAtMs = await until(
    "the running tool call is on the server",
    () => {
      const sql = "SELECT parts FROM messages WHERE parts LIKE '%Take a while%' AND parts LIKE '%running%'";
      const parts = server.query(sql).flatMap((row) => rowSchema.pick({ parts: true }).parse(row).parts);
      const call = z.object({ status: z.literal("running"), startedAt: z.number() });
      return parts.map(({ content }) => call.safeParse(content).data?.startedAt).find((ms) => ms !== undefined);
    },
    60_000,
  );
  console.log(`a tool call was on the server ${Date.now() - startedAtMs} ms after it began`);
  expect(run.child.exitCode).toBeNull();
  const ended = await run.finished;
  expect(ended.exitCode, accountOf(home, ended)).toBe(0);
  expect(onServer(inStore(home).sessionId).messages.at(-1)?.textContent).toBe("Ready.");
});

test("without a server OpenCode works as ever, and the next start brings what is missing", async () => {
  const port = await freePort();
  const before = await startServer({ port });
  const at = { url: before.url, key: (await createKey(before, await createUser(before))).key };
  await before.kill();
  const home = await newHome({ at });
  const away = await runOpenCode(home, CONVERSATION);
  expect(away.exitCode, accountOf(home, away)).toBe(0);
  expect(away.stdout, accountOf(home, away)).toContain("There is one **readme**.");
  const first = inStore(home);

  const after = await startServer({ port, dataDir: before.dataDir });
  try {
    const again = await runOpenCode(home, "Another one [[say:Done.]]");
    expect(again.exitCode, accountOf(home, again)).toBe(0);
    expect(onServer(first.sessionId, after).messages).toHaveLength(4);
    expect(onServer(inStore(home).sessionId, after).messages).toHaveLength(2);
  } finally {
    await after.stop();
    rmSync(before.dataDir, { recursive: true, force: true });
  }
});
