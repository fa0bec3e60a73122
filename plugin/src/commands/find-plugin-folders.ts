import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Environment, homeFolder } from "../environment.ts";
import { configFolder } from "../sources/opencode/locate.ts";

/** What every build of the plugin says about itself. */
const MARK = "opensync.plugin.1";

/**
 * Copies of the plugin in the user's folders whose files OpenCode loads by itself, without being told to.
 * @returns absolute paths
 * @source OpenCode 1.18.33: `plugin` and `plugins`, top level, `.ts` and `.js`
 */
export async function findPluginFolders(env: Environment): Promise<string[]> {
  const found: string[] = [];
  for (const folder of new Set([configFolder(env), join(homeFolder(env), ".opencode")])) {
    for (const name of ["plugin", "plugins"]) {
      const files = await readdir(join(folder, name)).catch(() => []);
      for (const file of files.filter((entry) => /\.[tj]s$/.test(entry))) {
        const path = join(folder, name, file);
        const text = await readFile(path, "utf8").catch(() => "");
        if (text.includes(MARK)) found.push(path);
      }
    }
  }
  return found;
}
