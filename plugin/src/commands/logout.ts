import { rm } from "node:fs/promises";
import { clearCredentials } from "../config/credentials.ts";
import { installedPluginFile, shortenHome } from "../config/paths.ts";
import { unregister } from "../sources/opencode/registration.ts";
import type { Command } from "./command.ts";
import { pluginUrl } from "./install-plugin.ts";
import { undoStandIn } from "./prepare-opencode.ts";

/** Undoes `login`. Works offline; the key itself is revoked on the dashboard. */
export const logout: Command = {
  name: "logout",
  summary: "Remove the saved credentials and what login registered",
  example: "opencode-sync logout",
  options: {},
  run: async (_given, context) => {
    const { terminal, env } = context;
    for (const file of await unregister(env, pluginUrl(context))) {
      terminal.say(`OpenCode no longer loads the plugin: ${shortenHome(file, env)}`);
    }
    await undoStandIn(context);
    await rm(installedPluginFile(env), { force: true });
    const wasSignedIn = await clearCredentials(env);
    terminal.say(
      wasSignedIn
        ? "Signed out. The key itself still works until you revoke it: Settings > API keys."
        : "Nobody was signed in.",
    );
    if (env["OPENSYNC_API_KEY"]) terminal.say("OPENSYNC_API_KEY is still set in this shell, and counts.");
    return undefined;
  },
};
