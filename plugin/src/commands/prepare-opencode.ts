import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { shortenHome } from "../config/paths.ts";
import { type Environment, INSTALL_MARK } from "../environment.ts";
import { configFolder } from "../sources/opencode/locate.ts";
import {
  installPackage,
  PLUGIN_PACKAGE,
  packageState,
  removeStandIn,
  writeStandIn,
} from "../sources/opencode/plugin-package.ts";
import { otherPlugins } from "../sources/opencode/registration.ts";
import type { Context } from "./command.ts";
import { pluginUrl } from "./install-plugin.ts";
import { npm } from "./npm.ts";
import { openCodeVersion } from "./opencode-version.ts";

/** 63 MB come over a slow line. */
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** A registry that does not answer within this is away, as far as a person at a terminal is concerned. */
const ANSWER_TIMEOUT_MS = 5_000;

/** npm takes a second to start, on a busy machine many: that says nothing about the registry. */
const ASK_TIMEOUT_MS = 30_000;

/**
 * Sees to it that OpenCode's next start need not wait for the package that it wants beside any plugin: fetches it in
 * the background, or, while npm's registry is away and if the person wants it, puts a stand-in in its place.
 * @param wanted whether a stand-in is, when it was said; undefined: ask, or without a terminal only say how
 */
export async function prepareOpenCode(wanted: boolean | undefined, context: Context): Promise<void> {
  const { terminal, env } = context;
  const state = await packageState(env);
  if (state === "ready" || state === "unknown") return;
  const version = await openCodeVersion(env);
  if (version === undefined) return;
  if (await isOffered(version, env)) {
    startInstalling(version, context);
    return terminal.say("What OpenCode wants to install for its plugins is fetched in the background.");
  }
  if (state === "stand-in") return;
  const shown = shortenHome(configFolder(env), env);
  const why = `npm's registry cannot be reached: OpenCode would wait for it at every start, 73 seconds.`;
  if (await hasOthers(context)) return terminal.say(`${why} Your other plugins need ${PLUGIN_PACKAGE}.`);
  const isWanted = wanted ?? (terminal.canAsk && (await terminal.confirm(`${why} Put a stand-in into ${shown}?`)));
  if (!isWanted) return terminal.say(`${why} To avoid that: opencode-sync login --stand-in`);
  await writeStandIn(env);
  terminal.say(`A stand-in for ${PLUGIN_PACKAGE} is in ${shown}. It is replaced when npm's registry can be reached.`);
}

/** Replaces a stand-in in the background, if there is one and npm's registry can be reached by now. */
export async function replaceStandIn(context: Context): Promise<void> {
  if ((await packageState(context.env)) !== "stand-in") return;
  const version = await openCodeVersion(context.env);
  if (version !== undefined) startInstalling(version, context);
}

/** Takes a stand-in away, and says so. */
export async function undoStandIn({ env, terminal }: Context): Promise<void> {
  if (await removeStandIn(env)) terminal.say(`The stand-in is gone from ${shortenHome(configFolder(env), env)}`);
}

/** What the process that was started for it does: installs, in silence. Never throws. */
export async function installInBackground(version: string, env: Environment): Promise<void> {
  await installPackage(env, version, (folder) =>
    npm(["install", "--prefix", folder], env, { timeoutMs: INSTALL_TIMEOUT_MS, folder }),
  ).catch(() => undefined);
}

function startInstalling(version: string, { env, packageFolder }: Context): void {
  const child = spawn(process.execPath, [join(packageFolder, "cli.js")], {
    cwd: packageFolder,
    detached: true,
    stdio: "ignore",
    windowsHide: true,
    // The runtime may be the one inside of OpenCode.
    env: { ...env, [INSTALL_MARK]: version, BUN_BE_BUN: "1" },
  });
  // OpenCode installs it itself then.
  child.on("error", () => undefined);
  child.unref();
}

function isOffered(version: string, env: Environment): Promise<boolean> {
  const args = [
    "view",
    `${PLUGIN_PACKAGE}@${version}`,
    "version",
    "--fetch-retries=0",
    `--fetch-timeout=${ANSWER_TIMEOUT_MS}`,
  ];
  return npm(args, env, { timeoutMs: ASK_TIMEOUT_MS }).then(
    () => true,
    () => false,
  );
}

/** Whether another plugin or tool in OpenCode's configuration folder may import the package. */
async function hasOthers(context: Context): Promise<boolean> {
  if (await otherPlugins(context.env, pluginUrl(context))) return true;
  for (const name of ["plugin", "plugins", "tool", "tools"]) {
    const files = await readdir(join(configFolder(context.env), name)).catch(() => []);
    if (files.length > 0) return true;
  }
  return false;
}
