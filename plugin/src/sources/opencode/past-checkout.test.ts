import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "@opensync/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPastObserver } from "./past-checkout.ts";

/** Real commits at known times: 2026-01-01 10:00, 11:00 on main, 12:00 on `fix`, 13:00 back on main. */
const HOUR_MS = 3_600_000;
const TEN_MS = Date.UTC(2026, 0, 1, 10);
let folder: string;
const commits: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-past-"));
  const git = (hour: number, ...args: string[]) => {
    const date = new Date(TEN_MS + hour * HOUR_MS).toISOString();
    const env = {
      PATH: process.env["PATH"],
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: "Dev",
      GIT_COMMITTER_EMAIL: "dev@example.com",
      GIT_AUTHOR_NAME: "Dev",
      GIT_AUTHOR_EMAIL: "dev@example.com",
    };
    return execFileSync("git", args, { cwd: folder, env, encoding: "utf8" }).trim();
  };
  git(0, "init", "--quiet", "--initial-branch=main");
  git(0, "remote", "add", "origin", "git@github.com:Acme/alpha.git");
  for (const [hour, branch] of [
    [0, "main"],
    [1, "main"],
    [2, "fix"],
    [3, "main"],
  ] as const) {
    if (hour >= 2) git(hour, "checkout", "--quiet", ...(hour === 2 ? ["-b"] : []), branch);
    git(hour, "commit", "--quiet", "--allow-empty", "--message", `At ${hour}`);
    commits.push(git(hour, "rev-parse", "HEAD"));
  }
  mkdirSync(join(folder, "src"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const observePast = (of: Session) => createPastObserver()(of);

const REMOTE_ID = createHash("sha1").update("git-remote:github.com/Acme/alpha").digest("hex");

function session(fromHour: number, toHour: number, projectId = REMOTE_ID): Session {
  const times = { createdAt: TEN_MS + fromHour * HOUR_MS, updatedAt: TEN_MS + 99 * HOUR_MS };
  const meta = { project_id: projectId, time_updated: TEN_MS + toHour * HOUR_MS };
  return { externalId: "ses_1", projectPath: join(folder, "src"), ...times, meta };
}

test("the repository's address is certain when the project is named after it", async () => {
  expect(await observePast(session(-5, -4))).toEqual({ gitRemote: "github.com/Acme/alpha" });
});

test("branch and commit are those that the reflog proves for the time of the session", async () => {
  const gitRemote = "github.com/Acme/alpha";
  expect(await observePast(session(0.5, 0.6))).toEqual({ gitRemote, gitBranch: "main", gitCommit: commits[0] });
  expect(await observePast(session(0.5, 1.5))).toEqual({ gitRemote, gitBranch: "main" });
  expect(await observePast(session(2.5, 2.6))).toEqual({ gitRemote, gitBranch: "fix", gitCommit: commits[2] });
  expect(await observePast(session(1.5, 2.5))).toEqual({ gitRemote });
  expect(await observePast(session(3.5, 50))).toEqual({ gitRemote, gitBranch: "main", gitCommit: commits[3] });
});

test("nothing is certain about a checkout of another project at the same place", async () => {
  expect(await observePast(session(0.5, 0.6, "f".repeat(40)))).toEqual({});
});

test("a project that is named after its first commit is known by the note that OpenCode left in the repository", async () => {
  writeFileSync(join(folder, ".git/opencode"), "f".repeat(40));
  expect(await observePast(session(0.5, 0.6, "f".repeat(40)))).toEqual({ gitBranch: "main", gitCommit: commits[0] });
});

test.each([
  { name: "without a project", change: { meta: {} } },
  { name: "whose folder is gone", change: { projectPath: "/nowhere/at/all" } },
  { name: "without a folder", change: { projectPath: undefined } },
])("nothing is certain about a session $name", async ({ change }) => {
  const { projectPath, ...rest } = session(0.5, 0.6);
  const path = "projectPath" in change ? change.projectPath : projectPath;
  expect(
    await observePast({
      ...rest,
      ...(path === undefined ? {} : { projectPath: path }),
      ...("meta" in change ? { meta: change.meta } : {}),
    }),
  ).toEqual({});
});
