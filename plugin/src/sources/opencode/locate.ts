import { existsSync, readdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { type Environment, homeFolder } from "../../environment.ts";

/** Channels other than the released one keep a database of their own: `opencode-dev.db`, `opencode-next.db`, … */
const DATABASE_NAME = /^opencode(-[\w.-]+)?\.db$/;

/**
 * The databases of OpenCode 1.2 and later on this machine.
 * @returns absolute paths: the one that `OPENCODE_DB` names, or else `opencode.db` first, then those of other channels.
 *   `:memory:` names none that can be read by others, and changes nothing about those of earlier runs
 * @source OpenCode 1.18.33
 */
export function locateDatabases(env: Environment): string[] {
  const folder = dataFolder(env);
  const named = env["OPENCODE_DB"];
  if (named && named !== ":memory:") {
    return [isAbsolute(named) ? named : join(folder, named)].filter((file) => existsSync(file));
  }
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => DATABASE_NAME.test(name));
  return names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).map((name) => join(folder, name));
}

/**
 * Where OpenCode keeps its data, the same below the home on Linux, macOS and Windows; the folder need not exist.
 * @source `opencode debug paths` of 1.18.33
 */
export function dataFolder(env: Environment, platform: NodeJS.Platform = process.platform): string {
  // On Windows, a shell that sets HOME (Git Bash) does not move OpenCode, which asks the system for its home.
  const home = platform === "win32" ? env["USERPROFILE"] || homeFolder(env) : homeFolder(env);
  return join(env["XDG_DATA_HOME"] || join(home, ".local/share"), "opencode");
}

/** The user's global OpenCode configuration; the folder need not exist. */
export function configFolder(env: Environment): string {
  const config = env["XDG_CONFIG_HOME"] || join(homeFolder(env), ".config");
  return env["OPENCODE_CONFIG_DIR"] || join(config, "opencode");
}
