import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** What a checkout says about itself at this moment. What is not known is absent. */
export type GitState = { readonly gitRemote?: string; readonly gitBranch?: string; readonly gitCommit?: string };

/** Deepest nesting of folders that is searched upwards: a loop of links must not hold up the agent. */
const MAX_PARENTS = 64;

/**
 * Reads branch, commit and origin of the checkout that holds a folder, from git's own files: an agent's process must
 * not start others. Worktrees and packed refs are understood.
 * @param folder absolute path
 * @returns empty outside of a checkout. Never throws.
 */
export async function observeGit(folder: string): Promise<GitState> {
  try {
    const gitDir = await findGitDir(folder);
    if (gitDir === undefined) return {};
    const commonDir = await readCommonDir(gitDir);
    const head = await readText(join(gitDir, "HEAD"));
    const ref = /^ref: (.+)$/m.exec(head)?.[1];
    const branch = ref?.replace(/^refs\/heads\//, "");
    const commit = ref === undefined ? head.trim() : await readRef(gitDir, commonDir, ref);
    const remote = originOf(await readText(join(commonDir, "config")));
    return {
      ...(remote === undefined ? {} : { gitRemote: remote }),
      ...(branch === undefined ? {} : { gitBranch: branch }),
      ...(/^[0-9a-f]{40,64}$/.test(commit) ? { gitCommit: commit } : {}),
    };
  } catch {
    // Half a repository, no permission: then nothing is observed, and nothing is lost by it.
    return {};
  }
}

/**
 * The one form of a repository's address: `host/path`, without scheme, user, port or `.git`.
 * @returns undefined for local paths
 */
export function normalizeRemote(url: string): string | undefined {
  const scp = /^(?:[^@/\s]+@)?([^:/\s]+):(?!\/)(.+)$/.exec(url);
  const full = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(url);
  const [, host, path] = full ?? scp ?? [];
  // One letter before a colon is a drive of Windows.
  if (host === undefined || path === undefined || (full === null && host.length === 1)) return undefined;
  return `${host.toLowerCase()}/${path.replace(/\/+$/, "").replace(/\.git$/, "")}`;
}

/** The `.git` folder of the checkout that holds a folder; undefined outside of one. */
export async function findGitDir(folder: string): Promise<string | undefined> {
  let current = resolve(folder);
  for (let depth = 0; depth < MAX_PARENTS; depth++) {
    const candidate = join(current, ".git");
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isDirectory()) return candidate;
    // In a worktree or a submodule `.git` is a file that names the folder.
    if (found?.isFile()) return resolve(current, (await readText(candidate)).replace(/^gitdir:\s*/, "").trim());
    const parent = dirname(current);
    if (parent === current) return undefined;
    current = parent;
  }
  return undefined;
}

/** A worktree keeps HEAD for itself and shares refs and configuration with its repository. */
export async function readCommonDir(gitDir: string): Promise<string> {
  const text = await readText(join(gitDir, "commondir"));
  return text === "" ? gitDir : resolve(gitDir, text.trim());
}

async function readRef(gitDir: string, commonDir: string, ref: string): Promise<string> {
  for (const folder of [gitDir, commonDir]) {
    const loose = (await readText(join(folder, ref))).trim();
    if (loose !== "") return loose;
  }
  const packed = await readText(join(commonDir, "packed-refs"));
  return (
    packed
      .split("\n")
      .find((line) => line.endsWith(` ${ref}`))
      ?.split(" ")[0] ?? ""
  );
}

function originOf(config: string): string | undefined {
  const section = /^\[remote "origin"\]([^[]*)/m.exec(config)?.[1] ?? "";
  const url = /^\s*url\s*=\s*(.+?)\s*$/m.exec(section)?.[1];
  return url === undefined ? undefined : normalizeRemote(url);
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
