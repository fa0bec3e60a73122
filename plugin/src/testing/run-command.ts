import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMMANDS } from "../commands/index.ts";
import { runProgram } from "../commands/run.ts";
import { createTestTerminal, type TestTerminal } from "../io/test-terminal.ts";
import { createFakeServer, type FakeAnswers } from "./fake-server.ts";

/** A signed-in machine for command tests, without a person. */
export type TestMachine = {
  readonly home: string;
  /** Runs a command and gives back what it wrote; the home folder is shown as `HOME`. */
  readonly run: (
    args: readonly string[],
    world: {
      readonly server: Readonly<Record<string, FakeAnswers>>;
      readonly env?: Readonly<Record<string, string>>;
      readonly terminal?: TestTerminal;
    },
  ) => Promise<{ exitCode: number; stdout: string; stderr: string; paths: string[]; bodies: unknown[] }>;
  readonly remove: () => void;
};

/** The server's address on such a machine. */
export const TEST_URL = "http://127.0.0.1:8090";

/** What the clock of such a machine shows, epoch ms. */
export const TEST_NOW_MS = Date.UTC(2026, 10, 25, 12);

/** Makes a machine with credentials and nothing else. */
export function createTestMachine(): TestMachine {
  const home = mkdtempSync(join(tmpdir(), "opensync-machine-"));
  const packageFolder = join(home, "package");
  mkdirSync(packageFolder);
  writeFileSync(join(packageFolder, "plugin.js"), "export default {};\n");
  mkdirSync(join(home, ".opensync"), { mode: 0o700 });
  const credentials = { url: TEST_URL, apiKey: "os_0123456789abcdefghijklmnopqrstuvwxyzABCD" };
  writeFileSync(join(home, ".opensync/credentials.json"), JSON.stringify(credentials), { mode: 0o600 });
  return {
    home,
    run: async (args, { server, env = {}, terminal = createTestTerminal() }) => {
      const { fetch, requests } = createFakeServer(server);
      const exitCode = await runProgram(args, COMMANDS, {
        terminal,
        env: { HOME: home, ...env },
        now: () => TEST_NOW_MS,
        device: "workstation",
        fetch,
        packageFolder,
      });
      const [stdout = "", stderr = ""] = [terminal.stdout(), terminal.stderr()].map((text) =>
        text.replaceAll(home, "HOME"),
      );
      return {
        exitCode,
        stdout,
        stderr,
        paths: requests.map(({ path }) => path),
        bodies: requests.map(({ body }) => body),
      };
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}
