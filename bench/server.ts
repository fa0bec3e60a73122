import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PocketBase from "pocketbase";
import { createDatabase, launchServer, type ServerProcess } from "../test/support/launch.ts";
import { superuser } from "../test/support/pocketbase.ts";

/** A server to measure, with one user and one key. */
export interface BenchServer {
  readonly process: ServerProcess;
  readonly dataDir: string;
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  /** Of scope full. */
  readonly key: string;
  /** Superuser of PocketBase's own API. */
  readonly admin: PocketBase;
  /** Sends one body to a route with the key; throws on any other answer than 200. */
  post(path: string, body: string): Promise<string>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server on an empty database in a folder of its own. */
export async function startBenchServer(): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "opensync-bench-"));
  createDatabase(dataDir);
  const server = await launchServer({ dataDir });
  const admin = new PocketBase(server.url);
  admin.autoCancellation(false);
  await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
  const password = "a long password";
  const email = "bench@example.com";
  const user = { email, password, passwordConfirm: password, role: "owner", verified: true };
  const { id: userId } = await admin.collection("users").create(user);
  const { token } = await new PocketBase(server.url).collection("users").authWithPassword(email, password);
  const key = await createKey(server.url, token);
  return {
    process: server,
    dataDir,
    userId,
    email,
    password,
    key,
    admin,
    post: (path, body) => post(`${server.url}${path}`, key, body),
    stop: async () => {
      await server.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Resident memory of a process, in MB (10^6 bytes). */
export function residentMegabytes(pid: number): number {
  const kibibytes = Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }));
  return (kibibytes * 1024) / 1e6;
}

/** Processor time that a process has had so far, in seconds; 0 where the system does not tell (it is Linux that does). */
export function processorSeconds(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  // What comes behind the name of the program in brackets; times are in hundredths.
  const fields = readFileSync(file, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

async function createKey(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/keys`, {
    method: "POST",
    headers: { Authorization: token, "Content-Type": "application/json" },
    body: JSON.stringify({ name: "bench", scope: "full" }),
  });
  const body: unknown = await answer.json();
  if (typeof body === "object" && body !== null && "key" in body && typeof body.key === "string") return body.key;
  throw new Error(`no key: ${answer.status} ${JSON.stringify(body)}`);
}

async function post(url: string, key: string, body: string): Promise<string> {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body });
  const text = await answer.text();
  if (answer.status !== 200 || !text.includes('"ok":true') || text.includes('"errors":["')) {
    throw new Error(`${url} answered ${answer.status}: ${text.slice(0, 300)}`);
  }
  return text;
}
