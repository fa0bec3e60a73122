import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, test } from "vitest";
import { builtPlugin, createOpenCodeHome, type OpenCodeHome, runCli, runOpenCode } from "../support/opencode.ts";
import { createKey, createUser } from "../support/server.ts";
import { sharedModel, sharedServer } from "../support/shared.ts";
import { startCliTerminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";

const server = sharedServer();
const model = sharedModel();
let key: { id: string; key: string };
let home: OpenCodeHome;

afterEach(() => home.remove());

async function freshHome(): Promise<void> {
  key = await createKey(server, await createUser(server));
  home = await createOpenCodeHome({ modelUrl: model.url });
}

const masked = () => `${key.key.slice(0, 8)}…${key.key.slice(-4)}`;
const login = (...more: string[]) =>
  runCli(home, ["login", "--url", server.url, "--key", "-", ...more], { input: `${key.key}\n` });

test("from login to a receipt: everything that OpenCode has is on the server, and both sides can tell", async () => {
  await freshHome();
  expect(await login("--register")).toMatchObject({
    exitCode: 0,
    stdout: "",
    stderr: [
      `Signed in to ${server.url} with key ${masked()}, saved in ~/.opensync/credentials.json`,
      "OpenCode loads the plugin from its next start on: ~/.config/opencode/opencode.json",
      "",
    ].join("\n"),
  });
  const installed = join(home.home, ".opensync/plugin.js");
  expect(readFileSync(installed, "utf8")).toBe(readFileSync(builtPlugin, "utf8"));
  expect(JSON.parse(readFileSync(home.configFile, "utf8"))).toMatchObject({
    model: "mock/mock-1",
    plugin: [pathToFileURL(installed).href],
  });
  expect(statSync(join(home.home, ".opensync/credentials.json")).mode & 0o777).toBe(0o600);

  const run = await runOpenCode(home, 'Hello [[tool:bash {"command":"ls","description":"List"}]][[say:Hi.]]');
  expect(run).toMatchObject({ exitCode: 0 });
  expect(server.query("SELECT count(*) AS n FROM messages")).toEqual([{ n: 3 }]);

  expect(await runCli(home, ["verify"])).toMatchObject({ exitCode: 0, stderr: "" });
  expect((await runCli(home, ["status", "--json", "server,waiting,rejected,lastError"])).stdout).toBe(
    '{"server":"ok","waiting":0,"rejected":0,"lastError":null}\n',
  );
  // The server's digest equals the one of the store: nothing is sent again.
  expect(await runCli(home, ["sync", "--all"])).toMatchObject({
    exitCode: 0,
    stdout: "0 sessions sent, 1 already there, 0 messages\n",
    stderr: "",
  });

  const rows = () => server.query("SELECT id, hash, syncedAt FROM messages ORDER BY id");
  const resend = async () => (await runCli(home, ["sync", "--force"])).stdout;
  expect(await resend()).toBe("1 session sent, 0 already there, 3 messages\n");
  const before = rows();
  expect(await resend()).toBe("1 session sent, 0 already there, 3 messages\n");
  expect(rows()).toEqual(before);

  expect((await runCli(home, ["logout"])).exitCode).toBe(0);
  expect(JSON.parse(readFileSync(home.configFile, "utf8")).plugin ?? []).toEqual([]);
});

test("a session from before sign-in is sent by sync --all, from the store as it is", async () => {
  await freshHome();
  await runOpenCode(home, "Before [[reason:Hm.]][[say:Early.]]");
  expect((await login()).exitCode).toBe(0);
  expect((await runCli(home, ["sync", "--all"])).stdout).toBe("1 session sent, 0 already there, 2 messages\n");
  expect((await runCli(home, ["sync", "--all"])).stdout).toBe("0 sessions sent, 1 already there, 0 messages\n");
  const [row] = server.query("SELECT title, messageCount FROM sessions WHERE title LIKE '%Before%'");
  expect(row).toEqual({ title: "Mock title: Before", messageCount: 2 });
});

test("a revoked key is refused at login and told as such", async () => {
  await freshHome();
  const token = (await createUser(server)).token;
  const revoked = await createKey(server, { token });
  await fetch(`${server.url}/api/keys/${revoked.id}`, { method: "DELETE", headers: { Authorization: token } });
  const result = await runCli(home, ["login", "--url", server.url, "--key", "-"], { input: revoked.key });
  expect(result.exitCode).toBe(4);
  expect(result.stderr).toContain("Invalid or expired token");
  expect(result.stderr).not.toContain(revoked.key);
});

test("what a slow server did not take before OpenCode exited is brought by a process of its own", async () => {
  await freshHome();
  let isOpen = false;
  const waiting: (() => void)[] = [];
  const proxy = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!isOpen && request.url !== "/health" && request.method === "POST") {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    const answer = await fetch(server.url + request.url, {
      method: request.method ?? "GET",
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  try {
    const args = ["login", "--url", url, "--key", "-", "--register"];
    expect((await runCli(home, args, { input: key.key })).exitCode).toBe(0);
    // What a checkout may hold for Bun: the process that has the key must not run it.
    writeFileSync(join(home.project, "bunfig.toml"), 'preload = ["./preload.js"]\n');
    const preload = `require("node:fs").appendFileSync(${JSON.stringify(join(home.home, "ran"))}, process.argv.join(" ") + "\\n")`;
    writeFileSync(join(home.project, "preload.js"), preload);
    const run = await runOpenCode(home, "Slow [[say:Even so.]]");
    expect(run).toMatchObject({ exitCode: 0 });
    const arrived = () => server.query("SELECT 1 FROM messages WHERE textContent = 'Even so.'").length === 1;
    expect(arrived()).toBe(false);
    isOpen = true;
    for (const release of waiting) release();
    await until("the detached process has sent the answer", arrived, 30_000);
    await until(
      "the detached process has ended",
      async () => {
        const lock = join(home.home, ".opensync/state/detached.lock");
        return statSync(lock, { throwIfNoEntry: false }) === undefined;
      },
      30_000,
    );
    expect(existsSync(join(home.home, "ran"))).toBe(false);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});

// Some programs open a terminal without ever telling its size.
test.each([100, 0])("login asks in a terminal of %i columns, and the key is not to be seen", async (cols) => {
  await freshHome();
  const terminal = startCliTerminal(home, ["login"], { rows: cols === 0 ? 0 : 24, cols });
  try {
    const answer = async (question: string, text: string) => {
      await until(`it asks: ${question}`, () => terminal.screen().includes(question), 60_000);
      terminal.press(`${text}\r`);
    };
    await answer("OpenSync URL", server.url);
    await answer("API key", key.key);
    await answer("Let OpenCode load the plugin (~/.config/opencode/opencode.json)?", "");
    await until("it ends", () => terminal.hasEnded(), 60_000);
  } finally {
    terminal.kill();
  }
  expect(terminal.screen()).toContain(`Signed in to ${server.url} with key ${masked()}`);
  expect(terminal.screen()).not.toContain(key.key.slice(8, 16));
  expect(JSON.parse(readFileSync(home.configFile, "utf8")).plugin).toHaveLength(1);
});
