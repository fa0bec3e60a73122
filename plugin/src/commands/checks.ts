import { mkdtemp, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isInsecureUrl, isOpenSyncError } from "@opensync/client";
import { readCredentials } from "../config/credentials.ts";
import {
  credentialsFile,
  installedPluginFile,
  lockFile,
  notesFolder,
  openSyncFolder,
  shortenHome,
} from "../config/paths.ts";
import { writePrivateFile } from "../config/private-file.ts";
import { readSettings } from "../config/settings.ts";
import { homeFolder } from "../environment.ts";
import { NotSignedInError } from "../io/cli-errors.ts";
import { counted } from "../io/counted.ts";
import { isSystemError } from "../io/system-error.ts";
import { openCode } from "../sources/opencode/index.ts";
import { PLUGIN_PACKAGE, packageState } from "../sources/opencode/plugin-package.ts";
import { namedByPackage, readRegistration } from "../sources/opencode/registration.ts";
import { openStore } from "../sync/open-store.ts";
import type { Context } from "./command.ts";
import { clientFor } from "./connect-to-server.ts";
import { isPluginCurrent, pluginUrl } from "./install-plugin.ts";
import { isHeld } from "./with-lock.ts";

/** Outcome of one check. */
export type Check = {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
};

/** What a check gives: what it found, or a warning; it throws what is wrong. */
type Finding = string | Omit<Check, "name">;

/** Looks at one thing. */
export type CheckFunction = (context: Context) => Promise<Finding>;

/** Runs all checks in order, whatever the others say. */
export async function runChecks(checks: Readonly<Record<string, CheckFunction>>, context: Context): Promise<Check[]> {
  const outcomes: Check[] = [];
  for (const [name, check] of Object.entries(checks)) outcomes.push(await outcome(name, check, context));
  return outcomes;
}

async function outcome(name: string, check: CheckFunction, context: Context): Promise<Check> {
  try {
    const finding = await check(context);
    return withoutHome(
      { name, ...(typeof finding === "string" ? { status: "ok", detail: finding } : finding) },
      context,
    );
  } catch (error) {
    if (isSystemError(error)) return withoutHome({ name, status: "failed", detail: error.message }, context);
    if (!isOpenSyncError(error)) throw error;
    return withoutHome({ name, status: "failed", detail: error.message, hint: error.hint }, context);
  }
}

/** Safe to paste: the name of the person is in the path of the home folder. */
function withoutHome({ detail, hint, ...check }: Check, { env }: Context): Check {
  const shorten = (text: string) => text.replaceAll(homeFolder(env), "~");
  return { ...check, detail: shorten(detail), ...(hint === undefined ? {} : { hint: shorten(hint) }) };
}

/** Prints outcomes: under each other for a person, the hint below; a row each for a program. */
export function showChecks(checks: readonly Check[], { terminal }: Context): void {
  const width = Math.max(12, ...checks.map(({ name }) => name.length));
  for (const check of checks) printCheck(check, width, terminal);
}

function printCheck(check: Check, width: number, { isTerminal, style, print }: Context["terminal"]): void {
  const { name, status, detail, hint } = check;
  if (!isTerminal) {
    print([name, status, detail, hint ?? ""].join("\t"));
    return;
  }
  const paint = { ok: style.green, warning: style.yellow, failed: style.red }[status];
  print(`${paint(status.padEnd(7))}  ${style.bold(name.padEnd(width))}  ${detail}`);
  if (hint !== undefined) print(`${" ".repeat(width + 11)}${style.dim(hint)}`);
}

/** @throws NotSignedInError, ConfigError, InvalidUrlError */
export async function signedIn(context: Context) {
  const credentials = await readCredentials(context.env);
  if (credentials === undefined) throw new NotSignedInError();
  return { credentials, client: clientFor(credentials.url, credentials.apiKey, context) };
}

export const checkCredentials: CheckFunction = async (context) => {
  await signedIn(context);
  const { env } = context;
  const shown = shortenHome(credentialsFile(env), env);
  const file = await modeOf(credentialsFile(env));
  if (file === undefined) return "from OPENSYNC_URL and OPENSYNC_API_KEY";
  if (isOpenToOthers(file)) {
    return { status: "warning", detail: `${shown} can be read by others`, hint: `Run: chmod 600 ${shown}` };
  }
  return shown;
};

/** What else is in our folder is content, too: ids of sessions, and what is excluded. */
export const checkSettings: CheckFunction = async ({ env, now }) => {
  const { pausedUntilMs, excluded, redaction } = await readSettings(env);
  const shown = shortenHome(openSyncFolder(env), env);
  const folder = await modeOf(openSyncFolder(env));
  if (folder !== undefined && isOpenToOthers(folder)) {
    return { status: "warning", detail: `${shown} can be read by others`, hint: `Run: chmod 700 ${shown}` };
  }
  if (now() < pausedUntilMs) {
    const detail = `nothing is sent before ${new Date(pausedUntilMs).toISOString()}`;
    return { status: "warning", detail, hint: "To go on now: opencode-sync config --resume" };
  }
  if (!redaction) {
    return { status: "warning", detail: "secrets are not masked", hint: "To mask them: opencode-sync config --help" };
  }
  return `secrets are masked, ${counted(excluded.length, "folder")} excluded`;
};

/** What is noted there only saves work; a plugin that cannot write it sends all the same, and compares more. */
export const checkNotes: CheckFunction = async ({ env }) => {
  const folder = notesFolder(env);
  const shown = shortenHome(folder, env);
  const probe = join(folder, "doctor.probe");
  try {
    if ((await modeOf(openSyncFolder(env))) === undefined) {
      await rmdir(await mkdtemp(join(await nearestFolder(openSyncFolder(env)), ".opensync-doctor-")));
      return `${shown} is not there yet`;
    }
    await writePrivateFile(probe, `${"x".repeat(PROBE_BYTES)}\n`);
    await rm(probe, { force: true });
    return shown;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const detail = `${shown} cannot be written: ${error.message}`;
    return { status: "failed", detail, hint: "See that it is a folder, that it is yours, and that the disk has room." };
  }
};

