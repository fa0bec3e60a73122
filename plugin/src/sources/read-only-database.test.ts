import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openReadOnly } from "./read-only-database.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-database-"));
  file = join(folder, "a #1%20.db");
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a, b); INSERT INTO t VALUES (1, x'00ff'), ('text', NULL)");
  database.close();
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

test("rows come with SQLite's own types, and parameters are bound", async () => {
  const database = await openReadOnly(file);
  expect(database.all("SELECT * FROM t")).toEqual([
    { a: 1, b: new Uint8Array([0, 255]) },
    { a: "text", b: null },
  ]);
  expect(database.all("SELECT a FROM t WHERE a = ?", "text")).toEqual([{ a: "text" }]);
  database.close();
});

test("nothing can be written, not even by mistake", async () => {
  const database = await openReadOnly(file);
  expect(() => database.all("DELETE FROM t")).toThrow(/readonly|not permitted/);
  expect(() => database.all("CREATE TEMP TABLE u (a)")).toThrow();
  database.close();
});

test("what a writer has committed and not checkpointed is seen, and the writer is not held up", async () => {
  const writer = new DatabaseSync(file);
  const database = await openReadOnly(file);
  writer.exec("INSERT INTO t VALUES (3, NULL)");
  expect(database.all("SELECT count(*) AS n FROM t")).toEqual([{ n: 3 }]);
  writer.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  writer.close();
  database.close();
});

/** Root may write everywhere: the check then runs as nobody. Prints the rows that it reads. */
function readAsOrdinaryUser(): string {
  const module = new URL("./read-only-database.ts", import.meta.url).href;
  const script = `
    if (process.getuid?.() === 0) { process.setgid(65534); process.setuid(65534); }
    const { openReadOnly } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify((await openReadOnly(process.argv[1])).all("SELECT a FROM t")));`;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", script, file], { encoding: "utf8" }).trim();
}

test("a database in a folder that is read-only can be read, and nothing appears beside it", () => {
  chmodSync(file, 0o444);
  chmodSync(folder, 0o555);
  expect(readAsOrdinaryUser()).toBe('[{"a":1},{"a":"text"}]');
  expect(readdirSync(folder)).toEqual(["a #1%20.db"]);
}, 30_000);

test.each([
  { name: "is missing", make: () => rmSync(file), reason: /unable to open/ },
  { name: "is no database", make: () => writeFileSync(file, "no database. ".repeat(100)), reason: /not a database/ },
])("a file that $name is named in the error, and never made", async ({ make, reason }) => {
  make();
  const failure = openReadOnly(file);
  await expect(failure).rejects.toMatchObject({ name: "StoreError", message: expect.stringMatching(reason) });
  await expect(failure).rejects.toThrow(file);
  expect(existsSync(`${file}-shm`)).toBe(false);
});

test("an error of a statement names the file too", async () => {
  const database = await openReadOnly(file);
  expect(() => database.all("SELECT * FROM missing")).toThrow(`cannot read ${file}: no such table`);
  database.close();
});
