import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { readIfThere } from "../../config/private-file.ts";
import type { Environment } from "../../environment.ts";
import { configFolder } from "./locate.ts";

/**
 * What OpenCode installs into its configuration folder as soon as there is any plugin. It waits for that when it
 * starts: 10 to 30 s the first time, 73 s every time while npm's registry cannot be reached.
 * @source OpenCode 1.18.33
 */
export const PLUGIN_PACKAGE = "@opencode-ai/plugin";

/**
 * `ready`: OpenCode takes it as installed. `stand-in`: so, because of `writeStandIn`. `missing`: nothing is installed in
 * the folder. `unknown`: something is, which is OpenCode's business, or its user's.
 */
export type PackageState = "ready" | "stand-in" | "missing" | "unknown";

/** The three things by which OpenCode, as npm, knows what is installed; the lock file is what it looks at last. */
const [MODULES, MANIFEST, LOCK] = ["node_modules", "package.json", "package-lock.json"] as const;

/** Marks our lock file, and with it the other two as ours. Whoever installs for real writes another name. */
const STAND_IN = "opensync-stand-in";

/** Folders of ours beside the place to install to, while it is made. */
const WORK_PREFIX = ".opensync-";

/** A work folder this old was left by a process that was killed. */
const STALE_MS = 10 * 60_000;

const dependenciesSchema = z._default(z.record(z.string(), z.unknown()), {});
const manifestSchema = z.object({ dependencies: dependenciesSchema });
const lockSchema = z.object({
  name: z.optional(z.string()),
  packages: z._default(z.record(z.string(), z.object({ dependencies: dependenciesSchema })), {}),
});

/** What OpenCode will find in its configuration folder. */
export async function packageState(env: Environment): Promise<PackageState> {
  const folder = configFolder(env);
  if (![MODULES, MANIFEST, LOCK].some((name) => existsSync(join(folder, name)))) return "missing";
  const manifest = z.safeParse(manifestSchema, await readJson(join(folder, MANIFEST)));
  const lock = z.safeParse(lockSchema, await readJson(join(folder, LOCK)));
  if (!existsSync(join(folder, MODULES)) || !lock.success) return "unknown";
  if (lock.data.name === STAND_IN) return "stand-in";
  const installed = lock.data.packages[""]?.dependencies ?? {};
  const wanted = [PLUGIN_PACKAGE, ...Object.keys(manifest.success ? manifest.data.dependencies : {})];
  return wanted.every((name) => name in installed) ? "ready" : "unknown";
}

/**
 * Makes OpenCode believe that its package is installed. A plugin that imports it would not load: only for a folder in
 * which no other one lives.
 */
export async function writeStandIn(env: Environment): Promise<void> {
  const folder = configFolder(env);
  const dependencies = { [PLUGIN_PACKAGE]: "*" };
  await mkdir(join(folder, MODULES), { recursive: true });
  await writeFile(join(folder, MANIFEST), `${JSON.stringify({ dependencies }, null, 2)}\n`);
  const lock = { name: STAND_IN, lockfileVersion: 3, packages: { "": { dependencies } } };
  await writeFile(join(folder, LOCK), `${JSON.stringify(lock, null, 2)}\n`);
}

/** Takes the stand-in away again. @returns whether there was one */
export async function removeStandIn(env: Environment): Promise<boolean> {
  if ((await packageState(env)) !== "stand-in") return false;
  const folder = configFolder(env);
  await rm(join(folder, LOCK), { force: true });
  await rm(join(folder, MANIFEST), { force: true });
  // Only an empty folder is what we made.
  await rmdir(join(folder, MODULES)).catch(() => undefined);
  return true;
}

/**
 * Installs the package, unless something is installed there by then. It is made beside its place and moved there
 * whole: OpenCode may start at any time and must not find half of it.
 * @param install installs into a folder what its package.json names. @throws when it cannot
 */
export async function installPackage(
  env: Environment,
  version: string,
  install: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = configFolder(env);
  await mkdir(folder, { recursive: true });
  await removeStaleWork(folder);
  const work = await mkdtemp(join(folder, WORK_PREFIX));
  try {
    // npm names what it makes after the folder.
    const made = join(work, "opencode");
    await mkdir(made);
    const manifest = { dependencies: { [PLUGIN_PACKAGE]: version } };
    await writeFile(join(made, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    await install(made);
    const state = await packageState(env);
    if (state !== "missing" && state !== "stand-in") return;
    await removeStandIn(env);
    for (const name of [MODULES, MANIFEST, LOCK]) await rename(join(made, name), join(folder, name));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function removeStaleWork(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(WORK_PREFIX)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > STALE_MS) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse((await readIfThere(file)) ?? "");
  } catch {
    return undefined;
  }
}
