import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startContainer } from "./container.ts";
import { containerEngine } from "./container-engine.ts";
import { launchServer } from "./launch.ts";
import { setupLinks } from "./setup-link.ts";
import { until } from "./until.ts";

/** A server as a new user has it: no account, and a link in its log that creates the first one. */
export interface FreshServer {
  /** What it runs in. */
  readonly kind: "container" | "process";
  readonly url: string;
  readonly setupLink: string;
  /** All that the server has printed so far. */
  output(): string;
  /** Stops the server and starts it again, on the same address and data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Starts the image in a container, or, where there is no container engine, the same server as a local process. */
export async function startFreshServer(): Promise<FreshServer> {
  if (containerEngine()) return { kind: "container", ...(await startContainer()) };
  console.log("No container engine answers: running against a local process instead. Docker covers the image as well.");
  return startProcess();
}

async function startProcess(): Promise<FreshServer> {
  const dataDir = mkdtempSync(join(tmpdir(), "opensync-fresh-"));
  let server = await launchServer({ dataDir });
  const { url } = server;
  let earlier = "";
  return {
    kind: "process",
    url,
    setupLink: await until("the log has the setup link", () => setupLinks(server.output())[0]),
    output: () => earlier + server.output(),
    restart: async () => {
      await server.end("SIGTERM");
      earlier += server.output();
      server = await launchServer({ dataDir, port: Number(new URL(url).port) });
    },
    stop: async () => {
      await server.end("SIGTERM");
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
