import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { canMountDisk, mountFullDisk } from "../support/full-disk.ts";
import { createOpenCodeHome, type OpenCodeHome, type Running, runCli, startCli } from "../support/opencode.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";
import { change, createStore, grow, RECORDED_SESSION } from "./store.ts";

// The command line, where nothing can be written into its own folder.

const server = sharedServer();
const ann = sharedAccount(server);

const TROUBLES = {
  "a full disk": { error: "ENOSPC", make: (folder: string) => mountFullDisk(folder).remove },
  "a file in its place": { error: "ENOTDIR", make: (folder: string) => writeFileSync(folder, "a file") },
} as const;
type Trouble = keyof typeof TROUBLES;
const disks: Trouble[] = canMountDisk() ? ["a full disk"] : [];

let home: OpenCodeHome;
let watching: Running | undefined;
let undo: (() => void) | undefined;

beforeEach(async () => {
  home = await createOpenCodeHome({ modelUrl: "http://127.0.0.1:9/v1" });
  createStore(home.databaseFile, 1);
});

afterEach(async () => {
  watching?.child.kill("SIGKILL");
  await watching?.finished;
  undo?.();
  undo = undefined;
  home.remove();
});

function make(trouble: Trouble): void {
  undo = TROUBLES[trouble].make(join(home.home, ".opensync")) ?? undefined;
}

const env = () => ({ OPENSYNC_URL: server.url, OPENSYNC_API_KEY: ann.key });

test.each<Trouble>([...disks, "a file in its place"])(
  "because of %s: sync and login say so, and doctor finds it",
  async (trouble) => {
    make(trouble);
    for (const args of [
      ["sync", "--all"],
      ["login", "--no-register"],
    ]) {
      const { exitCode, stderr } = await runCli(home, args, { env: env() });
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/^error: (ENOSPC|ENOTDIR|EEXIST): /m);
      expect(stderr).toContain("hint:  See that files and folders there are yours, and that the disk has room");
    }
    const { stdout } = await runCli(home, ["doctor"], { env: env() });
    expect(stdout).toMatch(/^notes\tfailed\t~\/\.opensync\/state cannot be written: /m);
    expect(stdout).toContain(TROUBLES[trouble].error);
  },
);

test.each(disks)("because of %s: watch sends all the same", async (trouble) => {
  make(trouble);
  watching = startCli(home, ["watch"], { env: env() });
  let said = "";
  watching.child.stderr?.on("data", (text: string) => {
    said += text;
  });
  await until("it watches", () => said.includes("Watching"), 30_000);
  change(home.databaseFile, (database) => grow(database, RECORDED_SESSION, "zz", Date.now()));
  const arrived = () => server.query("SELECT 1 FROM messages WHERE externalId LIKE '%zz'").length === 1;
  await until("what is new arrives", arrived, 30_000);
  watching.child.kill("SIGTERM");
  expect(await watching.finished).toMatchObject({ exitCode: 0 });
});
