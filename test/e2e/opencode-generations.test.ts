import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Message, Session } from "@opensync/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { openCode } from "../../plugin/src/sources/opencode/index.ts";
import { restoreSession } from "../../plugin/src/sources/opencode/restore-session.ts";
import { collect } from "../../plugin/src/testing/collect.ts";
import { copyFixtureStore } from "../../plugin/src/testing/opencode-fixture.ts";
import { type OriginalSession, readOriginals } from "../../plugin/src/testing/original-store.ts";
import {
  createOpenCodeHome,
  OPENCODE_VERSION,
  type OpenCodeHome,
  openCodeBinary,
  runCli,
  runOpenCode,
  startOpenCode,
} from "../support/opencode.ts";
import { sharedAccount, sharedModel, sharedServer } from "../support/shared.ts";

/** One of each way to store sessions: project files, global files, SQLite without totals, with columns, the newest. */
const VERSIONS = ["0.5.29", "1.0.185", "1.1.65", "1.2.27", "1.14.34", OPENCODE_VERSION];

const server = sharedServer();
const ann = sharedAccount(server);
const model = sharedModel();
const homes: OpenCodeHome[] = [];

const access = () => ({ OPENSYNC_URL: server.url, OPENSYNC_API_KEY: ann.key });

afterAll(() => {
  for (const home of homes) home.remove();
});

async function newHome(version: string): Promise<OpenCodeHome> {
  const home = await createOpenCodeHome({ modelUrl: model.url, version });
  homes.push(home);
  return home;
}

const CONVERSATION = [
  "Look around [[reason:First the folder, then the readme.]]",
  '[[tool:bash {"command":"ls","description":"List the folder"}]]',
  '[[tool:read {"filePath":"README.md"}]]',
  '[[tool:todowrite {"todos":[{"id":"1","content":"Read","status":"completed","priority":"high"}]}]]',
  "[[say:There is one **readme**.]][[usage:2400,180,1200,25]]",
].join("");

/** Everything that our source reads in a home. */
async function readHome(home: OpenCodeHome): Promise<{ session: Session; messages: Message[] }[]> {
  const reader = await openCode.open(home.env);
  const found = [];
  for (const { externalId } of await reader.listSessions(0)) {
    const session = (await reader.readSession(externalId)) ?? expect.fail();
    found.push({ session, messages: await collect(reader.readMessages(externalId)) });
  }
  expect(reader.unreadable).toEqual([]);
  reader.close();
  return found;
}

/** What the built program says that it did. */
async function syncAll(home: OpenCodeHome): Promise<unknown> {
  const sync = await runCli(home, ["sync", "--all", "--json", "sent,skipped,messages,rejected"], { env: access() });
  expect(sync.exitCode, sync.stderr).toBe(0);
  return JSON.parse(sync.stdout);
}

const originalsOf = (home: OpenCodeHome) => readOriginals(join(home.home, ".local/share/opencode"));

const serverPartSchema = z.object({ type: z.string(), id: z.string().optional() });
const rowSchema = z.object({
  externalId: z.string(),
  parts: z.string().transform((json) => z.array(serverPartSchema).parse(JSON.parse(json))),
  tokensInput: z.number(),
  tokensCacheRead: z.number(),
  tokensOutput: z.number(),
  tokensReasoning: z.number(),
  cost: z.number(),
});

function onServer(sessionId: string) {
  const sql = `SELECT m.* FROM messages m JOIN sessions s ON s.id = m.session WHERE s.externalId = ?
    ORDER BY m.createdAt, m.rowid`;
  return z.array(rowSchema).parse(server.query(sql, sessionId));
}

/** The server has every message and every part, under OpenCode's own ids, and the sums of tokens that OpenCode wrote. */
function expectComplete({ id, messages }: OriginalSession): void {
  const rows = onServer(id);
  expect(rows.map(({ externalId }) => externalId)).toEqual(messages.map(({ info }) => info["id"]));
  for (const [index, { parts }] of messages.entries()) {
    const sent = rows[index]?.parts.filter(({ id: partId }) => partId !== undefined);
    expect(sent?.map((part) => part.id)).toEqual(parts.map((part) => part["id"]));
  }
}

const usageSchema = z.object({
  cost: z.number().default(0),
  tokens: z
    .object({ input: z.number(), cache: z.object({ read: z.number() }), reasoning: z.number() })
    .default({ input: 0, cache: { read: 0 }, reasoning: 0 }),
});

