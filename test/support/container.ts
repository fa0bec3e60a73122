import { execFileSync } from "node:child_process";
import { GenericContainer, Wait } from "testcontainers";
import { root } from "../../scripts/paths.mjs";
import { freePort } from "./launch.ts";
import { setupLinks } from "./setup-link.ts";
import { until } from "./until.ts";

/** The name that docker-compose.yml gives the image. */
const IMAGE = "opensync:2.0.0";

/** The image in a container, on an empty volume. */
export interface Container {
  readonly id: string;
  readonly url: string;
  /** The link that creates the first account, as the container's log says it. */
  readonly setupLink: string;
  /** Milliseconds from the wish for a container to its server's first answer. */
  readonly startedInMs: number;
  /** All that the server has printed so far. */
  output(): string;
  /** Stops the server and starts it again, on the same address and data. */
  restart(): Promise<void>;
  /** Removes the container and its volume. */
  stop(): Promise<void>;
}

let image: Promise<string> | undefined;

/** Builds the image from the Dockerfile, once; what an earlier run has made is used again where nothing has changed. */
export function buildImage(): Promise<string> {
  image ??= build();
  return image;
}

async function build(): Promise<string> {
  settleTestcontainers();
  try {
    await GenericContainer.fromDockerfile(root).build(IMAGE, { deleteOnExit: false });
  } catch (cause) {
    throw new Error("the image could not be built; `docker build .` in the root of the repository says why", { cause });
  }
  return IMAGE;
}

/**
 * Builds the image and starts it. The port on this machine is chosen before, so that the server can say its own address
 * and keeps it over a restart.
 */
export async function startContainer(): Promise<Container> {
  const name = await buildImage();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let output = "";
  const startedAt = performance.now();
  const container = await new GenericContainer(name)
    .withExposedPorts({ container: 8090, host: port })
    .withEnvironment({ OPENSYNC_URL: url })
    .withDroppedCapabilities("ALL")
    .withSecurityOpt("no-new-privileges")
    .withLogConsumer((log) => log.setEncoding("utf8").on("data", (text) => (output += text)))
    .withWaitStrategy(Wait.forHttp("/health", 8090))
    .start()
    .catch((cause) => {
      throw new Error(`the container does not answer on ${url}; its log:\n${output}`, { cause });
    });
  const startedInMs = performance.now() - startedAt;
  const stop = async () => {
    await container.stop({ timeout: 15_000, remove: true, removeVolumes: true });
  };
  try {
    const setupLink = await until("the log has the setup link", () => setupLinks(output)[0]);
    const restart = () => container.restart({ timeout: 15_000 });
    return { id: container.getId(), url, setupLink, startedInMs, output: () => output, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One value out of `docker inspect`, by Go's template, such as `{{.State.Health.Status}}`. */
export function inspect(id: string, template: string): string {
  return docker("inspect", "--format", template, id);
}

/** What a `docker` command prints, without the line's end. */
export function docker(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }).trim();
}

function settleTestcontainers(): void {
  // The helper that removes forgotten containers is an image of its own, which cannot be pulled everywhere.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
  // Where the tests themselves run in something like a container, the engine's bridge would be taken for the address.
  process.env["TESTCONTAINERS_HOST_OVERRIDE"] = "127.0.0.1";
}
