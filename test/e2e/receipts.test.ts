import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import { createOpenCodeHome, type OpenCodeHome, runCli } from "../support/opencode.ts";
import { type OpenCodeServer, startOpenCodeServer } from "../support/opencode-scenario.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let model: MockModel;
let home: OpenCodeHome;
let serve: OpenCodeServer;
let env: { OPENSYNC_URL: string; OPENSYNC_API_KEY: string };

beforeAll(async () => {
  server = await startServer();
  model = await startMockModel();
  home = await createOpenCodeHome({ modelUrl: model.url });
  serve = await startOpenCodeServer(home);
  env = { OPENSYNC_URL: server.url, OPENSYNC_API_KEY: (await createKey(server, await createUser(server))).key };
});

afterAll(async () => {
  await serve?.stop();
  home?.remove();
  await model?.stop();
  await server?.stop();
});

const idSchema = z.object({ id: z.string() });
const messagesSchema = z.array(z.object({ info: idSchema }));

/** A new session with these prompts, each answered. */
async function talk(...prompts: string[]): Promise<string> {
  const { id } = idSchema.parse(await serve.send("POST", "/session", {}));
  for (const text of prompts) await say(id, text);
  return id;
}

async function say(id: string, text: string): Promise<void> {
  const body = { parts: [{ type: "text", text }], model: { providerID: "mock", modelID: "mock-1" } };
  await serve.send("POST", `/session/${id}/message`, body);
}

const messageIds = async (id: string) =>
  (await serve.get(`/session/${id}/message`, messagesSchema)).map(({ info }) => info.id);

const cli = (...args: string[]) => runCli(home, args, { env });

/** Changes the server's own database beside it, as a fault of its disk or of its software would. */
function damage(sql: string, ...parameters: string[]): void {
  const database = new DatabaseSync(join(server.dataDir, "data.db"), { timeout: 5_000 });
  database.prepare(sql).run(...parameters);
  database.close();
}

test("verify --deep finds what was changed and deleted on the server, and sync --all sends just that", async () => {
  const id = await talk("One [[say:a]]", "Two [[say:b]]", "Three [[say:c]]");
  const other = await talk("Other [[say:d]]");
  expect(await cli("verify", "--deep", "-q")).toMatchObject({ exitCode: 1, stderr: "" });
  expect((await cli("sync", "--all")).exitCode).toBe(0);
  expect(await cli("verify", "--deep")).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: "The server has all of 2 sessions with 8 messages.\n",
  });

  const [first = "", second = ""] = await messageIds(id);
  damage("UPDATE messages SET hash = hash + 1 WHERE externalId = ?", first);
  damage("DELETE FROM messages WHERE externalId = ?", second);
  damage("UPDATE sessions SET hash = hash + 1 WHERE externalId = ?", other);
  const found = await cli("verify", "--deep");
  expect(found.exitCode).toBe(1);
  expect(found.stdout.split("\n").sort()).toEqual(
    [
      "",
      `different\t${id}\t${first}\tthe store's is newer`,
      `different\t${other}\t-\tits own fields`,
      `missing\t${id}\t${second}\t`,
    ].sort(),
  );
  expect((await cli("verify", "--deep", "--session", other)).stdout).toBe(`different\t${other}\t-\tits own fields\n`);

  expect((await cli("sync", "--all")).stdout).toBe("2 sessions sent, 0 already there, 2 messages\n");
  expect((await cli("verify", "--deep")).exitCode).toBe(0);
});
