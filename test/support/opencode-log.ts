import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Finished, OpenCodeHome } from "./opencode.ts";

/** Lines of its log that say how OpenCode ended; a start alone writes some forty. */
const LOG_LINES = 60;

/** All that is known of a run that did not end as it should: what it printed, and the end of each log in its home. */
export function accountOf(home: OpenCodeHome, { exitCode, stdout, stderr, durationMs }: Finished): string {
  const folder = join(home.home, ".local/share/opencode/log");
  const logs = globSync("*.log", { cwd: folder }).map((name) => [name, tailOf(join(folder, name))] as const);
  const pieces = [["stdout", stdout], ["stderr", stderr], ...logs].map(([name, text]) => `--- ${name}\n${text}`);
  return [`OpenCode ended with ${exitCode} after ${durationMs.toFixed(0)} ms`, ...pieces].join("\n");
}

function tailOf(file: string): string {
  return readFileSync(file, "utf8").split("\n").slice(-LOG_LINES).join("\n");
}
