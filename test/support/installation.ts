import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inRoot } from "../../scripts/paths.mjs";
import { type ServerOptions, startServer, type TestServer } from "./server.ts";

/** The built hooks in a folder of their own, so that a test decides what lies beside them. */
export interface Installation {
  readonly hooksDir: string;
  /** Arguments for `startServer`. */
  readonly args: readonly string[];
  remove(): void;
}

/**
 * Copies the built hooks.
 * @param files what to write beside them: path below the installation → content
 */
export function createInstallation(files: Readonly<Record<string, string | Uint8Array>>): Installation {
  const folder = mkdtempSync(join(tmpdir(), "opensync-installation-"));
  const hooksDir = join(folder, "pb_hooks");
  cpSync(inRoot("build", "pb_hooks"), hooksDir, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { hooksDir, args: [`--hooksDir=${hooksDir}`], remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A server whose hooks are an installation of its own, which goes with it. */
export async function startInstalledServer(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: ServerOptions = {},
): Promise<TestServer> {
  return startOn(createInstallation(files), options);
}

/** Starts a server on an installation, which is removed when the server stops. */
export async function startOn(installation: Installation, options: ServerOptions = {}): Promise<TestServer> {
  const server = await startServer({ ...options, args: [...installation.args, ...(options.args ?? [])] });
  const stop = async () => {
    await server.stop();
    installation.remove();
  };
  return { ...server, stop };
}
