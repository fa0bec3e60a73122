import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import PocketBase from "pocketbase";
import { inject } from "vitest";
import { launchServer } from "./launch.ts";
import { superuser } from "./pocketbase.ts";

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
  /** Arguments of `serve` beside the usual ones, which they override. */
  args?: readonly string[];
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
  const server = await launchServer({ ...options, dataDir });
  return {
    url: server.url,
    dataDir,
    pid: server.pid,
    output: server.output,
    query: (sql, ...parameters) => readRows(join(dataDir, "data.db"), sql, parameters),
    kill: () => server.end("SIGKILL"),
    stop: async () => {
      await server.end("SIGTERM");
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

function readRows<Row>(file: string, sql: string, parameters: SQLInputValue[]): Row[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all(...parameters) as Row[];
  } finally {
    database.close();
  }
}
