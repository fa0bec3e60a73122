import { join } from "node:path";
import { lockFile, stateFile } from "../config/paths.ts";
import { readSettings } from "../config/settings.ts";
import { UsageError } from "../io/cli-errors.ts";
import { observeGit } from "../observe/git.ts";
import { NOTHING_OF_THE_FOLDER } from "../old-node.ts";
import { openCode } from "../sources/opencode/index.ts";
import { LiveSync } from "../sync/live-sync.ts";
import { readState } from "../sync/sync-state.ts";
import { watchStore } from "../sync/watch.ts";
import type { Command, Context } from "./command.ts";
import { connectSaved } from "./connect-to-server.ts";
import { launchdPlist, systemdUnit } from "./service-file.ts";
import { withLock } from "./with-lock.ts";

/** Keeps the server up to date from outside of OpenCode, until it is told to end. */
export const watch: Command = {
  name: "watch",
  summary: "Keep syncing without the plugin: send what changes in OpenCode's store until stopped",
  example: "opencode-sync watch",
  options: {
    "print-service": { type: "boolean", description: "Print a file that lets systemd or launchd run it" },
  },
  run: async (given, context) => {
    if (given["print-service"] === true) printService(context);
    else {
      await connectSaved(context);
      await context.terminal.untilInterrupted((stop) =>
        withLock(lockFile(context.env, "watch"), stop, context, () => watchOpenCode(context, stop)),
      );
    }
    return undefined;
  },
};

async function watchOpenCode(context: Context, stop: AbortSignal): Promise<void> {
  const { env, terminal, device, fetch, now } = context;
  const live = new LiveSync({ source: openCode, env, device, observeGit, now, fetch });
  const state = () => readState(stateFile(env, openCode.id), now());
  let told = "";
  terminal.say(`Watching the store of ${openCode.name}. Ctrl-C to stop.`);
  await watchStore(
    {
      source: openCode,
      env,
      live,
      settings: () => readSettings(env),
      state,
      now,
      onRound: async (isDone) => {
        const trouble = isDone ? "" : ((await state()).lastError?.message ?? "not everything could be sent");
        if (trouble !== "" && trouble !== told) terminal.complain(`not sent yet: ${trouble}`);
        if (trouble === "" && told !== "") terminal.say("Everything has been sent.");
        told = trouble;
      },
    },
    stop,
  );
}

/** What moves a store or our own folder, and how the server is reached; a service does not get a shell's variables. */
const PASSED_ON = [
  ...["OPENSYNC_HOME", "OPENCODE_DB", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "OPENCODE_CONFIG_DIR"],
  ...["NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA"],
  ...["http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"],
];

function printService({ terminal, env, packageFolder }: Context): void {
  if (process.platform === "win32") {
    throw new UsageError({
      message: "there is no such file for Windows",
      hint: "Let the Task Scheduler start it when you sign in: opencode-sync watch",
    });
  }
  const given = PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const passed = given.filter(([, value]) => !hasPassword(value));
  // The runtime may be the one inside of OpenCode.
  const isBun = "Bun" in globalThis;
  const { text, install } = (process.platform === "darwin" ? launchdPlist : systemdUnit)({
    command: [process.execPath, ...(isBun ? NOTHING_OF_THE_FOLDER : []), join(packageFolder, "cli.js"), "watch"],
    env: { ...Object.fromEntries(passed), ...(isBun && { BUN_BE_BUN: "1" }) },
  });
  terminal.print(text);
  terminal.say("To install it:");
  for (const line of install) terminal.say(`  ${line}`);
  for (const [name, value] of given) {
    if (hasPassword(value))
      terminal.say(`${name} is not in it, because of its password: add it where only you can read.`);
  }
  if (env["OPENSYNC_API_KEY"]) terminal.say("The key in OPENSYNC_API_KEY is not in it: run opencode-sync login first.");
}

/** Whether a proxy's address holds a password. */
function hasPassword(value: string): boolean {
  return /\/\/[^/]*@/.test(value);
}
