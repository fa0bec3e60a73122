import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Environment, homeFolder } from "../../environment.ts";

/** Channels other than the released one keep a database of their own: `opencode-dev.db`, `opencode-next.db`, … */
const DATABASE_NAME = /^opencode(-[\w.-]+)?\.db$/;

/**
 * The databases of OpenCode 1.2 and later on this machine.
 * @returns absolute paths: the one that `OPENCODE_DB` names, or else `opencode.db` first, then those of other channels
 * @source OpenCode 1.18.33: the folder is the same on Linux, macOS and Windows
 */
export function locateDatabases(env: Environment): string[] {
  const folder = dataFolder(env);
  const named = env["OPENCODE_DB"];
  // OpenCode keeps a `:memory:` database to itself.
  if (named === ":memory:") return [];
  if (named) return [isAbsolute(named) ? named : join(folder, named)].filter((file) => existsSync(file));
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => DATABASE_NAME.test(name));
  return names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).map((name) => join(folder, name));
}

/** Where OpenCode keeps its data; the folder need not exist. */
export function dataFolder(env: Environment): string {
  const data = env["XDG_DATA_HOME"] || join(homeFolder(env), ".local/share");
  return join(data, "opencode");
}

/** The user's global OpenCode configuration; the folder need not exist. */
export function configFolder(env: Environment): string {
  const config = env["XDG_CONFIG_HOME"] || join(homeFolder(env), ".config");
  return env["OPENCODE_CONFIG_DIR"] || join(config, "opencode");
}
