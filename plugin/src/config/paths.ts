import { join } from "node:path";
import { type Environment, homeFolder } from "../environment.ts";

/** Our folder on this machine: `OPENSYNC_HOME`, or else `~/.opensync`. It need not exist. */
export function openSyncFolder(env: Environment): string {
  return env["OPENSYNC_HOME"] || join(homeFolder(env), ".opensync");
}

/** Address and key of the server. */
export function credentialsFile(env: Environment): string {
  return join(openSyncFolder(env), "credentials.json");
}

/** What saves work and may be lost. */
export function notesFolder(env: Environment): string {
  return join(openSyncFolder(env), "state");
}

/** What is known to be on the server, for one agent. */
export function stateFile(env: Environment, sourceId: string): string {
  return join(notesFolder(env), `${sourceId}.json`);
}

/** What this machine has sent, a file for each session of one agent. */
export function sentFolder(env: Environment, sourceId: string): string {
  return join(notesFolder(env), "sent", sourceId);
}

/** What a process holds while only one may do something, for example `sync`. */
export function lockFile(env: Environment, name: string): string {
  return join(notesFolder(env), `${name}.lock`);
}

/** The plugin's entry at a path that survives updates of Node and of this package. */
export function installedPluginFile(env: Environment): string {
  return join(openSyncFolder(env), "plugin.js");
}

/** A path with the home folder as `~`: safe to paste. */
export function shortenHome(path: string, env: Environment): string {
  const home = homeFolder(env);
  return path.startsWith(home) ? `~${path.slice(home.length)}` : path;
}
