import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StoreChanges } from "./store-changes.ts";

let folder: string;
let file: string;
let changes: StoreChanges;
const stop = new AbortController();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "opensync-changes-"));
  file = join(folder, "store.db");
  writeFileSync(file, "1");
  changes = new StoreChanges(() => [file]);
  await changes.settle();
});
afterEach(() => {
  changes.close();
  rmSync(folder, { recursive: true, force: true });
});

const next = (timeoutMs = 20_000) => changes.next(timeoutMs, stop.signal);

test("without a change the time runs out", async () => {
  expect(await next(20)).toBe(false);
});

test.each(["store.db", "store.db-wal"])("a change of %s is told at once, and once", async (name) => {
  const startedMs = performance.now();
  const change = next();
  // By a rename, which has no middle: a file that is written may be looked at before and after its bytes.
  writeFileSync(join(folder, "written"), "12");
  renameSync(join(folder, "written"), join(folder, name));
  expect(await change).toBe(true);
  // Sooner than the poll would find it.
  expect(performance.now() - startedMs).toBeLessThan(4_000);
  expect(await next(20)).toBe(false);
});

test("what changed before anybody waits is told too", async () => {
  appendFileSync(file, "2");
  expect(await next()).toBe(true);
});

test("the traces of a reader and other files are no change", async () => {
  for (const name of ["store.db-shm", "other.log"]) writeFileSync(join(folder, name), "x");
  expect(await next(300)).toBe(false);
});

test("a stop ends the waiting", async () => {
  const controller = new AbortController();
  const change = changes.next(60_000, controller.signal);
  controller.abort();
  expect(await change).toBe(false);
});

test("a store that comes to be later is noticed", async () => {
  rmSync(folder, { recursive: true });
  const later = new StoreChanges(() => [file]);
  await later.settle();
  mkdirSync(folder);
  writeFileSync(file, "1");
  expect(await later.next(20_000, stop.signal)).toBe(true);
  later.close();
});
