import { join } from "node:path";
import { lockFile, stateFile } from "../config/paths.ts";
import { readSettings } from "../config/settings.ts";
import { observeGit } from "../observe/git.ts";
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

/** What moves a store or our own folder; a service does not get the variables of a shell. */
const PASSED_ON = ["OPENSYNC_HOME", "OPENCODE_DB", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "OPENCODE_CONFIG_DIR"];

function printService({ terminal, env, packageFolder }: Context): void {
  const passed = PASSED_ON.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  const service = {
    runtime: process.execPath,
    program: join(packageFolder, "cli.js"),
    // The runtime may be the one inside of OpenCode.
    env: { ...Object.fromEntries(passed), ...("Bun" in globalThis && { BUN_BE_BUN: "1" }) },
  };
  const { text, install } = process.platform === "darwin" ? launchdPlist(service) : systemdUnit(service);
  terminal.print(text);
  terminal.say(install);
  if (env["OPENSYNC_API_KEY"]) terminal.say("The key in OPENSYNC_API_KEY is not in it: run opencode-sync login first.");
}
