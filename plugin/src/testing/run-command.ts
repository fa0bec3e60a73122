import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMANDS } from "../commands/index.ts";
import { runProgram } from "../commands/run.ts";
import { createTestTerminal, type TestTerminal } from "../io/test-terminal.ts";
import { VERSION } from "../version.ts";
import { createFakeServer, type FakeAnswer, type FakeAnswers, type SeenRequest } from "./fake-server.ts";

/** A machine for command tests, without a person. */
export type TestMachine = {
  readonly home: string;
  /** Runs a command and gives back what it wrote; the home folder is shown as `HOME`. */
  readonly run: (
    args: readonly string[],
    world?: {
      /** Default: one that has the right version and no sessions. */
      readonly server?: Readonly<Record<string, FakeAnswers>>;
      readonly env?: Readonly<Record<string, string>>;
      readonly terminal?: TestTerminal;
    },
  ) => Promise<{
    exitCode: number;
    stdout: string;
    stderr: string;
    /** What reached the server, and of each request its path and body alone. */
    requests: readonly SeenRequest[];
    paths: string[];
    bodies: unknown[];
  }>;
  /** Signs it in to `TEST_URL` with `TEST_KEY`. */
  readonly signIn: () => void;
  readonly remove: () => void;
};

/** The server's address on such a machine. */
export const TEST_URL = "http://127.0.0.1:8090";

/** What the clock of such a machine shows, epoch ms. */
export const TEST_NOW_MS = Date.UTC(2026, 10, 25, 12);

/** The key that it is signed in with. */
export const TEST_KEY = "os_0123456789abcdefghijklmnopqrstuvwxyzABCD";

/** Answers of a server that has the right version and no sessions. */
export const EMPTY_SERVER: Readonly<Record<string, FakeAnswer>> = {
  "GET /health": [200, { status: "ok", timestamp: 1, version: VERSION }],
  "GET /sync/sessions/list": [200, { sessionIds: [] }],
};

/** An answer to a key that is not known, or no longer. */
export const REFUSED: FakeAnswer = [401, { error: "Invalid API key: Invalid or expired token" }];

/**
 * Makes a machine with nothing but the program.
 * @param options.isSignedIn whether it has credentials, as it has by default
 */
export function createTestMachine({ isSignedIn = true } = {}): TestMachine {
  const home = mkdtempSync(join(tmpdir(), "opensync-machine-"));
  const packageFolder = join(home, "package");
  mkdirSync(packageFolder);
  writeFileSync(join(packageFolder, "plugin.js"), "export default {};\n");
  const signIn = () => {
    mkdirSync(join(home, ".opensync"), { mode: 0o700 });
    const credentials = { url: TEST_URL, apiKey: TEST_KEY };
    writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify(credentials), { mode: 0o600 });
  };
  if (isSignedIn) signIn();
  return {
    home,
    signIn,
    run: async (args, { server = EMPTY_SERVER, env = {}, terminal = createTestTerminal() } = {}) => {
      const { fetch, requests } = createFakeServer(server);
      const exitCode = await runProgram(args, COMMANDS, {
        terminal,
        env: { HOME: home, ...env },
        now: () => TEST_NOW_MS,
        device: "workstation",
        fetch,
        folder: join(home, "project"),
        packageFolder,
      });
      const [stdout = "", stderr = ""] = [terminal.stdout(), terminal.stderr()].map((text) =>
        text.replaceAll(home, "HOME"),
      );
      return {
        exitCode,
        stdout,
        stderr,
        requests,
        paths: requests.map(({ path }) => path),
        bodies: requests.map(({ body }) => body),
      };
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
