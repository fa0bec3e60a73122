import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createOpenCodeHome, type OpenCodeHome, type Running, runCli, startCli } from "../support/opencode.ts";
import { type OpenCodeServer, startOpenCodeServer } from "../support/opencode-scenario.ts";
import { sharedAccount, sharedModel, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer();
const ann = sharedAccount(server);
const model = sharedModel();
let home: OpenCodeHome;
let serve: OpenCodeServer;
let watching: Running | undefined;

beforeAll(async () => {
  home = await createOpenCodeHome({ modelUrl: model.url });
  await runCli(home, ["login", "--url", server.url, "--key", "-"], { input: ann.key });
  serve = await startOpenCodeServer(home);
});

afterAll(async () => {
  watching?.child.kill("SIGKILL");
  await watching?.finished;
  await serve?.stop();
  home?.remove();
});

const idSchema = z.object({ id: z.string() });

test("watch brings what changes while it runs, from outside of OpenCode, and ends cleanly", async () => {
  const say = (id: string, text: string) =>
    serve.send("POST", `/session/${id}/message`, {
      parts: [{ type: "text", text }],
      model: { providerID: "mock", modelID: "mock-1" },
    });
  const { id } = idSchema.parse(await serve.send("POST", "/session", {}));
  await say(id, "Before [[say:it ran]]");
  watching = startCli(home, ["watch"]);
  const has = (sql: string, ...parameters: string[]) => server.query(sql, ...parameters).length === 1;
  const MESSAGE = "SELECT 1 FROM messages WHERE textContent = ?";
  await until("what was there arrives", () => has(MESSAGE, "it ran"), 30_000);

  await say(id, "While [[say:it runs]]");
  await until("what is said arrives", () => has(MESSAGE, "it runs"), 30_000);
  expect(server.query("SELECT gitBranch FROM sessions WHERE externalId = ?", id)).toEqual([{ gitBranch: "main" }]);

  await serve.send("PATCH", `/session/${id}`, { title: "A name of my own" });
  await until("the new title arrives", () => has("SELECT 1 FROM sessions WHERE title = 'A name of my own'"), 30_000);

  const messages = await serve.get(`/session/${id}/message`, z.array(z.object({ info: idSchema })));
  await serve.send("DELETE", `/session/${id}/message/${messages.at(-1)?.info.id}`);
  await say(id, "After [[say:a removal]]");
  await until("the removal arrives", () => has(`${MESSAGE} AND removedAt > 0`, "it runs"), 30_000);

  expect(await runCli(home, ["watch"])).toMatchObject({
    exitCode: 8,
    stderr: expect.stringContaining(`another opencode-sync (process ${watching.child.pid}) is at work`),
  });
  watching.child.kill("SIGTERM");
  expect(await watching.finished).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: "Watching the store of OpenCode. Ctrl-C to stop.\n",
  });
  expect(await runCli(home, ["verify", "--deep"])).toMatchObject({ exitCode: 0, stdout: "" });
  expect(statSync(join(home.home, ".opensync/state/watch.lock")).mode & 0o777).toBe(0o600);
});
