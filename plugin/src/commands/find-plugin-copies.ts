import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Environment, homeFolder } from "../environment.ts";
import { configFolder } from "../sources/opencode/locate.ts";

/** What every build of the plugin says about itself. */
const MARK = "opensync.plugin.1";

/**
 * The folders of a project in which OpenCode looks for configuration: from a folder up to the root of its checkout.
 * @source OpenCode 1.18.33
 */
export function projectFolders(folder: string): string[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at);
    if (existsSync(join(at, ".git")) || dirname(at) === at) return folders;
  }
}

/**
 * Copies of the plugin whose files OpenCode loads by itself, without being told to: those of the user, and of the
 * project in which it is started.
 * @param folder where that is, absolute
 * @returns absolute paths
 * @source OpenCode 1.18.33: `plugin` and `plugins`, top level, `.ts` and `.js`
 */
export async function findPluginCopies(env: Environment, folder: string): Promise<string[]> {
  const found: string[] = [];
  const ofProject = projectFolders(folder).map((at) => join(at, ".opencode"));
  for (const at of new Set([configFolder(env), join(homeFolder(env), ".opencode"), ...ofProject])) {
    for (const name of ["plugin", "plugins"]) {
      const files = await readdir(join(at, name)).catch(() => []);
      for (const file of files.filter((entry) => /\.[tj]s$/.test(entry))) {
        const path = join(at, name, file);
        const text = await readFile(path, "utf8").catch(() => "");
        if (text.includes(MARK)) found.push(path);
      }
    }
  }
  return found;
}
