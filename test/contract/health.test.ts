import { renameSync } from "node:fs";
import { join } from "node:path";
import { healthSchema } from "@opensync/client";
import { afterEach, expect, test } from "vitest";
import { eraseDatabase, lockDatabase } from "../support/broken-storage.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;

afterEach(() => server.stop());

async function health(): Promise<{ status: number; retryAfter: string | null; body: unknown }> {
  const answer = await fetch(`${server.url}/health`);
  return { status: answer.status, retryAfter: answer.headers.get("Retry-After"), body: await answer.json() };
}

test("a healthy server says its time and version to anybody", async () => {
  server = await startServer();
  const before = Date.now();
  const { status, body } = await health();
  expect(status).toBe(200);
  const { timestamp, version } = healthSchema.parse(body);
  expect(version).toBe("2.0.0");
  expect(timestamp).toBeGreaterThanOrEqual(before);
  expect(timestamp).toBeLessThanOrEqual(Date.now());
});

test("a server whose database file is gone is unhealthy until it is back", async () => {
  server = await startServer();
  const file = join(server.dataDir, "data.db");
  renameSync(file, `${file}.away`);
  expect(await health()).toEqual({
    status: 503,
    retryAfter: "5",
    body: { status: "error", error: "The database file is gone: is the data volume still there?" },
  });
  renameSync(`${file}.away`, file);
  expect((await health()).status).toBe(200);
});

test("a server whose database file is damaged is unhealthy", async () => {
  server = await startServer();
  eraseDatabase(server);
  expect(await health()).toEqual({
    status: 503,
    retryAfter: "5",
    body: { status: "error", error: "The database cannot be read." },
  });
});

test("a write lock held by another process, such as a backup, does not make the server unhealthy", async () => {
  server = await startServer();
  const release = lockDatabase(server);
  expect((await health()).status).toBe(200);
  release();
});
