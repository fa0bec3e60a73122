import { stateFile } from "../config/paths.ts";
import { readSettings } from "../config/settings.ts";
import { counted } from "../io/counted.ts";
import { openCode } from "../sources/opencode/index.ts";
import { configFolder } from "../sources/opencode/locate.ts";
import { namedInProject } from "../sources/opencode/registration.ts";
import { openStore } from "../sync/open-store.ts";
import { countRejected, readState } from "../sync/sync-state.ts";
import { waitingSessions } from "../sync/waiting-sessions.ts";
import { VERSION } from "../version.ts";
import {
  type Check,
  type CheckFunction,
  checkCredentials,
  checkKeyScope,
  checkNotes,
  checkPackage,
  checkPluginLoads,
  checkRegistration,
  checkServer,
  checkSettings,
  checkStore,
  runChecks,
  showChecks,
  signedIn,
} from "./checks.ts";
import type { Command } from "./command.ts";
import { findPluginCopies, projectFolders } from "./find-plugin-copies.ts";
import { pluginUrl } from "./install-plugin.ts";
import { openCodeVersion } from "./opencode-version.ts";
import { replaceStandIn } from "./prepare-opencode.ts";

/** Checks everything between agent and server, in the order in which a session travels. */
export const doctor: Command = {
  name: "doctor",
  summary: "Check everything between OpenCode and the server, in order; the output is safe to paste",
  example: "opencode-sync doctor",
  options: {},
  fields: { ok: "whether nothing failed", checks: "list of {name, status: ok | warning | failed, detail, hint?}" },
  run: async (_given, context) => {
    await replaceStandIn(context);
    const checks = await runChecks(CHECKS, context);
    return { ok: checks.every((check) => check.status !== "failed"), checks };
  },
  show: (data, context) => {
    const checks: readonly Check[] = Array.isArray(data["checks"]) ? data["checks"] : [];
    showChecks(checks, context);
  },
  exitCode: (data) => (data["ok"] === true ? 0 : 1),
};

/** A clock that is further off makes a machine's changes look older or newer than another's. */
const MAX_SKEW_MS = 30_000;

const CHECKS: Readonly<Record<string, CheckFunction>> = {
  credentials: checkCredentials,
  settings: checkSettings,
  notes: checkNotes,
  plugin: checkPluginLoads,
  registration: checkRegistration,
  once: async (context) => {
    const { env, folder } = context;
    const [copy] = await findPluginCopies(env, folder);
    if (copy !== undefined) {
      const hint = "Remove that file: OpenCode loads it besides the registered one.";
      return { status: "warning", detail: `${copy} is a copy of the plugin`, hint };
    }
    const folders = projectFolders(folder).filter((at) => at !== configFolder(env));
    const [file] = await namedInProject(folders, pluginUrl(context));
    if (file === undefined) return "the plugin is in no folder that OpenCode loads by itself, and in no project's list";
    return { status: "warning", detail: `${file} names the plugin too`, hint: "Take that entry out: yours is enough." };
  },
  package: checkPackage,
  opencode: async ({ env }) => {
    const version = await openCodeVersion(env);
    if (version !== undefined && /^[01]\./.test(version)) return `version ${version}`;
    if (version !== undefined) {
      const detail = `version ${version}: what it stores is read as 2.x documents it, untested with a real one`;
      return { status: "warning", detail, hint: "See that all is there: opencode-sync verify --deep" };
    }
    return { status: "warning", detail: "there is no opencode on the PATH", hint: "Install it: https://opencode.ai" };
  },
  store: checkStore,
  server: checkServer,
  version: async (context) => {
    const { client } = await signedIn(context);
    const { version = "1" } = await client.health();
    if (version === VERSION) return `server and plugin are ${VERSION}`;
    const detail = `the server has version ${version}, this program ${VERSION}`;
    return { status: "warning", detail, hint: `Update the older one: npm install -g ${client.url}/plugin.tgz` };
  },
  key: checkKeyScope,
  clock: async (context) => {
    const { client } = await signedIn(context);
    const askedMs = context.now();
    const { timestamp } = await client.health();
    const skewMs = Math.round((askedMs + context.now()) / 2 - timestamp);
    if (Math.abs(skewMs) <= MAX_SKEW_MS) return "as the server's";
    const detail = `${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? "ahead of" : "behind"} the server's`;
    return { status: "warning", detail, hint: "Let both machines set their clocks from the network." };
  },
  backlog: async (context) => {
    const { env, now } = context;
    const { credentials } = await signedIn(context);
    const state = await readState(stateFile(env, openCode.id), credentials.sinceMs || now());
    if (openCode.locate(env).length === 0) return "nothing to send";
    const reader = await openStore(openCode, env, await readSettings(env));
    const waiting = await waitingSessions(reader, state).finally(() => reader.close());
    const rejected = countRejected(state);
    const hint = state.lastError === undefined ? "To send them: opencode-sync sync --all" : state.lastError.message;
    if (rejected > 0)
      return { status: "warning", detail: `the server did not take ${counted(rejected, "item")}`, hint };
    if (waiting.length > 0) {
      const detail = `${counted(waiting.length, "session")} to send`;
      return { status: "warning", detail, hint };
    }
    return "nothing is waiting";
  },
};
