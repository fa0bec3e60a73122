import { stat } from "node:fs/promises";
import { OpenSyncError } from "@opensync/client";
import { readCredentials } from "../config/credentials.ts";
import { credentialsFile, installedPluginFile, shortenHome } from "../config/paths.ts";
import { NotSignedInError, UsageError } from "../io/cli-errors.ts";
import { openCode } from "../sources/opencode/index.ts";
import { namedByPackage, readRegistration } from "../sources/opencode/registration.ts";
import type { Command, Context } from "./command.ts";
import { clientFor } from "./connect-to-server.ts";
import { isPluginCurrent, pluginUrl } from "./install-plugin.ts";
import { showProof, verifyDeep } from "./verify-deep.ts";

/** Outcome of one check. */
type Check = {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
};

/** Checks credentials and OpenCode's configuration, one by one. Every check runs, whatever the others say. */
export const verify: Command = {
  name: "verify",
  summary: "Check the credentials and OpenCode's configuration, or prove that the server has everything",
  example: "opencode-sync verify --deep",
  options: {
    deep: { type: "boolean", description: "Prove that the server has all that OpenCode's store has" },
    session: { type: "string", valueHint: "<id>", description: "With --deep: only this session" },
  },
  fields: {
    ok: "whether nothing failed; with --deep, whether nothing is missing or different",
    checks: "list of {name, status: ok | warning | failed, detail, hint?}; not with --deep",
    sessions: "with --deep: sessions compared",
    messages: "with --deep: messages compared",
    missing: "with --deep: what the server does not have, sessions and messages",
    different: "with --deep: what it has in another state",
    beyond: "with --deep: what only the server has",
    deleted: "with --deep: sessions deleted on the dashboard",
    differences: "with --deep: list of {kind, sessionId, messageId?, reason?}, the first 10000",
  },
  run: async (given, context) => {
    if (given["deep"] === true) return verifyDeep(textOf(given["session"]), context);
    if (given["session"] !== undefined) throw new UsageError(SESSION_ALONE);
    const checks: Check[] = [];
    for (const [name, check] of Object.entries(CHECKS)) checks.push(await outcome(name, check, context));
    return { ok: checks.every((check) => check.status !== "failed"), checks };
  },
  show: (data, context) => {
    if (data["checks"] === undefined) return showProof(data, context);
    const { terminal } = context;
    const checks = Array.isArray(data["checks"]) ? (data["checks"] satisfies Check[]) : [];
    for (const check of checks) printCheck(check, terminal);
  },
  exitCode: (data) => (data["ok"] === true ? 0 : 1),
};

const SESSION_ALONE = { message: "--session needs --deep", hint: "See: opencode-sync verify --help" };

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A check gives what it found, or a warning; it throws what is wrong. */
type Finding = string | Omit<Check, "name">;

const CHECKS: Readonly<Record<string, (context: Context) => Promise<Finding>>> = {
  credentials: checkCredentials,
  server: async (context) => {
    const { client } = await signedIn(context);
    const { version } = await client.health();
    return `${client.url} answers${version === undefined ? "" : ` (version ${version})`}`;
  },
  key: async (context) => {
    const { client } = await signedIn(context);
    await client.checkKey();
    return "the server takes it";
  },
  plugin: checkPlugin,
  registration: checkRegistration,
  store: checkStore,
};

async function outcome(name: string, check: (context: Context) => Promise<Finding>, context: Context): Promise<Check> {
  try {
    const finding = await check(context);
    return { name, ...(typeof finding === "string" ? { status: "ok", detail: finding } : finding) };
  } catch (error) {
    if (!(error instanceof OpenSyncError)) throw error;
    return { name, status: "failed", detail: error.message, hint: error.hint };
  }
}

async function signedIn(context: Context) {
  const credentials = await readCredentials(context.env);
  if (credentials === undefined) throw new NotSignedInError();
  return { credentials, client: clientFor(credentials.url, credentials.apiKey, context) };
}

async function checkCredentials(context: Context): Promise<Finding> {
  await signedIn(context);
  const file = credentialsFile(context.env);
  const shown = shortenHome(file, context.env);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return "from OPENSYNC_URL and OPENSYNC_API_KEY";
  // Windows has no such permissions; its profile folders are private by themselves.
  if (process.platform === "win32" || (found.mode & 0o077) === 0) return shown;
  return { status: "warning", detail: `${shown} can be read by others`, hint: `Run: chmod 600 ${shown}` };
}

async function checkPlugin(context: Context): Promise<Finding> {
  const shown = shortenHome(installedPluginFile(context.env), context.env);
  const isCurrent = await isPluginCurrent(context);
  if (isCurrent === true) return shown;
  const detail = isCurrent === undefined ? `${shown} is missing` : `${shown} is of another version`;
  return { status: isCurrent === undefined ? "failed" : "warning", detail, hint: "Run: opencode-sync login" };
}

async function checkRegistration(context: Context): Promise<Finding> {
  const { file, isRegistered } = await readRegistration(context.env, pluginUrl(context));
  const shown = shortenHome(file, context.env);
  const [doubled] = await namedByPackage(context.env);
  if (!isRegistered) {
    return {
      status: "failed",
      detail: `${shown} does not name the plugin`,
      hint: "Run: opencode-sync login --register",
    };
  }
  if (doubled === undefined) return `${shown} names the plugin`;
  const detail = `${shortenHome(doubled, context.env)} names "opencode-sync-plugin" too`;
  return {
    status: "warning",
    detail,
    hint: "Take that entry out: OpenCode runs whatever is published under the name.",
  };
}

async function checkStore({ env }: Context): Promise<Finding> {
  if (openCode.locate(env).length === 0) {
    return { status: "warning", detail: "OpenCode has no sessions here yet", hint: "Start OpenCode once." };
  }
  const reader = await openCode.open(env);
  try {
    const count = (await reader.listSessions(0)).length;
    const [unreadable] = reader.unreadable;
    if (unreadable !== undefined) return { status: "warning", detail: unreadable.message, hint: unreadable.hint };
    return `${count} ${count === 1 ? "session" : "sessions"} of ${openCode.name}`;
  } finally {
    reader.close();
  }
}

function printCheck({ name, status, detail, hint }: Check, { isTerminal, style, print }: Context["terminal"]): void {
  if (!isTerminal) {
    print([name, status, detail, hint ?? ""].join("\t"));
    return;
  }
  const paint = { ok: style.green, warning: style.yellow, failed: style.red }[status];
  print(`${paint(status.padEnd(7))}  ${style.bold(name.padEnd(12))}  ${detail}`);
  if (hint !== undefined) print(`${" ".repeat(23)}${style.dim(hint)}`);
}