describe.each(VERSIONS)("a conversation held with OpenCode %s", (version) => {
  let home: OpenCodeHome;
  let original: OriginalSession;

  beforeAll(async () => {
    home = await newHome(version);
    const run = await runOpenCode(home, CONVERSATION);
    // A provider package of today makes 0.5 fail when it has run the first tool: that much is stored, with the error.
    expect(`${run.stdout}${run.stderr}`).toContain(version.startsWith("0.") ? "Running step 1." : "readme");
    const originals = originalsOf(home);
    expect(originals).toHaveLength(1);
    original = originals[0] ?? expect.fail();
    expect(original.messages.flatMap(({ parts }) => parts).filter((part) => part["type"] === "tool")).not.toEqual([]);
  });

  test("is read whole, and can be put back exactly", async () => {
    const [found, ...others] = await readHome(home);
    expect(others).toEqual([]);
    const { session, messages } = found ?? expect.fail();
    expect(restoreSession(session, messages).messages).toEqual(original.messages);
    expect(session).toMatchObject({
      externalId: original.id,
      agentVersion: version,
      projectPath: home.project,
      projectName: "alpha",
      model: "mock-1",
      provider: "mock",
    });
    if (version.startsWith("0.")) return;
    // Four answers with reasoning, which some versions count as output and others beside it.
    expect(session.tokens).toEqual({ input: 4800, cacheRead: 4800, cacheWrite: 0, output: 720, reasoning: 100 });
    expect(session.todos).toEqual([{ content: "Read", status: "completed", priority: "high" }]);
    expect(session.title).toMatch(/^Mock title: /);
  });

  test("gets to a server with every message, part and token", async () => {
    const count = original.messages.length;
    expect(await syncAll(home)).toMatchObject({ sent: 1, skipped: 0, messages: count, rejected: 0 });
    expectComplete(original);
    const rows = onServer(original.id);
    for (const [index, { info }] of original.messages.entries()) {
      const { cost, tokens } = usageSchema.parse(info);
      expect(rows[index]).toMatchObject({
        cost,
        tokensInput: tokens.input,
        tokensCacheRead: tokens.cache.read,
        tokensReasoning: tokens.reasoning,
      });
    }
    expect(await syncAll(home)).toMatchObject({ sent: 0, skipped: 1, messages: 0, rejected: 0 });
  });

  test("has the branch and commit that the checkout proves", async () => {
    const [found] = await readHome(home);
    const past = await openCode.pastObserver()(found?.session ?? expect.fail());
    const head = execFileSync("git", ["rev-parse", "HEAD"], { cwd: home.project, encoding: "utf8" }).trim();
    // Before 0.6 nothing in a session says which repository it was.
    const proved = version.startsWith("0.") ? {} : { gitBranch: "main", gitCommit: head };
    expect(past).toMatchObject(proved);
    expect(past.gitRemote).toBe(version === OPENCODE_VERSION ? "github.com/acme/alpha" : undefined);
  });
});

describe("a home that goes from version to version", () => {
  test("has each session once when 1.2 has imported the files of 1.1, and sends no message again", async () => {
    const home = homes.find(({ version }) => version === "1.1.65") ?? expect.fail();
    const [before] = await readHome(home);
    const upgraded = await startOpenCode({ ...home, version: "1.2.27" }, ["session", "list"]).finished;
    expect(upgraded.stderr).toContain("migration complete");
    const after = await readHome(home);
    expect(after.map(({ session }) => session.externalId)).toEqual([before?.session.externalId]);
    expect(after[0]?.session.meta).toHaveProperty("time_created");
    // Equal content, so equal hashes: the server takes none of them as new.
    expect(after[0]?.messages.map(({ updatedAt: _, ...rest }) => rest)).toEqual(
      before?.messages.map(({ updatedAt: _, ...rest }) => rest),
    );
    expect(await syncAll(home)).toMatchObject({ sent: 1, messages: 0, rejected: 0 });
  });

  test("keeps what the newest does not show any more: it imports no files", async () => {
    const home = homes.find(({ version }) => version === "1.0.185") ?? expect.fail();
    const newest = { ...home, version: OPENCODE_VERSION };
    const run = await runOpenCode(newest, "Another one [[say:Done.]]");
    expect(run.exitCode).toBe(0);
    const listed = await startOpenCode(newest, ["session", "list", "--format", "json"]).finished;
    expect(z.array(z.unknown()).parse(JSON.parse(listed.stdout))).toHaveLength(1);
    const found = await readHome(home);
    expect(found.map(({ session }) => session.agentVersion)).toEqual([OPENCODE_VERSION, "1.0.185"]);
    expect(await syncAll(home)).toMatchObject({ sent: 1, rejected: 0 });
    for (const original of originalsOf(home)) expectComplete(original);
  });
});

test.each(["1.0.185", OPENCODE_VERSION])("the Bun inside of OpenCode %s reads the same as Node", (version) => {
  const program = fileURLToPath(new URL("../../plugin/src/testing/drain-store.ts", import.meta.url));
  const store = copyFixtureStore("0.5.29", "1.1.65", "1.2.27");
  const env = { ...store.env, PATH: process.env["PATH"] };
  const resultSchema = z.object({
    sessions: z.array(z.unknown()),
    hashes: z.number(),
    unreadable: z.array(z.string()),
  });
  const read = (file: string, args: string[], more: object) =>
    resultSchema.parse(JSON.parse(execFileSync(file, args, { env: { ...env, ...more }, encoding: "utf8" })));
  const node = read(process.execPath, [program], {});
  expect(node.sessions).toHaveLength(5);
  expect(node.unreadable).toEqual([]);
  expect(read(openCodeBinary(version), ["run", program], { BUN_BE_BUN: "1" })).toEqual(node);
  store.remove();
});
