import { spawn } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { builtCli, type OpenCodeHome, openCodeBinary } from "./opencode.ts";
import { until } from "./until.ts";

/** A program in a terminal, and a person before it. */
export interface Terminal {
  /** All that was written to the screen so far, without escape sequences. */
  screen(): string;
  hasEnded(): boolean;
  press(key: string): void;
  /** Presses a key about once a second until something is true: an interface that still starts takes no keys. */
  pressUntil(key: string, what: string, isDone: () => boolean): Promise<void>;
  kill(): void;
}

type Size = { readonly rows: number; readonly cols: number };

/** Between two presses. */
const PRESS_MS = 1_000;

/** Starts OpenCode in a pseudo terminal of 120 columns and 40 rows. */
export function startTerminal(home: OpenCodeHome, args: readonly string[]): Terminal {
  return openTerminal(home, [openCodeBinary(home.version), ...args], { rows: 40, cols: 120 });
}

/** Starts the built `opencode-sync` in a pseudo terminal. */
export function startCliTerminal(home: OpenCodeHome, args: readonly string[], size: Size): Terminal {
  return openTerminal(home, [process.execPath, builtCli, ...args], size);
}

/** With the `script` of util-linux. */
function openTerminal(home: OpenCodeHome, command: readonly string[], { rows, cols }: Size): Terminal {
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const child = spawn("script", ["-qefc", `stty rows ${rows} cols ${cols}; exec ${words.join(" ")}`, "/dev/null"], {
    cwd: home.project,
    env: { ...home.env, TERM: "xterm-256color", SHELL: "/bin/sh" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => undefined);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    // What it asks a terminal before it draws anything: where the cursor is, and what it can do.
    if (text.includes("\x1b[6n")) child.stdin.write("\x1b[1;1R");
    if (text.includes("\x1b[c")) child.stdin.write("\x1b[?62;c");
  });
  let ended = false;
  child.once("close", () => {
    ended = true;
  });
  const press = (key: string) => {
    child.stdin.write(key);
  };
  return {
    press,
    screen: () => stripVTControlCharacters(output),
    hasEnded: () => ended,
    pressUntil: async (key, what, isDone) => {
      let pressedMs = -Infinity;
      await until(
        what,
        () => {
          if (isDone()) return true;
          if (performance.now() - pressedMs < PRESS_MS) return false;
          pressedMs = performance.now();
          press(key);
          return false;
        },
        150_000,
      );
    },
    kill: () => child.kill("SIGKILL"),
  };
}
