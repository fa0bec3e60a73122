import { UsageError } from "../io/cli-errors.ts";
import {
  type Check,
  type CheckFunction,
  checkCredentials,
  checkKey,
  checkPlugin,
  checkRegistration,
  checkServer,
  checkStore,
  runChecks,
  showChecks,
} from "./checks.ts";
import type { Command } from "./command.ts";
import { showProof, verifyDeep } from "./verify-deep.ts";

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
    differences: "with --deep: list of {kind, sessionId, messageId?, reason?, isKept?}, the first 10000",
  },
  run: async (given, context) => {
    if (given["deep"] === true) return verifyDeep(textOf(given["session"]), context);
    if (given["session"] !== undefined) throw new UsageError(SESSION_ALONE);
    const checks = await runChecks(CHECKS, context);
    return { ok: checks.every((check) => check.status !== "failed"), checks };
  },
  show: (data, context) => {
    if (data["checks"] === undefined) return showProof(data, context);
    const checks: readonly Check[] = Array.isArray(data["checks"]) ? data["checks"] : [];
    showChecks(checks, context);
  },
  exitCode: (data) => (data["ok"] === true ? 0 : 1),
};

const SESSION_ALONE = { message: "--session needs --deep", hint: "See: opencode-sync verify --help" };

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

const CHECKS: Readonly<Record<string, CheckFunction>> = {
  credentials: checkCredentials,
  server: checkServer,
  key: checkKey,
  plugin: checkPlugin,
  registration: checkRegistration,
  store: checkStore,
};
