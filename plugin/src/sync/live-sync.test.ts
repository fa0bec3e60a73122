import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message } from "@opensync/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createMemoryAgent } from "../testing/memory-agent.ts";
import { LiveSync } from "./live-sync.ts";

type Batch = { sessions: { externalId: string; gitBranch?: string }[]; messages: Message[] };

const { source, store, reads, write } = createMemoryAgent();

/** The part of a server that the engine talks to: keeps hashes, refuses on demand. */
const onServer = new Map<string, Map<string, [hash: number, version: number]>>();
let batches: Batch[] = [];
let failWith: number | undefined;
let server: Server;
let home: string;
let env: { HOME: string };

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "opensync-live-"));
  env = { HOME: home };
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.setHeader("content-type", "application/json");
    if (failWith !== undefined) return response.writeHead(failWith).end('{"error":"no"}');
    const url = new URL(request.url ?? "", "http://x");
    if (url.pathname === "/sync/sessions/messages") {
      return response.end(
        JSON.stringify({ messages: Object.fromEntries(onServer.get(url.searchParams.get("id") ?? "") ?? []) }),
      );
    }
    const batch: Batch = JSON.parse(body);
    batches.push(batch);
    for (const { sessionExternalId, externalId, hash = 0, updatedAt = 0, removedAt } of batch.messages) {
      const messages = onServer.get(sessionExternalId) ?? new Map();
      onServer.set(sessionExternalId, messages);
      if (removedAt === undefined) messages.set(externalId, [hash, updatedAt]);
      else messages.delete(externalId);
    }
    response.end(
      JSON.stringify({ ok: true, sessions: batch.sessions.length, messages: batch.messages.length, errors: [] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  mkdirSync(join(home, ".opensync"));
  writeFileSync(
    join(home, ".opensync/credentials.json"),
    JSON.stringify({ url: `http://127.0.0.1:${port}`, apiKey: "os_0123456789abcdef0123456789" }),
  );
});

afterEach(async () => {
  // Without credentials a live sync has nothing left to do: no timer of it outlives the test.
  rmSync(join(home, ".opensync/credentials.json"), { force: true });
  server.closeAllConnections();
  await Promise.all(started.splice(0).map((live) => live.finish(1_000)));
  store.clear();
  onServer.clear();
  batches = [];
  reads.length = 0;
  failWith = undefined;
  await new Promise((resolve) => server.close(resolve));
  rmSync(home, { recursive: true, force: true });
});

const started: LiveSync[] = [];
const start = (now = Date.now) => {
  const observeGit = async () => ({ gitBranch: "main" });
  const live = new LiveSync({ source, env, device: "workstation", observeGit, now });
  started.push(live);
  return live;
};
const state = () => JSON.parse(readFileSync(join(home, ".opensync/state/test-agent.json"), "utf8"));
const sent = () => batches.flatMap(({ messages }) => messages.map(({ externalId }) => externalId));
/** Later than the credentials file, which marks the beginning. */
const later = () => Date.now() + 1_000;

test("a burst of changes becomes one request, with the session and what is observed of it", async () => {
  const live = start();
  write("s1", "m1", "a", later());
  for (let i = 0; i < 100; i++) live.touch("s1", "m1");
  await vi.waitFor(() => expect(batches).toHaveLength(1), 5_000);
  expect(batches[0]).toMatchObject({
    sessions: [{ externalId: "s1", device: "workstation", gitBranch: "main", hash: expect.any(Number) }],
    messages: [{ externalId: "m1", textContent: "a", hash: expect.any(Number) }],
  });
  expect(await live.finish(2_000)).toBe(true);
  expect(batches).toHaveLength(1);
});

test("while something is completed all the time, there are no more than four uploads a second", async () => {
  const live = start();
  // The first upload also looks for what an earlier process has left behind, in requests of its own.
  expect(await live.finish(2_000)).toBe(true);
  const startedMs = performance.now();
  for (let n = 0; performance.now() - startedMs < 1_100; n++) {
    write("s1", "m1", `state ${n}`, later());
    live.touch("s1", "m1", "soon");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.length).toBeLessThanOrEqual(4 * seconds + 1);
  await live.finish(2_000);
});

test("a clock that is put back between two uploads holds nothing up", async () => {
  let shiftMs = 0;
  const live = start(() => Date.now() + shiftMs);
  write("s1", "m1", "a", later());
  live.touch("s1", "m1", "soon");
  await vi.waitFor(() => expect(sent()).toContain("m1"), 5_000);
  shiftMs = -3_600_000;
  write("s1", "m2", "b", later());
  live.touch("s1", "m2", "soon");
  await vi.waitFor(() => expect(sent()).toContain("m2"), 5_000);
});

test("without any time left it ends at once, and says that something is left", async () => {
  const live = start();
  write("s1", "m1", "a", later());
  live.touch("s1", "m1");
  expect(await live.finish(-1)).toBe(false);
  expect(await live.finish(2_000)).toBe(true);
});

test("the first time a session is compared as a whole, then only what changed is read and sent", async () => {
  const live = start();
  write("s1", "m1", "old", later());
  write("s1", "m2", "new", later());
  live.touch("s1", "m2");
  await live.finish(2_000);
  expect(sent().sort()).toEqual(["m1", "m2"]);

  write("s1", "m2", "newer", later() + 1);
  live.touch("s1", "m2");
  live.touch("s1", "m1");
  await live.finish(2_000);
  expect(reads.slice(-1)).toEqual(["s1:m2,m1"]);
  expect(batches.at(-1)?.messages.map(({ textContent }) => textContent)).toEqual(["newer"]);
});

test("a message that vanished from the store while we watched is reported as removed", async () => {
  const live = start();
  write("s1", "m1", "a", later());
  write("s1", "m2", "b", later());
  live.touch("s1", "m1");
  await live.finish(2_000);
  store.get("s1")?.messages.delete("m2");
  live.touch("s1", "m2");
  await live.finish(2_000);
  expect(batches.at(-1)?.messages).toMatchObject([{ externalId: "m2", removedAt: expect.any(Number) }]);
  expect(onServer.get("s1")?.has("m2")).toBe(false);
});

test("a message that lost its newest part still replaces what this process sent before", async () => {
  const live = start();
  const now = later();
  write("s1", "m1", "with a part", now + 500);
  live.touch("s1", "m1");
  await live.finish(2_000);
  store.get("s1")?.messages.set("m1", { externalId: "m1", textContent: "without", updatedAt: now });
  live.touch("s1", "m1");
  await live.finish(2_000);
  expect(batches.at(-1)?.messages).toMatchObject([{ textContent: "without", updatedAt: now + 500 }]);
});

test("the next process catches up with what the last one could not send, and with nothing else", async () => {
  write("s1", "m1", "a", later());
  write("s2", "m2", "b", later());
  const first = start();
  first.touch("s1", "m1");
  await first.finish(2_000);
  failWith = 503;
  write("s2", "m3", "c", later() + 5);
  first.touch("s2", "m3");
  expect(await first.finish(500)).toBe(false);
  expect(state().lastError.message).toContain("503");

  failWith = undefined;
  batches = [];
  const second = start();
  expect(await second.finish(2_000)).toBe(true);
  expect(sent()).toEqual(["m3"]);
  expect(batches[0]?.sessions[0]).not.toHaveProperty("gitBranch");
  expect(state()).not.toHaveProperty("lastError");

  reads.length = 0;
  expect(await start().finish(2_000)).toBe(true);
  expect(reads).toEqual([]);
});

test("what was in the store before sign-in is left to `sync`", async () => {
  write("s1", "m1", "a", 1_000);
  expect(await start().finish(2_000)).toBe(true);
  expect(batches).toEqual([]);
});

test("while the server fails nothing is lost, nothing is thrown, and it is not asked all the time", async () => {
  failWith = 500;
  let requests = 0;
  server.on("request", () => requests++);
  const live = start();
  write("s1", "m1", "a", later());
  live.touch("s1", "m1", "soon");
  await vi.waitFor(() => expect(requests).toBe(1), 5_000);
  for (let i = 0; i < 50; i++) live.touch("s1", "m1", "soon");
  await vi.waitFor(() => expect(state().lastError.message).toContain("500"), 5_000);
  expect(requests).toBe(1);
  failWith = undefined;
  await vi.waitFor(() => expect(sent()).toEqual(["m1"]), 5_000);
  await live.finish(1_000);
});

test("a server that does not answer takes no more than the budget", async () => {
  server.removeAllListeners("request");
  const live = start();
  write("s1", "m1", "a", later());
  live.touch("s1", "m1");
  const startedMs = performance.now();
  expect(await live.finish(400)).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});

test("a refused key is noted and not tried again soon", async () => {
  failWith = 401;
  const live = start();
  write("s1", "m1", "a", later());
  live.touch("s1", "m1");
  expect(await live.finish(1_000)).toBe(false);
  expect(state().lastError.message).toContain("401");
});

test("an item that the server does not take is counted, until it takes it", async () => {
  server.removeAllListeners("request");
  let errors = ["messages[0] m1: deleted on the dashboard; restore it there to sync again"];
  server.on("request", (request, response) => {
    request.resume();
    response.setHeader("content-type", "application/json");
    const isPush = request.method === "POST";
    response.end(JSON.stringify(isPush ? { ok: true, sessions: 1, messages: 0, errors } : { messages: {} }));
  });
  const live = start();
  write("s1", "m1", "a", later());
  live.touch("s1", "m1");
  expect(await live.finish(2_000)).toBe(true);
  expect(state()).toMatchObject({
    rejected: { s1: ["m1"] },
    lastError: { message: expect.stringContaining("deleted on the dashboard") },
  });
  errors = [];
  live.touch("s1", "m1");
  expect(await live.finish(2_000)).toBe(true);
  expect(state()).not.toHaveProperty("rejected");
  expect(state()).not.toHaveProperty("lastError");
});

test("a later process sees what was removed while nobody watched, and leaves another device's messages alone", async () => {
  const first = start();
  write("s1", "m1", "a", later());
  write("s1", "m2", "b", later());
  first.touch("s1", "m1");
  await first.finish(2_000);
  onServer.get("s1")?.set("elsewhere", [7, 1]);
  store.get("s1")?.messages.delete("m1");
  batches = [];
  const second = start();
  second.touch("s1", "m2");
  await second.finish(2_000);
  expect(batches.flatMap(({ messages }) => messages)).toMatchObject([
    { externalId: "m1", removedAt: expect.any(Number) },
  ]);
  expect([...(onServer.get("s1")?.keys() ?? [])]).toEqual(["m2", "elsewhere"]);
});

test("nobody signed in means nothing to do", async () => {
  rmSync(join(home, ".opensync"), { recursive: true });
  const live = start();
  live.touch("s1", "m1");
  expect(await live.finish(1_000)).toBe(true);
  expect(batches).toEqual([]);
});

test("a damaged credentials file is survived", async () => {
  writeFileSync(join(home, ".opensync/credentials.json"), "{half");
  const live = start();
  live.touch("s1", "m1");
  expect(await live.finish(500)).toBe(false);
});

test("a folder of notes that cannot be read or written stops nothing", async () => {
  writeFileSync(join(home, ".opensync/state"), "a file in the place of the folder");
  const live = start();
  write("s1", "m1", "a", later());
  write("s1", "m2", "b", later());
  live.touch("s1", "m1");
  expect(await live.finish(2_000)).toBe(true);
  expect(sent()).toEqual(["m1", "m2"]);
  // What this process saw being sent and vanish needs no note.
  store.get("s1")?.messages.delete("m2");
  live.touch("s1", "m2");
  expect(await live.finish(2_000)).toBe(true);
  expect(batches.at(-1)?.messages).toMatchObject([{ externalId: "m2", removedAt: expect.any(Number) }]);
});
