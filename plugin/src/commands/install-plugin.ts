import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installedPluginFile, shortenHome } from "../config/paths.ts";
import { readIfThere, writePrivateFile } from "../config/private-file.ts";
import { namedByPackage, readRegistration, register } from "../sources/opencode/registration.ts";
import type { Context } from "./command.ts";
import { openCodeVersion } from "./opencode-version.ts";
import { inFormFor } from "./plugin-form.ts";

/** The `file:` URL under which OpenCode is told to load the plugin. */
export function pluginUrl({ env }: Pick<Context, "env">): string {
  return pathToFileURL(installedPluginFile(env)).href;
}

/** Copies the built entry to a path that survives updates of Node and of this package, in the form for this OpenCode. */
export async function installPluginFile({ env, packageFolder }: Context): Promise<void> {
  const entry = await readFile(join(packageFolder, "plugin.js"), "utf8");
  await writePrivateFile(installedPluginFile(env), inFormFor(entry, await openCodeVersion(env)));
}

/** Whether the installed entry is the one of this version, for the OpenCode of this machine; undefined: there is none. */
export async function isPluginCurrent({ env, packageFolder }: Context): Promise<boolean | undefined> {
  const installed = await readIfThere(installedPluginFile(env));
  if (installed === undefined) return undefined;
  const entry = await readIfThere(join(packageFolder, "plugin.js"));
  return entry !== undefined && installed === inFormFor(entry, await openCodeVersion(env));
}

/**
 * Registers the plugin with OpenCode, if the person wants it.
 * @param wanted true or false when it was said; undefined: ask, or without a terminal only say how
 * @returns whether OpenCode loads the plugin now
 */
export async function offerRegistration(wanted: boolean | undefined, context: Context): Promise<boolean> {
  const { terminal, env } = context;
  const url = pluginUrl(context);
  for (const file of await namedByPackage(env)) {
    terminal.say(`${shortenHome(file, env)} also names "opencode-sync-plugin": take it out, or sessions go out twice.`);
  }
  const { file, isRegistered } = await readRegistration(env, url);
  const shown = shortenHome(file, env);
  if (isRegistered) {
    terminal.say(`OpenCode loads the plugin already: ${shown}`);
    return true;
  }
  const isWanted = wanted ?? (terminal.canAsk && (await terminal.confirm(`Let OpenCode load the plugin (${shown})?`)));
  if (!isWanted) {
    terminal.say(`OpenCode does not load the plugin yet. To change that: opencode-sync login --register`);
    return false;
  }
  terminal.say(`OpenCode loads the plugin from its next start on: ${shortenHome(await register(env, url), env)}`);
  return true;
}
