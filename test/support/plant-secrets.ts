import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const mixed = (length: number) => "aB3dE5gH7jK9mN1pQ".repeat(9).slice(0, length);

/** Secrets that only this machine knows, by where it has them. */
export const machineSecrets = {
  environment: `env-${mixed(14)}`,
  dotEnv: `dot "quoted" ${mixed(9)} /x`,
  agentKey: `auth-${mixed(15)}`,
  providerKey: `prov-${mixed(16)}`,
};

/** Secrets that their form or the name before them gives away. */
const forms = {
  token: `ghp_${mixed(36)}`,
  jwt: `eyJ${mixed(30)}.eyJ${mixed(40)}.${mixed(40)}`,
  password: `Hunter-${mixed(7)}!`,
  keyLine: `${mixed(60)}Zz`,
};

/** What is put into every field, and must not be found anywhere afterwards. */
export function forbidden(apiKey: string): string[] {
  const secrets = [...Object.values(machineSecrets), ...Object.values(forms), apiKey];
  const inJson = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  const inBase64 = secrets.map((secret) => Buffer.from(secret).toString("base64").slice(0, -4));
  return [...new Set([...secrets, ...inJson, ...secrets.map(encodeURIComponent), ...inBase64])];
}

/** A text with every secret in it, in every form. */
function load(apiKey: string): string {
  const { environment, dotEnv, agentKey, providerKey } = machineSecrets;
  const { token, jwt, password, keyLine } = forms;
  return [
    "",
    `${environment} and ${dotEnv}, ${agentKey}; <${providerKey}> (${apiKey})`,
    JSON.stringify({ output: dotEnv, token }),
    `?v=${encodeURIComponent(dotEnv)} ${Buffer.from(environment).toString("base64")}`,
    `use ${token}, Bearer ${jwt}`,
    `DB_PASSWORD=${password}`,
    `postgres://app:${password}@db/shop`,
    `-----BEGIN PRIVATE KEY-----\n${keyLine}\n${keyLine}\n-----END PRIVATE KEY-----`,
    "end",
  ].join("\n");
}

/** Names of members that hold structure in OpenCode's JSON: what stands there is no content and stays readable. */
const STRUCTURE = new Set(
  "id sessionID sessionId messageID parentID projectID callID type role tool status state_status providerID modelID modelId mime filename agent mode path cwd root directory worktree snapshot hash tree version slug name finish reason variant files file url share_url priority format vcs diagnostics outputPath filepath filePath workdir".split(
    " ",
  ),
);

/** The value with the secrets behind every text that is content. */
function plant(value: unknown, name: string, apiKey: string): unknown {
  if (typeof value === "string") {
    if (name === "url" && value.startsWith("data:")) return plantIntoFile(value, apiKey);
    return STRUCTURE.has(name) ? value : `${value}${load(apiKey)}`;
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => plant(item, name, apiKey));
  return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, plant(inner, member, apiKey)]));
}

/** An attached text file with the secrets in it. */
function plantIntoFile(url: string, apiKey: string): string {
  return `${url.slice(0, url.indexOf(",") + 1)}${Buffer.from(`text${load(apiKey)}`).toString("base64")}`;
}

function plantIntoJson(json: string, apiKey: string): string {
  return JSON.stringify(plant(JSON.parse(json), "", apiKey));
}

/** Plants secrets into everything that OpenCode has stored in its data folder, and moves its sessions to a project. */
export function plantIntoStore(folder: string, project: string, apiKey: string): void {
  for (const file of globSync("**/storage/**/*.json", { cwd: folder })) {
    const path = join(folder, file);
    const text = plantIntoJson(readFileSync(path, "utf8"), apiKey);
    writeFileSync(
      path,
      /[/\\]session[/\\]/.test(file) ? text.replaceAll(/"directory":"[^"]*"/g, `"directory":"${project}"`) : text,
    );
  }
  for (const file of globSync("opencode*.db", { cwd: folder })) plantIntoDatabase(join(folder, file), project, apiKey);
}

/** More parts than the fixture has: one of each kind that OpenCode knows, put into its first message. */
export function addParts(file: string, parts: readonly { readonly id: string; readonly data: unknown }[]): void {
  const database = new DatabaseSync(file);
  try {
    const [message] = database.prepare("SELECT id, session_id FROM message ORDER BY time_created DESC LIMIT 1").all();
    const insert = database.prepare(
      "INSERT INTO part (id, message_id, session_id, time_created, time_updated, data) VALUES (?, ?, ?, 1, 1, ?)",
    );
    for (const { id, data } of parts) {
      insert.run(id, String(message?.["id"]), String(message?.["session_id"]), JSON.stringify(data));
    }
  } finally {
    database.close();
  }
}

/** What the columns of a session hold that are JSON, the younger of them only in younger versions. */
const SESSION_JSON = {
  revert: '{"messageID":"m","diff":"diff --git a b"}',
  summary_diffs: '[{"file":"a.ts","patch":"@@ -1 +1 @@","additions":1,"deletions":1}]',
  permission: '[{"permission":"bash","pattern":"echo *","action":"allow"}]',
  metadata: '{"note":"of a plugin","deep":[{"of":"it"}]}',
};

function plantIntoDatabase(file: string, project: string, apiKey: string): void {
  const database = new DatabaseSync(file);
  try {
    for (const table of ["message", "part"]) {
      const update = database.prepare(`UPDATE ${table} SET data = ? WHERE id = ?`);
      for (const { id, data } of database.prepare(`SELECT id, data FROM ${table}`).all()) {
        update.run(plantIntoJson(String(data), apiKey), String(id));
      }
    }
    database.prepare("UPDATE session SET title = title || ?, directory = ?").run(load(apiKey), project);
    const columns = new Set(
      database
        .prepare("PRAGMA table_info(session)")
        .all()
        .map((column) => column["name"]),
    );
    for (const [column, json] of Object.entries(SESSION_JSON)) {
      if (!columns.has(column)) continue;
      database.prepare(`UPDATE session SET ${column} = ?`).run(plantIntoJson(json, apiKey));
    }
    const insert = database.prepare(
      "INSERT INTO todo (session_id, position, content, status, priority, time_created, time_updated) SELECT id, 99, ?, 'pending', 'high', 1, 1 FROM session",
    );
    insert.run(`todo${load(apiKey)}`);
  } finally {
    database.close();
  }
}

/** The files in which a machine keeps its secrets; gives the environment that holds the rest. */
export function plantOnMachine(home: string, project: string): Record<string, string> {
  const { environment, dotEnv, agentKey, providerKey } = machineSecrets;
  const write = (path: string, text: string) => {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, text);
  };
  write(join(project, ".env"), `APP_SECRET=${JSON.stringify(dotEnv)}\n`);
  write(join(home, "data/opencode/auth.json"), JSON.stringify({ mock: { type: "api", key: agentKey } }));
  write(
    join(home, ".config/opencode/opencode.json"),
    JSON.stringify({ provider: { mock: { options: { apiKey: providerKey } } } }),
  );
  return { HOME: home, XDG_DATA_HOME: join(home, "data"), MACHINE_TOKEN: environment };
}
