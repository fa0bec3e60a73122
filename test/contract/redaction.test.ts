import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { COMMANDS } from "../../plugin/src/commands/index.ts";
import { runProgram } from "../../plugin/src/commands/run.ts";
import { createTestTerminal } from "../../plugin/src/io/test-terminal.ts";
import { inRoot } from "../../scripts/paths.mjs";
import { addParts, forbidden, machineSecrets, plantIntoStore, plantOnMachine } from "../support/plant-secrets.ts";
import { type RecordingProxy, startRecordingProxy } from "../support/recording-proxy.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
let proxy: RecordingProxy;
let home: string | undefined;

beforeAll(async () => {
  server = await startServer();
  proxy = await startRecordingProxy(server.url);
});
afterEach(() => {
  if (home !== undefined) rmSync(home, { recursive: true, force: true });
});
afterAll(async () => {
  await proxy?.close();
  await server?.stop();
});

const eventSchema = z.object({ properties: z.object({ part: z.looseObject({ id: z.string() }) }) });

/** The recorded parts of 1.18.33, one of each kind and state, as the database would hold them. */
function recordedParts() {
  const events = globSync("test/fixtures/opencode/1.18.33/events/message.part.updated.*.json", { cwd: inRoot() });
  return events.sort().map((file, index) => {
    const { part } = eventSchema.parse(JSON.parse(readFileSync(inRoot(file), "utf8"))).properties;
    const { id, sessionID, messageID, ...data } = part;
    return { id: `prt_planted_${index}`, data };
  });
}

/** A machine with a store of this version of OpenCode that is full of secrets, signed in as a user of its own. */
async function machine(version: string) {
  const { id, key } = await createKey(server, await createUser(server));
  home = mkdtempSync(join(tmpdir(), "opensync-redaction-"));
  const project = join(home, "work/shop");
  const data = join(home, "data/opencode");
  mkdirSync(join(project, ".git"), { recursive: true });
  cpSync(inRoot("test/fixtures/opencode", version), data, { recursive: true });
  if (version === "1.15.13") addParts(join(data, "opencode.db"), recordedParts());
  plantIntoStore(data, project, key);
  const variables = plantOnMachine(home, project);
  // So old a store does not say where a project is, so its .env cannot be found.
  const env = version === "0.5.29" ? { ...variables, APP_SECRET: machineSecrets.dotEnv } : variables;
  mkdirSync(join(home, ".opensync"), { mode: 0o700 });
  writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify({ url: proxy.url, apiKey: key }));
  return { env, key, keyId: id };
}

async function sync(env: Record<string, string>, ...args: string[]) {
  const terminal = createTestTerminal();
  const folder = env["HOME"] ?? "";
  const context = { terminal, env, now: Date.now, device: "thinkpad", fetch, folder, packageFolder: folder };
  const exitCode = await runProgram(["sync", "--verbose", ...args], COMMANDS, context);
  return { exitCode, output: `${terminal.stdout()}${terminal.stderr()}` };
}

/** Which of the secrets stand in a text. */
const leaks = (text: string, secrets: readonly string[]) => secrets.filter((secret) => text.includes(secret));

test.each(["0.5.29", "1.1.65", "1.2.27", "1.15.13"])(
  "no secret in any content field of a store of OpenCode %s reaches the wire, the database, a log or a file",
  async (version) => {
    const before = proxy.sent.length;
    const { env, key } = await machine(version);
    const secrets = forbidden(key);
    const { exitCode, output } = await sync(env, "--all");
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });

    const wire = proxy.sent.slice(before).join("\n");
    expect(wire).toContain("[redacted:");
    expect(leaks(wire, secrets)).toEqual([]);
    for (const name of ["MACHINE_TOKEN", "APP_SECRET", "opencode-auth", "opencode-config", "opensync-key"]) {
      expect(wire).toContain(`[redacted:${name}]`);
    }

    const rows = server.query<{ redacted: number; parts: string }>("SELECT redacted, parts FROM messages");
    expect(rows.filter(({ parts }) => parts !== "[]").every(({ redacted }) => redacted > 0)).toBe(true);
    const files = globSync("*", { cwd: server.dataDir, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      expect({ name, leaks: leaks(readFileSync(join(parentPath, name), "latin1"), secrets) }).toEqual({
        name,
        leaks: [],
      });
    }
    expect(leaks(`${server.output()}${output}`, secrets)).toEqual([]);
    const own = globSync("**/*", { cwd: join(env["HOME"] ?? "", ".opensync"), withFileTypes: true });
    for (const { parentPath, name } of own.filter((entry) => entry.isFile() && entry.name !== "credentials.json")) {
      expect(leaks(readFileSync(join(parentPath, name), "utf8"), secrets)).toEqual([]);
    }
  },
);

test("ids, paths, names of tools and models are stored as they are", () => {
  const structure = server.query<Record<string, string>>(
    "SELECT externalId, projectPath, projectName, model, provider, source, agentVersion FROM sessions",
  );
  const messages = server.query<Record<string, string>>(
    "SELECT externalId, role, model, provider, agent FROM messages",
  );
  const names = server.query<{ name: string }>(
    `SELECT json_extract(value, '$.content.toolName') || json_extract(value, '$.content.id') AS name
     FROM messages, json_each(parts) WHERE json_extract(value, '$.type') = 'tool-call'`,
  );
  expect(structure.length).toBeGreaterThan(3);
  expect(names.length).toBeGreaterThan(3);
  expect(JSON.stringify([structure, messages, names])).not.toContain("[redacted:");
});

test("a second machine that knows fewer secrets does not unmask", async () => {
  const { env } = await machine("1.2.27");
  await sync(env, "--all");
  const stored = () => server.query("SELECT externalId, hash, redacted, parts, textContent FROM messages ORDER BY id");
  const masked = stored();
  const { MACHINE_TOKEN, ...less } = env;
  expect(MACHINE_TOKEN).toBeDefined();
  const { exitCode } = await sync(less, "--force");
  expect(exitCode).toBe(0);
  expect(stored()).toEqual(masked);
});

test("a machine that knows more secrets masks what another one has sent, when it sends it again", async () => {
  const { env } = await machine("1.2.27");
  const { MACHINE_TOKEN = "", ...less } = env;
  const holding = () => {
    const rows = server.query<{ text: string }>(
      "SELECT textContent || parts || coalesce(meta, '') AS text FROM messages",
    );
    return rows.filter(({ text }) => text.includes(MACHINE_TOKEN)).length;
  };
  await sync(less, "--all");
  expect(holding()).toBeGreaterThan(0);
  expect((await sync(env, "--force")).exitCode).toBe(0);
  expect(holding()).toBe(0);
});

test("sessions of an excluded folder never leave, and are not named", async () => {
  const { env } = await machine("1.15.13");
  const before = proxy.sent.length;
  writeFileSync(
    join(env["HOME"] ?? "", ".opensync/settings.json"),
    JSON.stringify({ excluded: [join(env["HOME"] ?? "", "work")] }),
  );
  const { exitCode, output } = await sync(env, "--all");
  expect(exitCode).toBe(0);
  expect(output).not.toMatch(/ses_/);
  expect(proxy.sent.slice(before).join("\n")).not.toMatch(/ses_/);
});
