/** One change of HEAD in a checkout. */
export type ReflogEntry = {
  /** Epoch seconds: git notes no more. */
  readonly at: number;
  /** Where HEAD is since then. */
  readonly commit: string;
  /** Why, for example `checkout: moving from main to fix`. */
  readonly reason: string;
};

/** A stretch of time, epoch ms, both ends included. */
export type Interval = { readonly fromMs: number; readonly toMs: number };

/** What was checked out all through an interval; what is not certain is absent. */
export type CheckedOut = { readonly gitBranch?: string; readonly gitCommit?: string };

/** Reasons after which the same branch is checked out as before. Rebases, renames and first commits are not among them. */
const SAME_BRANCH =
  /^(commit|commit \((amend|merge)\)|merge [^:]*|pull(?! --rebase| -r\b| \()[^:]*|reset|cherry-pick|revert):/;

/** Reads `.git/logs/HEAD`. Lines of another form are left out. */
export function parseReflog(text: string): ReflogEntry[] {
  return text.split("\n").flatMap((line) => {
    const [, commit = "", at = "", reason = ""] =
      /^[0-9a-f]+ ([0-9a-f]{40,64}) .*> (\d+) [+-]\d{4}\t(.*)$/.exec(line) ?? [];
    return commit === "" ? [] : [{ at: Number(at), commit, reason }];
  });
}

/**
 * What was checked out all through an interval, if the reflog proves it: it must reach back before the interval, run
 * forward in time, and say what happened between the interval and the next switch of branches or now.
 * @param now what is checked out at present
 * @returns empty when nothing is proved
 */
export function checkedOutDuring(
  entries: readonly ReflogEntry[],
  { fromMs, toMs }: Interval,
  now: CheckedOut,
): CheckedOut {
  const isOrdered = entries.every((entry, index) => entry.at >= (entries[index - 1]?.at ?? 0));
  // An entry in the same second as an end of the interval could be on either side of it.
  const from = Math.floor(fromMs / 1000);
  const to = Math.floor(toMs / 1000);
  const before = entries.findLast((entry) => entry.at < from);
  if (!isOrdered || before === undefined) return {};
  const during = entries.filter((entry) => entry.at >= from && entry.at <= to);
  const after = entries.filter((entry) => entry.at > to);
  const gitBranch = during.every(({ reason }) => SAME_BRANCH.test(reason))
    ? branchBefore(after, entries, now)
    : undefined;
  return {
    ...(gitBranch === undefined ? {} : { gitBranch }),
    ...(during.length > 0 ? {} : { gitCommit: before.commit }),
  };
}

/** The branch that the next switch left, or that is checked out now when there was none. */
function branchBefore(after: readonly ReflogEntry[], all: readonly ReflogEntry[], now: CheckedOut): string | undefined {
  for (const { reason } of after) {
    const left = /^checkout: moving from (.+) to \S+$/.exec(reason)?.[1];
    // A detached HEAD is left by its commit; a tag or a short hash can only be moved to.
    if (left !== undefined) return /^[0-9a-f]{40,64}$/.test(left) ? undefined : left;
    if (!SAME_BRANCH.test(reason)) return undefined;
  }
  // A branch that was begun without a commit leaves no entry.
  return now.gitCommit === all.at(-1)?.commit ? now.gitBranch : undefined;
}
