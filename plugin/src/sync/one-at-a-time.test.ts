import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { holderOf, tryLock } from "./one-at-a-time.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-lock-"));
  file = join(folder, "state/sync.lock");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = (rest: string) =>
  `import { tryLock } from ${JSON.stringify(import.meta.resolve("./one-at-a-time.ts"))};
   const lock = await tryLock(${JSON.stringify("FILE")}.replace("FILE", process.argv[1]));
   console.log(lock === undefined ? "busy" : "locked"); ${rest}`;
const arguments_ = (rest: string) => ["--no-warnings", "--input-type=module", "-e", script(rest), "--", file];

test("only one process has it, and says which; the next gets it after it was released", async () => {
  const lock = await tryLock(file);
  const other = () => promisify(execFile)(process.execPath, arguments_("lock?.release();"));
  expect((await other()).stdout).toBe("busy\n");
  expect(await holderOf(file)).toBe(String(process.pid));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  lock?.release();
  expect((await other()).stdout).toBe("locked\n");
});

test("a process that is killed leaves no lock behind", async () => {
  const child = spawn(process.execPath, arguments_("setInterval(() => lock, 1000);"), { stdio: "pipe" });
  await once(child.stdout, "data");
  expect(await tryLock(file)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = await tryLock(file);
  expect(lock).toBeDefined();
  lock?.release();
});

test("without a holder nobody is named", async () => {
  expect(await holderOf(file)).toBeUndefined();
});