/** The folder in which the first missing one of a path would be made. */
async function nearestFolder(path: string): Promise<string> {
  const folder = dirname(path);
  const isThere = folder === path || (await modeOf(folder)) !== undefined;
  return isThere ? folder : nearestFolder(folder);
}

/** Enough that a full disk shows. */
const PROBE_BYTES = 4_096;

async function modeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.mode;
}

/** Windows has no such permissions; its profile folders are private by themselves. */
function isOpenToOthers(mode: number): boolean {
  return process.platform !== "win32" && (mode & 0o077) !== 0;
}

export const checkServer: CheckFunction = async (context) => {
  const { client } = await signedIn(context);
  const { version } = await client.health();
  const detail = `${client.url} answers${version === undefined ? "" : ` (version ${version})`}`;
  if (!isInsecureUrl(client.url)) return detail;
  const hint = "Others on the way can read key and sessions: let a proxy with TLS stand before the server.";
  return { status: "warning", detail: `${detail}, not encrypted`, hint };
};

export const checkKey: CheckFunction = async (context) => {
  const { client } = await signedIn(context);
  await client.checkKey();
  return "the server takes it";
};

/** As `checkKey`, and what the key may do: agents can read the file that it is in. */
export const checkKeyScope: CheckFunction = async (context) => {
  const { client } = await signedIn(context);
  await client.checkKey();
  const scope = await client.keyScope();
  if (scope !== "full") return scope === undefined ? "the server takes it" : "the server takes it, to send";
  return {
    status: "warning",
    detail: "the server takes it, to send and also to read everything",
    hint: "Agents can read it here: make one of scope sync on the dashboard, then run opencode-sync login.",
  };
};

export const checkPlugin: CheckFunction = async (context) => {
  const shown = shortenHome(installedPluginFile(context.env), context.env);
  const isCurrent = await isPluginCurrent(context);
  if (isCurrent === true) return shown;
  const detail = isCurrent === undefined ? `${shown} is missing` : `${shown} is of another version`;
  return { status: isCurrent === undefined ? "failed" : "warning", detail, hint: "Run: opencode-sync login" };
};

/** As `checkPlugin`, and whether it can be loaded: a half file would be left out by OpenCode in silence. */
export const checkPluginLoads: CheckFunction = async (context) => {
  const finding = await checkPlugin(context);
  if (typeof finding !== "string" && finding.status === "failed") return finding;
  const file = installedPluginFile(context.env);
  // Not by its path: without a package.json beside it, Node would warn that it has to guess what a .js file is.
  const data = `data:text/javascript;base64,${await readFile(file, "base64")}`;
  const url = "Bun" in globalThis ? pathToFileURL(file).href : data;
  const loaded: unknown = await import(/* @vite-ignore */ url).then(
    (module: { default?: unknown }) => module.default,
    () => undefined,
  );
  // What an older OpenCode takes is a function.
  if (typeof loaded === "function" || (typeof loaded === "object" && loaded !== null && "id" in loaded)) return finding;
  const detail = `${shortenHome(file, context.env)} cannot be loaded`;
  return { status: "failed", detail, hint: "To write it anew: opencode-sync login" };
};

export const checkRegistration: CheckFunction = async (context) => {
  const { file, isRegistered } = await readRegistration(context.env, pluginUrl(context));
  const shown = shortenHome(file, context.env);
  const [doubled] = await namedByPackage(context.env);
  if (!isRegistered) {
    const detail = `${shown} does not name the plugin`;
    if (await isHeld(lockFile(context.env, "watch"))) return `${detail}; opencode-sync watch is at work instead`;
    return { status: "failed", detail, hint: "Run: opencode-sync login --register" };
  }
  if (doubled === undefined) return `${shown} names the plugin`;
  const detail = `${shortenHome(doubled, context.env)} names "opencode-sync-plugin" too`;
  return {
    status: "warning",
    detail,
    hint: "Take that entry out: OpenCode runs whatever is published under the name.",
  };
};

/** Without it OpenCode's next start waits until it has installed it. */
export const checkPackage: CheckFunction = async (context) => {
  const { env } = context;
  const { isRegistered } = await readRegistration(env, pluginUrl(context));
  if (!isRegistered) return "OpenCode waits for nothing of ours";
  const state = await packageState(env);
  if (state === "stand-in") {
    const detail = `${PLUGIN_PACKAGE} is a stand-in: plugins that import it do not load`;
    return { status: "warning", detail, hint: "It is replaced once npm's registry can be reached." };
  }
  if (state === "ready") return `${PLUGIN_PACKAGE} is installed`;
  const detail = `OpenCode installs ${PLUGIN_PACKAGE} when it starts next, which takes 10 to 70 seconds`;
  return { status: "warning", detail, hint: "To have it fetched before: opencode-sync login" };
};

export const checkStore: CheckFunction = async ({ env }) => {
  if (openCode.locate(env).length === 0) {
    return { status: "warning", detail: "OpenCode has no sessions here yet", hint: "Start OpenCode once." };
  }
  const reader = await openStore(openCode, env, await readSettings(env));
  try {
    const count = (await reader.listSessions(0)).length;
    const [unreadable] = reader.unreadable;
    if (unreadable !== undefined) return { status: "warning", detail: unreadable.message, hint: unreadable.hint };
    return `${counted(count, "session")} of ${openCode.name}`;
  } finally {
    reader.close();
  }
};
