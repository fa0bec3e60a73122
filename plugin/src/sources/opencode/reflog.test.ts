import { describe, expect, test } from "vitest";
import { checkedOutDuring, parseReflog } from "./reflog.ts";

const [A, B, C] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
const line = (commit: string, at: number, reason: string) =>
  `${A} ${commit} Dev <d@example.com> ${at} +0100\t${reason}\n`;
const during = (log: string, from: number, to: number, now = { gitBranch: "main", gitCommit: C }) =>
  checkedOutDuring(parseReflog(log), { fromMs: from * 1000, toMs: to * 1000 }, now);

const HISTORY =
  line(A, 100, "clone: from github.com:acme/alpha.git") +
  line(A, 200, "checkout: moving from main to fix/login") +
  line(B, 300, "commit: Fix the login") +
  line(A, 400, "checkout: moving from fix/login to main") +
  line(C, 500, "merge fix/login: Fast-forward");

describe("the reflog proves", () => {
  test.each([
    { name: "the branch that the next switch left", from: 110, to: 190, proved: { gitBranch: "main", gitCommit: A } },
    { name: "a branch over a commit, but not which commit", from: 250, to: 350, proved: { gitBranch: "fix/login" } },
    { name: "branch and commit", from: 310, to: 390, proved: { gitBranch: "fix/login", gitCommit: B } },
    {
      name: "the present branch since the last switch",
      from: 510,
      to: 9999,
      proved: { gitBranch: "main", gitCommit: C },
    },
  ])("$name", ({ from, to, proved }) => {
    expect(during(HISTORY, from, to)).toEqual(proved);
  });
});

describe("the reflog proves nothing", () => {
  test.each([
    { name: "before it begins", log: HISTORY, from: 50, to: 150 },
    { name: "over a switch", log: HISTORY, from: 150, to: 250 },
    { name: "in the second of its first entry", log: HISTORY, from: 100, to: 100 },
    { name: "without entries", log: "", from: 150, to: 160 },
    {
      name: "when its times run backwards",
      log: line(A, 300, "commit: x") + line(B, 200, "commit: y"),
      from: 400,
      to: 401,
    },
  ])("$name", ({ log, from, to }) => {
    expect(during(log, from, to)).toEqual({});
  });

  test.each([
    { name: "a rebase", reason: "rebase (start): checkout origin/main" },
    { name: "a pull that rebased", reason: "pull --rebase (start): checkout abc" },
    { name: "a pull that was set to rebase", reason: "pull (start): checkout abc" },
    { name: "a renamed branch", reason: "Branch: renamed refs/heads/a to refs/heads/main" },
    { name: "a branch begun anew", reason: "commit (initial): Start over" },
    { name: "a reason that nobody knows", reason: "teleport: to main" },
  ])("about the branch before $name", ({ reason }) => {
    expect(during(line(A, 100, "commit: x") + line(C, 300, reason), 200, 210)).toEqual({ gitCommit: A });
  });

  test("about the branch when no branch was checked out", () => {
    const log = line(A, 100, "commit: x") + line(C, 300, `checkout: moving from ${B} to main`);
    expect(during(log, 200, 210)).toEqual({ gitCommit: A });
    expect(
      checkedOutDuring(
        parseReflog(line(A, 100, "checkout: moving from main to v1.0")),
        { fromMs: 2e5, toMs: 2e5 },
        { gitCommit: A },
      ),
    ).toEqual({ gitCommit: A });
  });

  test("about the branch when another one was begun without a commit since", () => {
    expect(during(line(A, 100, "commit: x"), 200, 210, { gitBranch: "orphan", gitCommit: C })).toEqual({
      gitCommit: A,
    });
  });
});
