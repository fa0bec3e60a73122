import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type Environment, homeFolder } from "../environment.ts";
import type { Finder } from "./mask-text.ts";
import { type SecretFile, secretsOfFile, secretsOfVariables } from "./secret-values.ts";
import { createValueFinder, type SecretValue } from "./value-finder.ts";

/** Larger files are no settings; nobody keeps a secret at the end of one. */
const MAX_FILE_BYTES = 256 * 1024;

/** Most `.env*` files of one folder that are read, and most values that are looked for in all. */
const MAX_ENV_FILES = 20;
const MAX_VALUES = 2_000;

/** Deepest way from a folder up to the root of its checkout. */
const MAX_PARENTS = 12;

/** Files are looked at for changes at most this often; a value that is new appears in sessions later than in its file. */
const RECHECK_MS = 2_000;

/** Projects whose values are kept in memory. */
const MAX_PROJECTS = 32;

/** Templates hold examples, which are words of the documentation. */
const TEMPLATE = /\.(?:example|sample|template|dist|defaults)$/;

/** What tells where secrets are. */
export type KnownSecretsOptions = {
  readonly env: Environment;
  /** Files of agents that hold secrets, for a project's folder and its parents; none of them need exist. */
  readonly files: (folders: readonly string[]) => readonly SecretFile[];
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
};

type Project = { readonly finder: Finder; readonly stamp: string; readonly checkedAtMs: number };

/**
 * The secrets that are present on this machine: in the environment, in the `.env` files of a project, in the files of
 * agents. Read when they are first needed, kept for the life of the process, read again when a file has changed.
 * What cannot be read is not known: that never stops a sync.
 */
export class KnownSecrets {
  readonly #options: KnownSecretsOptions;
  readonly #now: () => number;
  readonly #files = new Map<string, { readonly stamp: string; readonly secrets: readonly SecretValue[] }>();
  readonly #projects = new Map<string, Project>();

  constructor(options: KnownSecretsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /**
   * What to look for in the sessions of a project.
   * @param projectPath absolute path of its folder; undefined: none is known
   * @param always values to look for in any case, whatever they look like
   */
  async finderFor(projectPath: string | undefined, always: readonly SecretValue[]): Promise<Finder> {
    const id = JSON.stringify([projectPath, always]);
    const known = this.#projects.get(id);
    if (known !== undefined && this.#now() < known.checkedAtMs + RECHECK_MS) return known.finder;
    const checkedAtMs = this.#now();
    const folders = projectPath === undefined ? [] : await foldersOf(projectPath, homeFolder(this.#options.env));
    const files = [...this.#options.files(folders), ...(await environmentFiles(folders))];
    const stamps: string[] = [];
    const secrets: SecretValue[] = [...always, ...secretsOfVariables(this.#options.env)];
    for (const file of files) {
      const { stamp, secrets: found } = await this.#read(file);
      stamps.push(stamp);
      secrets.push(...found);
    }
    const stamp = stamps.join("\n");
    const finder = known?.stamp === stamp ? known.finder : this.#compile(secrets, always.length, projectPath);
    if (this.#projects.size >= MAX_PROJECTS) this.#projects.clear();
    this.#projects.set(id, { finder, stamp, checkedAtMs });
    return finder;
  }

  /** Values that are a part of the project's own path stand in fields that nobody masks: hiding them hides nothing. */
  #compile(secrets: readonly SecretValue[], alwaysCount: number, projectPath = ""): Finder {
    const paths = `${homeFolder(this.#options.env)}\n${projectPath}`;
    const usable = secrets.filter(({ value }, index) => index < alwaysCount || !paths.includes(value));
    return createValueFinder(usable.slice(0, MAX_VALUES));
  }

  async #read(file: SecretFile): Promise<{ readonly stamp: string; readonly secrets: readonly SecretValue[] }> {
    const known = this.#files.get(file.path);
    try {
      const { mtimeMs, size, ino } = await stat(file.path);
      const stamp = `${file.path} ${mtimeMs} ${size} ${ino}`;
      if (known?.stamp === stamp) return known;
      const secrets = size > MAX_FILE_BYTES ? [] : secretsOfFile(await readFile(file.path, "utf8"), file);
      const read = { stamp, secrets };
      this.#files.set(file.path, read);
      return read;
    } catch {
      this.#files.delete(file.path);
      return { stamp: `${file.path} -`, secrets: [] };
    }
  }
}

/** The folder and its parents up to the root of its checkout; outside of a checkout only the folder. */
async function foldersOf(projectPath: string, home: string): Promise<string[]> {
  const folders: string[] = [];
  let folder = resolve(projectPath);
  for (let depth = 0; depth < MAX_PARENTS; depth++) {
    folders.push(folder);
    if (await exists(join(folder, ".git"))) return folders;
    const parent = dirname(folder);
    if (parent === folder || folder === home) break;
    folder = parent;
  }
  return folders.slice(0, 1);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function environmentFiles(folders: readonly string[]): Promise<SecretFile[]> {
  const files: SecretFile[] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    const wanted = names
      .filter((name) => /^\.(?:env(?:\..+|rc)?|dev\.vars)$/.test(name) && !TEMPLATE.test(name))
      .sort();
    for (const name of wanted.slice(0, MAX_ENV_FILES)) {
      files.push({ path: join(folder, name), form: "variables", label: name });
    }
  }
  return files;
}
