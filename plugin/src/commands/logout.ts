import { rm } from "node:fs/promises";
import { isOpenSyncError } from "@opensync/client";
import { clearCredentials, readCredentials } from "../config/credentials.ts";
import { maskKey } from "../config/mask-key.ts";
import { installedPluginFile, shortenHome } from "../config/paths.ts";
import { unregister } from "../sources/opencode/registration.ts";
import type { Command, Context } from "./command.ts";
import { clientFor } from "./connect-to-server.ts";
import { pluginUrl } from "./install-plugin.ts";
import { undoStandIn } from "./prepare-opencode.ts";

/** Undoes `login`. Works offline; the key itself is revoked with `--revoke`, or on the dashboard. */
export const logout: Command = {
  name: "logout",
  summary: "Remove the saved credentials and what login registered",
  example: "opencode-sync logout",
  options: { revoke: { type: "boolean", description: "Revoke the key on the server too: it works nowhere any more" } },
  run: async (given, context) => {
    const { terminal, env } = context;
    const isRevoked = given["revoke"] === true && (await revokeKey(context));
    for (const file of await unregister(env, pluginUrl(context))) {
      terminal.say(`OpenCode no longer loads the plugin: ${shortenHome(file, env)}`);
    }
    await undoStandIn(context);
    await rm(installedPluginFile(env), { force: true });
    const wasSignedIn = await clearCredentials(env);
    const key = isRevoked
      ? "The key is revoked."
      : "The key itself still works until you revoke it: Settings > API keys.";
    terminal.say(wasSignedIn ? `Signed out. ${key}` : "Nobody was signed in.");
    if (env["OPENSYNC_API_KEY"]) terminal.say("OPENSYNC_API_KEY is still set in this shell, and counts.");
    return undefined;
  },
};

/** Signing out must not fail for it: the key is named, so that it can be revoked on the dashboard. */
async function revokeKey(context: Context): Promise<boolean> {
  const credentials = await readCredentials(context.env).catch(() => undefined);
  if (credentials === undefined) return false;
  try {
    await clientFor(credentials.url, credentials.apiKey, context).revokeKey();
    return true;
  } catch (error) {
    if (!isOpenSyncError(error)) throw error;
    context.terminal.complain(`The key ${maskKey(credentials.apiKey)} could not be revoked: ${error.message}`);
    return false;
  }
}
