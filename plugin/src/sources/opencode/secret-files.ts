import { isAbsolute, join } from "node:path";
import type { Environment } from "../../environment.ts";
import type { SecretFile } from "../../redact/secret-values.ts";
import { configFolder, dataFolder } from "./locate.ts";

/** Names of OpenCode's configuration, in every folder where it may stand. */
const CONFIG_NAMES = ["opencode.json", "opencode.jsonc", "config.json"];

/**
 * The files in which OpenCode keeps keys of providers and of MCP servers.
 * @param folders of a project, up to the root of its checkout
 * @source OpenCode 1.18.33: `auth.json`, `mcp-auth.json`; `provider.*.options.apiKey`, `mcp.*.headers`,
 *   `mcp.*.environment` in its configuration
 */
export function secretFiles(env: Environment, folders: readonly string[]): SecretFile[] {
  const data = dataFolder(env);
  const named = env["OPENCODE_CONFIG"];
  const configFolders = [configFolder(env), ...folders, ...folders.map((folder) => join(folder, ".opencode"))];
  const configs = configFolders.flatMap((folder) => CONFIG_NAMES.map((name) => join(folder, name)));
  return [
    { path: join(data, "auth.json"), form: "credentials", label: "opencode-auth" },
    { path: join(data, "mcp-auth.json"), form: "credentials", label: "opencode-mcp-auth" },
    ...[...configs, ...(named && isAbsolute(named) ? [named] : [])].map(
      (path): SecretFile => ({ path, form: "settings", label: "opencode-config" }),
    ),
  ];
}
