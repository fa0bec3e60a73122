import { existsSync } from "node:fs";
import { mkdir, realpath, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findNodeAtLocation, getNodeValue, type Node, parseTree } from "jsonc-parser";
import { ConfigError } from "../../config/config-error.ts";
import { readIfThere, replaceFile } from "../../config/private-file.ts";
import type { Environment } from "../../environment.ts";
import { insertLast, removeAt } from "./edit-jsonc.ts";
import { configFolder } from "./locate.ts";

/** How OpenCode's configuration stands to a plugin. */
export type Registration = {
  /** The file that names the plugin, or would be changed to name it. */
  readonly file: string;
  readonly isRegistered: boolean;
};

/** OpenCode reads both and merges them; comments are allowed in either. */
const FILE_NAMES = ["opencode.jsonc", "opencode.json"];

/** The npm name of this package. OpenCode would run whatever is published under it, so it is never written here. */
const PACKAGE_NAME = "opencode-sync-plugin";

/**
 * Whether OpenCode's user-wide configuration names a plugin.
 * @param pluginUrl `file:` URL of its entry
 * @throws ConfigError when a configuration file is not JSON
 */
export async function readRegistration(env: Environment, pluginUrl: string): Promise<Registration> {
  const files = await readConfigFiles([configFolder(env)]);
  const registered = files.find(({ text, file }) => pluginEntries(text, file).includes(pluginUrl));
  const target = registered ?? files.find(({ text, file }) => pluginEntries(text, file).length > 0) ?? files[0];
  const file = target?.file ?? join(configFolder(env), "opencode.json");
  return { file, isRegistered: registered !== undefined };
}

/**
 * Adds the plugin to OpenCode's configuration, once. Everything else in the file stays as it is, comments and white
 * space too; a missing file is made.
 * @returns the file that names the plugin now
 * @throws ConfigError when the file cannot be understood; then it is untouched
 */
export async function register(env: Environment, pluginUrl: string): Promise<string> {
  const { file, isRegistered } = await readRegistration(env, pluginUrl);
  if (isRegistered) return file;
  const text = (await readIfThere(file)) ?? "";
  await writeConfig(file, text.trim() === "" ? newConfig(pluginUrl) : withPlugin(text, file, pluginUrl));
  return file;
}

/**
 * Takes the plugin out of OpenCode's configuration again.
 * @returns the files that were changed
 * @throws ConfigError when a file cannot be understood
 */
export async function unregister(env: Environment, pluginUrl: string): Promise<string[]> {
  const changed: string[] = [];
  for (const { file, text } of await readConfigFiles([configFolder(env)])) {
    if (!pluginEntries(text, file).includes(pluginUrl)) continue;
    await writeConfig(file, withoutPlugin(text, file, pluginUrl));
    changed.push(file);
  }
  return changed;
}

/** Configuration files that name this package by its npm name: a version 1 installation, which must go. */
export async function namedByPackage(env: Environment): Promise<string[]> {
  return naming(await readConfigFiles([configFolder(env)]), isPackage);
}

/**
 * Configuration files of a project that name the plugin, in whatever way: the user's does already.
 * @param folders in which OpenCode looks for them
 */
export async function namedInProject(folders: readonly string[], pluginUrl: string): Promise<string[]> {
  const places = folders.flatMap((folder) => [folder, join(folder, ".opencode")]);
  return naming(await readConfigFiles(places), (entry) => entry === pluginUrl || isPackage(entry));
}

function isPackage(entry: string): boolean {
  return entry === PACKAGE_NAME || entry.startsWith(`${PACKAGE_NAME}@`);
}

function naming(files: readonly ConfigFile[], isOurs: (entry: string) => boolean): string[] {
  return files.filter(({ text, file }) => pluginEntries(text, file).some(isOurs)).map(({ file }) => file);
}

/** Whether the configuration names any other plugin. */
export async function otherPlugins(env: Environment, pluginUrl: string): Promise<boolean> {
  const files = await readConfigFiles([configFolder(env)]);
  return files.some(({ text, file }) => pluginEntries(text, file).some((entry) => entry !== pluginUrl));
}

type ConfigFile = { readonly file: string; readonly text: string };

async function readConfigFiles(folders: readonly string[]): Promise<ConfigFile[]> {
  const files: ConfigFile[] = [];
  for (const file of folders.flatMap((folder) => FILE_NAMES.map((name) => join(folder, name)))) {
    const text = await readIfThere(file);
    if (text !== undefined) files.push({ file, text });
  }
  return files;
}

/** The plugins that a configuration names, options left aside. */
function pluginEntries(text: string, file: string): string[] {
  if (text.trim() === "") return [];
  const list = pluginList(parseConfig(text, file));
  const value: unknown = list === undefined ? [] : getNodeValue(list);
  if (!Array.isArray(value)) throw unusable(file, '"plugin" is not a list');
  return value.map((entry: unknown) => String(Array.isArray(entry) ? entry[0] : entry));
}

function parseConfig(text: string, file: string): Node {
  const errors: { error: number; offset: number; length: number }[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  if (tree?.type !== "object" || errors.length > 0) throw unusable(file, "it is not JSON");
  return tree;
}

function pluginList(tree: Node): Node | undefined {
  return findNodeAtLocation(tree, ["plugin"]);
}

function unusable(file: string, reason: string): ConfigError {
  return new ConfigError({
    message: `cannot change ${file}: ${reason}`,
    hint: "Correct the file, then run: opencode-sync login --register",
  });
}

function newConfig(pluginUrl: string): string {
  return `${JSON.stringify({ $schema: "https://opencode.ai/config.json", plugin: [pluginUrl] }, null, 2)}\n`;
}

function withPlugin(text: string, file: string, pluginUrl: string): string {
  const tree = parseConfig(text, file);
  const list = pluginList(tree);
  const entry = JSON.stringify(pluginUrl);
  return list === undefined ? insertLast(text, tree, `"plugin": [${entry}]`) : insertLast(text, list, entry);
}

/** The last entry takes its list with it: an empty one would only puzzle whoever reads the file. */
function withoutPlugin(text: string, file: string, pluginUrl: string): string {
  const tree = parseConfig(text, file);
  const list = pluginList(tree);
  const entries = pluginEntries(text, file);
  if (list === undefined) return text;
  if (entries.length > 1) return removeAt(text, list, entries.indexOf(pluginUrl));
  return removeAt(text, tree, list.parent === undefined ? -1 : (tree.children?.indexOf(list.parent) ?? -1));
}

/** Follows links, since dotfiles are often links into a repository, and keeps the permissions of the file. */
async function writeConfig(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const target = existsSync(file) ? await realpath(file) : file;
  const mode = existsSync(target) ? (await stat(target)).mode & 0o777 : 0o644;
  await replaceFile(target, text, mode);
}
