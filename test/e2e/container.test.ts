import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createKeyAnswerSchema, OpenSyncClient, setupAnswerSchema } from "@opensync/client";
import PocketBase from "pocketbase";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inRoot, root } from "../../scripts/paths.mjs";
import { serveArguments } from "../../scripts/serve-arguments.mjs";
import { buildImage, type Container, docker, inspect, startContainer } from "../support/container.ts";
import { composeCommand, containerEngine } from "../support/container-engine.ts";
import { type FreshServer, startFreshServer } from "../support/fresh-server.ts";
import { freePort } from "../support/launch.ts";
import { debuggingSession } from "../support/sample-sessions.ts";
import { setupLinks } from "../support/setup-link.ts";
import { until } from "../support/until.ts";

const owner = { email: "owner@example.com", password: "correct horse battery" };
const batch = debuggingSession(Date.now());

/** What a new user does first: account by the link, key, and their machine pushes a session. */
async function begin({ url, setupLink }: { url: string; setupLink: string }): Promise<OpenSyncClient> {
  const [address, secret] = setupLink.split("/setup#token=");
  expect(address).toBe(url);
  const { token } = setupAnswerSchema.parse(await post(`${url}/api/setup`, { token: secret, ...owner }));
  const { key } = createKeyAnswerSchema.parse(await post(`${url}/api/keys`, { name: "laptop", scope: "full" }, token));
  const client = new OpenSyncClient({ url, apiKey: key });
  const answer = await client.pushBatch(batch);
  expect(answer).toMatchObject({ ok: true, messages: batch.messages.length, errors: [] });
  return client;
}

async function post(url: string, body: object, authorization?: string): Promise<unknown> {
  const headers = { "Content-Type": "application/json", ...(authorization && { Authorization: authorization }) };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status, `${url} answered ${await answer.clone().text()}`).toBe(201);
  return answer.json();
}

async function expectEverything(client: OpenSyncClient): Promise<void> {
  const { messages } = await client.sessionMessages("ses_debugging");
  expect(Object.keys(messages)).toHaveLength(batch.messages.length);
  const signedIn = await new PocketBase(client.url).collection("users").authWithPassword(owner.email, owner.password);
  expect(signedIn.record["role"]).toBe("owner");
}

describe("a fresh server", () => {
  let server: FreshServer;
  beforeAll(async () => {
    server = await startFreshServer();
  });
  afterAll(() => server?.stop());

  test("takes the first account, key and session, keeps them over a restart, and prints no second link", async () => {
    const client = await begin(server);
    await expectEverything(client);
    await server.restart();
    await expectEverything(client);
    expect(setupLinks(server.output())).toEqual([server.setupLink]);
  });
});

if (containerEngine()) {
  describe("the image", () => {
    let container: Container;
    beforeAll(async () => {
      container = await startContainer();
    });
    afterAll(() => container?.stop());

    test("becomes healthy by its own check, and says so to the engine", async () => {
      await until(
        "the container is healthy",
        () => inspect(container.id, "{{.State.Health.Status}}") === "healthy",
        40_000,
      );
    });

    test("runs as nobody, with the server as its only program", () => {
      const [title, ...processes] = docker("top", container.id, "-o", "pid,uid,rss,args").split("\n");
      expect(title).toMatch(/PID +UID/);
      expect(processes).toEqual([expect.stringMatching(/^\d+ +65532 +\d+ +\/pocketbase serve/)]);
      const rssMb = Number(processes[0]?.split(/ +/)[2]) / 1024;
      console.log(`container: first answer after ${container.startedInMs.toFixed(0)} ms, RSS ${rssMb.toFixed(0)} MB`);
    });

    test("is below 60 MB", () => {
      const sizeMb = Number(inspect("opensync:2.0.0", "{{.Size}}")) / 1e6;
      console.log(`container: image of ${sizeMb.toFixed(1)} MB`);
      expect(sizeMb).toBeLessThan(60);
    });

    test("serves the dashboard and its own plugin", async () => {
      expect(await (await fetch(container.url)).text()).toContain("<html");
      const plugin = await fetch(`${container.url}/plugin.tgz`);
      expect(plugin.status).toBe(200);
      expect(Buffer.from(await plugin.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    });

    test("ends at once and cleanly when it is asked to", () => {
      docker("stop", "--time", "15", container.id);
      expect(inspect(container.id, "{{.State.ExitCode}}")).toBe("0");
      docker("start", container.id);
    });
  });
}

const compose = containerEngine() && composeCommand();
if (compose) {
  describe("docker compose up", () => {
    const [program, ...first] = compose;
    // The example holds only comments: settings that a person has made for their own server do not reach the test.
    first.push("--project-name", `opensync-test-${process.pid}`, "--env-file", ".env.example");
    let environment: NodeJS.ProcessEnv;
    let url: string;

    function run(...args: string[]): string {
      return execFileSync(program, [...first, ...args], {
        cwd: root,
        env: environment,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
    }

    beforeAll(async () => {
      await buildImage();
      const port = await freePort();
      url = `http://127.0.0.1:${port}`;
      environment = { ...process.env, OPENSYNC_PORT: `${port}`, OPENSYNC_URL: url };
      run("up", "--detach");
    });
    afterAll(() => run("down", "--volumes", "--timeout", "15"));

    test("serves the same, with a read-only root and no privileges, from one volume", async () => {
      const id = run("ps", "--quiet").trim();
      await until("the server answers", () =>
        fetch(`${url}/health`).then(
          (answer) => answer.ok,
          () => false,
        ),
      );
      const setupLink = await until("the log has the setup link", () => setupLinks(docker("logs", id))[0]);
      const client = await begin({ url, setupLink });

      expect(inspect(id, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}")).toBe(
        "true [ALL] [no-new-privileges:true]",
      );
      expect(inspect(id, "{{range .Mounts}}{{.Type}} {{.Destination}}\n{{end}}").trim()).toBe("volume /data");
      await until("the container is healthy", () => inspect(id, "{{.State.Health.Status}}") === "healthy", 40_000);
      run("restart", "--timeout", "15");
      await until("the server answers again", () =>
        fetch(`${url}/health`).then(
          (answer) => answer.ok,
          () => false,
        ),
      );
      await expectEverything(client);
    });
  });
}

if (compose) {
  test.each(["caddy", "traefik", "litestream"])("the example for %s fits the compose file", (name) => {
    const [program, ...first] = compose;
    const files = [
      "--env-file",
      ".env.example",
      "--file",
      "docker-compose.yml",
      "--file",
      `deploy/${name}/compose.yml`,
    ];
    const needed = {
      OPENSYNC_HOST: "sync.example.com",
      LITESTREAM_ACCESS_KEY_ID: "id",
      LITESTREAM_SECRET_ACCESS_KEY: "key",
    };
    const options = { cwd: root, env: { ...process.env, ...needed } };
    expect(execFileSync(program, [...first, ...files, "config", "--services"], options).toString()).toContain(
      "opensync",
    );
  });
}

test("the image starts the server as every other way does", () => {
  const dockerfile = readFileSync(inRoot("Dockerfile"), "utf8").replaceAll("\\\n", "");
  const command: unknown = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? "[]");
  const folders = [
    [inRoot("build", "dashboard"), "/dashboard"],
    [inRoot("build"), ""],
  ] as const;
  const expected = serveArguments({ http: "0.0.0.0:8090", data: "/data" }).map((argument) =>
    folders.reduce((text, [here, there]) => text.replace(here, there), argument),
  );
  expect(command).toEqual(expected);
});
