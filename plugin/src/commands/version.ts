import { OpenSyncError } from "@opensync/client";
import { readCredentials } from "../config/credentials.ts";
import { COMMIT, VERSION } from "../version.ts";
import type { Command, Context } from "./command.ts";
import { clientFor } from "./connect-to-server.ts";

/** Shows the installed version, and the server's when this machine is signed in. */
export const version: Command = {
  name: "version",
  summary: "Show the installed version, and that of the server",
  example: "opencode-sync version",
  options: {},
  fields: {
    version: "version of this program",
    commit: "from which it was built; null: not known",
    server: "version of the server; null when nobody is signed in or it cannot be reached",
  },
  run: async (_given, context) => ({ version: VERSION, commit: COMMIT, server: await serverVersion(context) }),
  show: (data, { terminal }) => {
    const commit = data["commit"] === undefined ? "" : ` (${data["commit"]})`;
    terminal.print(`opencode-sync ${data["version"]}${commit}`);
    if (data["server"] !== undefined) terminal.print(`server ${data["server"]}`);
  },
};

/** A server that cannot be reached is no failure of a command that tells a version. */
async function serverVersion(context: Context): Promise<string | undefined> {
  try {
    const credentials = await readCredentials(context.env);
    if (credentials === undefined) return undefined;
    const health = await clientFor(credentials.url, credentials.apiKey, context).health();
    return health.version ?? "1";
  } catch (error) {
    if (!(error instanceof OpenSyncError)) throw error;
    context.terminal.say(`The server does not tell its version: ${error.message}`);
    return undefined;
  }
}
