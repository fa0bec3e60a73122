import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { normalizeRemote, observeGit } from "./git.ts";

let folder: string;
let repository: string;
const git = (...args: string[]) =>
  execFileSync("git", ["-c", "user.name=D", "-c", "user.email=d@example.com", ...args], {
    cwd: repository,
    env: { PATH: process.env["PATH"], GIT_CONFIG_NOSYSTEM: "1", HOME: folder },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-git-"));
  repository = join(folder, "repository");
  mkdirSync(join(repository, "src/deep"), { recursive: true });
  git("init", "--quiet", "--initial-branch", "main");
  git("remote", "add", "origin", "git@github.com:acme/shop.git");
  writeFileSync(join(repository, "a"), "a");
  git("add", "a");
  git("commit", "--quiet", "--message", "a");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a checkout", () => {
  test("tells branch, commit and origin, also from a folder inside", async () => {
    const state = { gitRemote: "github.com/acme/shop", gitBranch: "main", gitCommit: git("rev-parse", "HEAD") };
    expect(await observeGit(repository)).toEqual(state);
    expect(await observeGit(join(repository, "src/deep"))).toEqual(state);
  });

  test("tells the commit when refs are packed", async () => {
    git("pack-refs", "--all");
    expect(await observeGit(repository)).toMatchObject({ gitCommit: git("rev-parse", "HEAD") });
  });

  test("in a worktree has a branch of its own", async () => {
    const worktree = join(folder, "worktree");
    git("worktree", "add", "--quiet", "-b", "feature/x", worktree);
    expect(await observeGit(worktree)).toEqual({
      gitRemote: "github.com/acme/shop",
      gitBranch: "feature/x",
      gitCommit: git("rev-parse", "HEAD"),
    });
  });

  test("on a detached commit has no branch", async () => {
    git("checkout", "--quiet", "--detach");
    expect(await observeGit(repository)).toEqual({
      gitRemote: "github.com/acme/shop",
      gitCommit: git("rev-parse", "HEAD"),
    });
  });

  test("without a commit has a branch only", async () => {
    const fresh = join(folder, "fresh");
    execFileSync("git", ["init", "--quiet", "--initial-branch", "trunk", fresh]);
    expect(await observeGit(fresh)).toEqual({ gitBranch: "trunk" });
  });
});

test.each(["/", "/no/such/folder", tmpdir()])("outside of a checkout nothing is observed: %s", async (place) => {
  expect(await observeGit(place)).toEqual({});
});

test.each([
  ["https://github.com/acme/shop.git", "github.com/acme/shop"],
  ["https://user:token@GitHub.com/acme/shop/", "github.com/acme/shop"],
  ["git@github.com:acme/shop.git", "github.com/acme/shop"],
  ["ssh://git@git.example.com:2222/team/shop.git", "git.example.com/team/shop"],
  ["gitlab.example.com:team/sub/shop", "gitlab.example.com/team/sub/shop"],
])("the remote %s is %s", (url, normal) => {
  expect(normalizeRemote(url)).toBe(normal);
});

test.each(["/srv/git/shop.git", "../shop", "C:\\git\\shop", "file:///srv/git/shop"])(
  "a local remote is none: %s",
  (url) => {
    expect(normalizeRemote(url)).toBeUndefined();
  },
);
