import { readCredentials } from "../config/credentials.ts";
import { maskKey } from "../config/mask-key.ts";
import { credentialsFile, installedPluginFile, shortenHome } from "../config/paths.ts";
import { readSettings, type Settings, settingsFile, writeSettings } from "../config/settings.ts";
import type { Environment } from "../environment.ts";
import { printRows } from "../io/table.ts";
import { readRegistration } from "../sources/opencode/registration.ts";
import { changedSettings, SETTING_OPTIONS } from "./change-settings.ts";
import type { Command } from "./command.ts";
import { pluginUrl } from "./install-plugin.ts";

/** Shows the settings that are in effect, after changing what was given. Asks nobody: the key is shown in part only. */
export const config: Command = {
  name: "config",
  summary: "Show the current configuration, or change what leaves this machine",
  example: "opencode-sync config --exclude ~/clients/acme",
  options: SETTING_OPTIONS,
  fields: {
    url: "address of the server; null: not signed in",
    key: "first 8 and last 4 characters of the key",
    device: "name of this machine",
    credentials: "file that holds address and key",
    plugin: "file that OpenCode loads",
    openCodeConfig: "OpenCode's configuration that names the plugin, or would",
    registered: "whether it names the plugin",
    settings: "file that holds the following",
    redaction: "whether secrets are masked before anything is sent",
    patterns: "names of your own patterns",
    excluded: "folders whose sessions stay on this machine",
    pausedUntil: "when sending goes on, ISO 8601; null: it is not paused",
  },
  run: async (given, context) => {
    const { env, device, now } = context;
    const settings = await changeSettings(given, env, now());
    const credentials = await readCredentials(env);
    const { file, isRegistered } = await readRegistration(env, pluginUrl(context));
    const isPaused = now() < settings.pausedUntilMs;
    return {
      url: credentials?.url,
      key: credentials && maskKey(credentials.apiKey),
      device,
      credentials: shortenHome(credentialsFile(env), env),
      plugin: shortenHome(installedPluginFile(env), env),
      openCodeConfig: shortenHome(file, env),
      registered: isRegistered,
      settings: shortenHome(settingsFile(env), env),
      redaction: settings.redaction,
      patterns: settings.patterns.map(({ name }) => name),
      excluded: settings.excluded.map((folder) => shortenHome(folder, env)),
      pausedUntil: isPaused ? new Date(settings.pausedUntilMs).toISOString() : undefined,
    };
  },
  show: (data, { terminal }) => {
    printRows(
      terminal,
      Object.entries(data).map(([field, value]) => [field, shown(value)]),
    );
  },
};

async function changeSettings(
  given: Parameters<typeof changedSettings>[0],
  env: Environment,
  nowMs: number,
): Promise<Settings> {
  const settings = await readSettings(env);
  const changed = changedSettings(given, settings, nowMs);
  if (changed !== undefined) await writeSettings(env, changed);
  return changed ?? settings;
}

function shown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(", ") : String(value ?? "");
  return text === "" ? "-" : text;
}
