import { credentialsFile } from "../config/paths.ts";
import type { Environment } from "../environment.ts";
import { secretFiles } from "../sources/opencode/secret-files.ts";
import { KnownSecrets } from "./known-secrets.ts";

/**
 * The secrets of this machine: its environment, `.env` files of projects, our own key, and those of every agent, since
 * an agent can read the files of another. Nothing is read yet. One for a process is enough: it keeps what it has read.
 */
export function machineSecrets(env: Environment): KnownSecrets {
  return new KnownSecrets({
    env,
    files: (folders) => [
      { path: credentialsFile(env), form: "settings", label: "opensync-key" },
      ...secretFiles(env, folders),
    ],
  });
}
