import { homedir } from "node:os";

/** What a process is told from outside. Passed in, so that nothing below the entry points reads globals. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Set for the process that installs something in the background: the version to install. */
export const INSTALL_MARK = "OPENSYNC_INSTALL";

/** The user's home folder. */
export function homeFolder(env: Environment): string {
  return env["HOME"] || env["USERPROFILE"] || homedir();
}
