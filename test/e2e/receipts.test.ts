import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createOpenCodeHome, type OpenCodeHome, runCli, startCli } from "../support/opencode.ts";
import { type OpenCodeServer, startOpenCodeServer } from "../support/opencode-scenario.ts";
import { sharedAccount, sharedModel, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer();
const ann = sharedAccount(server);
const model = sharedModel();
let home: OpenCodeHome;
let serve: OpenCodeServer;

beforeAll(async () => {
  home = await createOpenCodeHome({ modelUrl: model.url });
  serve = await startOpenCodeServer(home);
});

afterAll(async () => {
  await serve?.stop();
  home?.remove();
});

const env = () => ({ OPENSYNC_URL: server.url, OPENSYNC_API_KEY: ann.key });

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

const cli = (...args: string[]) => runCli(home, args, { env: env() });

/** Changes the server's own database beside it, as a fault of its disk or of its software would. */
const damage = (sql: string, ...parameters: string[]) => server.change(sql, ...parameters);

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

test("renamed, archived, un-archived, and a message deleted while nobody watched: sync --all brings each", async () => {
  const id = await talk("First [[say:one]]", "Second [[say:two]]");
  const row = () => {
    const [found] = server.query("SELECT title, archivedAt, hash FROM sessions WHERE externalId = ?", id);
    return z.object({ title: z.string(), archivedAt: z.number(), hash: z.number() }).parse(found);
  };
  expect((await cli("sync", "--all")).exitCode).toBe(0);
  const change = async (method: "PATCH" | "DELETE", path: string, body?: object) => {
    await serve.send(method, `/session/${id}${path}`, body);
    const result = await cli("sync", "--all");
    expect((await cli("verify", "--deep", "--session", id)).exitCode).toBe(0);
    return result.stdout;
  };
  await change("PATCH", "", { title: "Renamed by hand" });
  expect(row()).toMatchObject({ title: "Renamed by hand", archivedAt: 0 });
  await change("PATCH", "", { time: { archived: 1_795_000_000_000 } });
  expect(row().archivedAt).toBe(1_795_000_000_000);
  unarchive(id);
  await cli("sync", "--all");
  expect(row().archivedAt).toBe(0);

  const last = (await messageIds(id)).at(-1) ?? "";
  expect(await change("DELETE", `/message/${last}`)).toContain("1 message, 1 of them removed");
  const [removed] = server.query("SELECT removedAt, textContent FROM messages WHERE externalId = ?", last);
  expect(removed).toMatchObject({ removedAt: expect.any(Number), textContent: "two" });
  expect((await cli("sync", "--all")).stdout).toContain("0 messages");
});

/** OpenCode has no way to do it but its own window. */
function unarchive(id: string, of = home): void {
  const database = new DatabaseSync(of.databaseFile, { timeout: 5_000 });
  database.prepare("UPDATE session SET time_archived = NULL WHERE id = ?").run(id);
  database.close();
}

test("sync --force settles that the server's is newer, after a clock that was wrong", async () => {
  const id = await talk("Clock [[say:right]]");
  await cli("sync", "--all");
  const [, answer = ""] = await messageIds(id);
  const future = String(Date.now() + 86_400_000);
  damage("UPDATE messages SET hash = 7, updatedAt = ? WHERE externalId = ?", future, answer);
  damage("UPDATE sessions SET hash = 7, updatedAt = ? WHERE externalId = ?", future, id);
  const all = await cli("sync", "--all");
  expect(all).toMatchObject({ exitCode: 1 });
  expect(all.stderr).toContain("the server keeps a newer state. To send it anyway: opencode-sync sync --force");
  expect((await cli("sync", "--force")).exitCode).toBe(0);
  expect(await cli("verify", "--deep")).toMatchObject({ exitCode: 0, stdout: "" });
});

/** Makes a store large enough that sending it can be interrupted: copies of a real session under ids of their own. */
function multiply(id: string, copies: number): void {
  const database = new DatabaseSync(home.databaseFile, { timeout: 5_000 });
  const columns = (table: string) =>
    z.array(z.object({ name: z.string() })).parse(
      database
        .prepare(`PRAGMA table_info(${table})`)
        .all()
        .map((row) => ({ ...row })),
    );
  const copy = (table: string, changed: Record<string, string>, where: string) => {
    const names = columns(table).map(({ name }) => name);
    const values = names.map((name) => changed[name] ?? name);
    database.exec(`INSERT INTO ${table} (${names}) SELECT ${values} FROM ${table} WHERE ${where} = '${id}'`);
  };
  // OpenCode may be writing: a transaction that begins by reading could not become one that writes then.
  database.exec("BEGIN IMMEDIATE");
  for (let n = 0; n < copies; n++) {
    const fresh = (column: string) => `${column} || 'x${n}'`;
    copy("session", { id: fresh("id"), slug: fresh("slug") }, "id");
    copy("message", { id: fresh("id"), session_id: fresh("session_id") }, "session_id");
    copy("part", { id: fresh("id"), message_id: fresh("message_id"), session_id: fresh("session_id") }, "session_id");
  }
  database.exec("COMMIT");
  database.close();
}

test("a sync that is killed in the middle is gone on with, and two at once do not disturb each other", async () => {
  const id = await talk("Many [[say:times]]");
  multiply(id, 500);
  const arrived = () => server.query("SELECT 1 FROM sessions WHERE externalId LIKE ?", `${id}x%`).length;
  const killed = startCli(home, ["sync", "--new"], { env: env() });
  await until("some sessions have arrived", () => arrived() >= 20, 60_000);
  killed.child.kill("SIGKILL");
  await killed.finished;
  expect(arrived()).toBeLessThan(500);

  // The lock of the killed process stands in nobody's way; of these two, one sends and the other says so.
  const [one, two] = await Promise.all([cli("sync", "--new"), cli("sync", "--new")]);
  expect([one.exitCode, two.exitCode].sort()).toEqual([0, 8]);
  const refused = one.exitCode === 8 ? one : two;
  expect(refused.stderr).toMatch(/^error: another opencode-sync( \(process \d+\))? is at work on this machine\n/);
  expect(await cli("verify", "--deep")).toMatchObject({ exitCode: 0, stdout: "" });
  expect((await cli("sync", "--all")).stdout).toMatch(/^0 sessions sent, \d+ already there, 0 messages\n$/);
});

test("Ctrl-C ends a sync after what is being sent, and says how to go on", async () => {
  const id = await talk("Again [[say:and again]]");
  multiply(id, 500);
  const arrived = () => server.query("SELECT 1 FROM sessions WHERE externalId LIKE ?", `${id}x%`).length;
  const stopped = startCli(home, ["sync", "--all"], { env: env() });
  await until("some sessions have arrived", () => arrived() >= 10, 60_000);
  stopped.child.kill("SIGINT");
  const { exitCode, stdout, stderr } = await stopped.finished;
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(
    /error: stopped after \d+ of \d+ sessions: \d+ sent, \d+ messages\nhint: {2}Run the same command again/,
  );
  expect(arrived()).toBeLessThan(500);
  expect((await cli("sync", "--all")).exitCode).toBe(0);
  expect((await cli("verify", "--deep")).exitCode).toBe(0);
});

test("removed, renamed, archived and un-archived arrive within seconds when the plugin watches", async () => {
  const watched = await createOpenCodeHome({
    modelUrl: model.url,
    server: { url: server.url, key: ann.key },
  });
  const api = await startOpenCodeServer(watched);
  try {
    const { id } = idSchema.parse(await api.send("POST", "/session", {}));
    for (const text of ["Stay [[say:here]]", "Go [[say:away]]"]) {
      const body = { parts: [{ type: "text", text }], model: { providerID: "mock", modelID: "mock-1" } };
      await api.send("POST", `/session/${id}/message`, body);
    }
    const has = (sql: string, ...parameters: string[]) => server.query(sql, ...parameters).length === 1;
    await until("the answer arrives", () => has("SELECT 1 FROM messages WHERE textContent = 'away'"));
    const last = (await api.get(`/session/${id}/message`, messagesSchema)).at(-1)?.info.id ?? "";
    await api.send("DELETE", `/session/${id}/message/${last}`);
    await until("the removal arrives", () =>
      has("SELECT 1 FROM messages WHERE externalId = ? AND removedAt > 0", last),
    );
    await api.send("PATCH", `/session/${id}`, { title: "Live and renamed", time: { archived: 1_795_000_000_000 } });
    const SESSION = "SELECT 1 FROM sessions WHERE externalId = ? AND title = 'Live and renamed' AND archivedAt > 0";
    await until("name and archive arrive", () => has(SESSION, id));
    // OpenCode 1.x cannot do it; people do it in its database, and go on.
    unarchive(id, watched);
    await api.send("PATCH", `/session/${id}`, { title: "Back again" });
    const BACK = "SELECT 1 FROM sessions WHERE externalId = ? AND title = 'Back again' AND archivedAt = 0";
    await until("it is back from the archive", () => has(BACK, id));
    expect((await runCli(watched, ["verify", "--deep"])).exitCode).toBe(0);
  } finally {
    await api.stop();
    watched.remove();
  }
});
