import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import PocketBase from "pocketbase";
import { inject } from "vitest";
import { serveArguments } from "../../scripts/serve-arguments.mjs";
import { pocketbasePath, superuser } from "./pocketbase.ts";
import { until } from "./until.ts";

/** A real PocketBase with our hooks, on a free port and a database of its own. */
export interface TestServer {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** All that the server has printed so far. */
  output(): string;
  /** Rows of the server's own database, read beside it. */
  query<Row = Record<string, unknown>>(sql: string, ...parameters: SQLInputValue[]): Row[];
  /** Ends the server as an operator would (SIGTERM), removes its data folder unless it was given. */
  stop(): Promise<void>;
  /** Ends the server at once (SIGKILL) and keeps its data folder, so that another server can start on it. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** Environment beside PATH and HOME. */
  env?: Record<string, string>;
  /** A data folder to start on; without it, a copy of the migrated template. */
  dataDir?: string;
  /** The port to listen on; without it, a free one. */
  port?: number;
}

/** A signed-in user of the test server. */
export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  /** PocketBase token, for `Authorization`. */
  readonly token: string;
}

/** Starts a server and waits until it answers. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "opensync-server-"));
  if (options.dataDir === undefined) cpSync(inject("template"), dataDir, { recursive: true });
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(pocketbasePath(), serveArguments({ http: `127.0.0.1:${port}`, data: dataDir }), {
    env: { PATH: process.env["PATH"], HOME: dataDir, OPENSYNC_URL: url, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  await until("the server answers", async () => {
    if (child.exitCode !== null) throw new Error(`the server ended with code ${child.exitCode}:\n${output}`);
    return fetch(`${url}/api/health`).then(
      (answer) => answer.ok,
      () => false,
    );
  });
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    query: (sql, ...parameters) => readRows(join(dataDir, "data.db"), sql, parameters),
    kill: () => end(child, "SIGKILL"),
    stop: async () => {
      await end(child, "SIGTERM");
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let users = 0;

/** Creates an account the way an administrator does, and signs it in. */
export async function createUser(
  server: TestServer,
  options: { email?: string; password?: string; role?: "owner" | "member" } = {},
): Promise<TestUser> {
  users += 1;
  const email = options.email ?? `user-${users}@example.com`;
  const password = options.password ?? `password of user ${users}`;
  const admin = new PocketBase(server.url);
  await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
  const role = options.role ?? "member";
  const { id } = await admin
    .collection("users")
    .create({ email, password, passwordConfirm: password, role, verified: true });
  const { token } = await new PocketBase(server.url).collection("users").authWithPassword(email, password);
  return { id, email, password, token };
}

/** Generates an API key as the dashboard does. */
export async function createKey(
  server: TestServer,
  user: TestUser,
  options: { name?: string; scope?: "sync" | "full"; device?: string; expiresAt?: number } = {},
): Promise<{ id: string; key: string; prefix: string }> {
  const answer = await fetch(`${server.url}/api/keys`, {
    method: "POST",
    headers: { Authorization: user.token, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "test", ...options }),
  });
  if (answer.status !== 201) throw new Error(`no key: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string; key: string; prefix: string };
}

/** A port that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

function readRows<Row>(file: string, sql: string, parameters: SQLInputValue[]): Row[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all(...parameters) as Row[];
  } finally {
    database.close();
  }
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
