import { readCredentials } from "../config/credentials.ts";
import { maskKey } from "../config/mask-key.ts";
import { credentialsFile, installedPluginFile, shortenHome } from "../config/paths.ts";
import { printRows } from "../io/table.ts";
import { readRegistration } from "../sources/opencode/registration.ts";
import type { Command } from "./command.ts";
import { pluginUrl } from "./install-plugin.ts";

/** Shows the settings that are in effect. Asks nobody: the key is shown in part only. */
export const config: Command = {
  name: "config",
  summary: "Show the current configuration",
  example: "opencode-sync config",
  options: {},
  fields: {
    url: "address of the server; null: not signed in",
    key: "first 8 and last 4 characters of the key",
    device: "name of this machine",
    credentials: "file that holds address and key",
    plugin: "file that OpenCode loads",
    openCodeConfig: "OpenCode's configuration that names the plugin, or would",
    registered: "whether it names the plugin",
  },
  run: async (_given, context) => {
    const { env, device } = context;
    const credentials = await readCredentials(env);
    const { file, isRegistered } = await readRegistration(env, pluginUrl(context));
    return {
      url: credentials?.url,
      key: credentials && maskKey(credentials.apiKey),
      device,
      credentials: shortenHome(credentialsFile(env), env),
      plugin: shortenHome(installedPluginFile(env), env),
      openCodeConfig: shortenHome(file, env),
      registered: isRegistered,
    };
  },
  show: (data, { terminal }) => {
    printRows(
      terminal,
      Object.entries(data).map(([field, value]) => [field, value === undefined ? "-" : String(value)]),
    );
  },
};
