import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { type CreateKeyAnswer, createKeyAnswerSchema } from "@opensync/client";
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
  /** Rows of the database of its log, which it writes every few seconds. */
  queryLog(sql: string, ...parameters: SQLInputValue[]): Record<string, unknown>[];
  /** Changes the database beside the server, for what no request does. */
  change(sql: string, ...parameters: SQLInputValue[]): void;
  /** The id of the row of a session. Throws where nobody has it. */
  sessionId(externalId: string): string;
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
  /** Headers of a request of the dashboard. */
  signedIn(): Record<string, string>;
}

/** Starts a server and waits until it answers. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "opensync-server-"));
  if (options.dataDir === undefined) cpSync(inject("template"), dataDir, { recursive: true });
  const server = await launchServer({ ...options, dataDir });
  const file = join(dataDir, "data.db");
  return {
    url: server.url,
    dataDir,
    pid: server.pid,
    output: server.output,
    query: (sql, ...parameters) => readRows(file, sql, parameters),
    queryLog: (sql, ...parameters) => readRows(join(dataDir, "auxiliary.db"), sql, parameters),
    change: (sql, ...parameters) => changeRows(file, sql, parameters),
    sessionId: (externalId) => {
      const [row] = readRows<{ id: string }>(file, "SELECT id FROM sessions WHERE externalId = ?", [externalId]);
      if (!row) throw new Error(`the server has no session ${externalId}`);
      return row.id;
    },
    kill: () => server.end("SIGKILL"),
    stop: async () => {
      await server.end("SIGTERM");
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const administrators = new WeakMap<TestServer, Promise<PocketBase>>();

/** A client that is signed in as the superuser: once for each server, because a password costs its hash. */
export function administrator(server: TestServer): Promise<PocketBase> {
  const known = administrators.get(server);
  if (known) return known;
  const signedIn = signInAdministrator(server.url);
  administrators.set(server, signedIn);
  return signedIn;
}

async function signInAdministrator(url: string): Promise<PocketBase> {
  // The client would cancel a request for a later one of the same address; tests send such requests at once.
  const client = new PocketBase(url).autoCancellation(false);
  await client.collection("_superusers").authWithPassword(superuser.email, superuser.password);
  return client;
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
  const admin = await administrator(server);
  const role = options.role ?? "member";
  const { id } = await admin
    .collection("users")
    .create({ email, password, passwordConfirm: password, role, verified: true });
  const { token } = await new PocketBase(server.url).collection("users").authWithPassword(email, password);
  return { id, email, password, token, signedIn: () => ({ Authorization: token }) };
}

/** Generates an API key as the dashboard does. */
export async function createKey(
  server: TestServer,
  user: Pick<TestUser, "token">,
  options: { name?: string; scope?: "sync" | "full"; device?: string; expiresAt?: number } = {},
): Promise<CreateKeyAnswer> {
  const answer = await fetch(`${server.url}/api/keys`, {
    method: "POST",
    headers: { Authorization: user.token, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "test", ...options }),
  });
  if (answer.status !== 201) throw new Error(`no key: ${answer.status} ${await answer.text()}`);
  return createKeyAnswerSchema.parse(await answer.json());
}

function readRows<Row>(file: string, sql: string, parameters: SQLInputValue[]): Row[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all(...parameters) as Row[];
  } finally {
    database.close();
  }
}

function changeRows(file: string, sql: string, parameters: SQLInputValue[]): void {
  // The server may be writing just then.
  const database = new DatabaseSync(file, { timeout: 10_000 });
  try {
    database.prepare(sql).run(...parameters);
  } finally {
    database.close();
  }
}
