import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { canMountDisk, mountFullDisk } from "../support/full-disk.ts";
import { freePort } from "../support/launch.ts";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import {
  createOpenCodeHome,
  type Finished,
  type OpenCodeHome,
  openCodeBinary,
  runCli,
  runOpenCode,
  startOpenCode,
} from "../support/opencode.ts";
import { startOpenCodeServer } from "../support/opencode-scenario.ts";
import { type ProcessInfo, processesWith } from "../support/processes.ts";
import { createKey, createUser, startServer, type TestServer, type TestUser } from "../support/server.ts";
import { startTerminal, type Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";

/** The plugin takes at most four seconds of an exit; the rest is room for a busy machine. What is excluded is a hang. */
const MAX_DELAY_MS = 12_000;

const ANSWERED = 'Look [[tool:bash {"command":"ls","description":"Look"}]][[say:Seen.]]';
const UNANSWERED = "Wait [[hang]]";

let server: TestServer;
let model: MockModel;
let user: TestUser;
let bare: OpenCodeHome;
/** How a run ends without us. */
let plain: Omit<Finished, "durationMs">;
const homes: OpenCodeHome[] = [];
const terminals: Terminal[] = [];

beforeAll(async () => {
  server = await startServer();
  model = await startMockModel();
  bare = await createOpenCodeHome({ modelUrl: model.url });
  const { exitCode, stdout, stderr } = await runOpenCode(bare, ANSWERED);
  plain = { exitCode, stdout, stderr };
  expect(exitCode).toBe(0);
});

afterEach(async () => {
  for (const terminal of terminals.splice(0)) terminal.kill();
  for (const home of homes.splice(0)) {
    // A process that still tries to send ends by itself after 20 seconds; the next test need not wait for that.
    for (const { pid } of processesOf(home)) process.kill(pid, "SIGKILL");
    await until("nothing of the home runs", () => processesOf(home).length === 0);
    home.remove();
  }
  await server.stop();
  server = await startServer();
});

afterAll(async () => {
  bare?.remove();
  await model?.stop();
  await server?.stop();
});

async function newHome(url = server.url): Promise<{ home: OpenCodeHome; keyId: string }> {
  user = await createUser(server);
  const { id, key } = await createKey(server, user);
  const home = await createOpenCodeHome({ modelUrl: model.url, server: { url, key } });
  homes.push(home);
  return { home, keyId: id };
}

const processesOf = (home: OpenCodeHome) => processesWith("HOME", home.home);

/** Until OpenCode has ended what it starts itself for its snapshots: they may outlive it. */
const untilAlone = (home: OpenCodeHome) =>
  until("only OpenCode itself runs", () => processesOf(home).length === 1, 60_000);

/** Everything in the store is on the server, as it is there, once nothing sends any more. */
async function expectEverything(home: OpenCodeHome, env: Readonly<Record<string, string>> = {}): Promise<void> {
  await until("nothing is being sent", () => processesOf(home).length === 0, 60_000);
  expect(await runCli(home, ["verify", "--deep"], { env })).toMatchObject({ exitCode: 0, stdout: "" });
  expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
}

/** Runs OpenCode until the model has begun to answer, ends it with the signal, and says how it ended. */
async function interrupt(home: OpenCodeHome, signal: NodeJS.Signals) {
  const before = model.requestCount();
  const { child, finished } = startOpenCode(home, ["run", UNANSWERED]);
  let said = "";
  child.stderr?.on("data", (text: string) => (said += text));
  // Title and answer are asked for; then OpenCode says which model is at work.
  await until("the model answers", () => model.requestCount() >= before + 2 && said.includes("mock-1"), 60_000);
  await untilAlone(home);
  const askedAtMs = performance.now();
  child.kill(signal);
  const { exitCode, stdout, stderr } = await finished;
  return { exitCode, signal: child.signalCode, stdout, stderr, tookMs: performance.now() - askedAtMs };
}

describe("a run that is ended in the middle of an answer", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)(
    "%s: ends as without us, and the next start brings all",
    async (signal) => {
      const { home } = await newHome();
      const { tookMs, ...ending } = await interrupt(home, signal);
      const { tookMs: bareMs, ...expected } = await interrupt(bare, signal);
      expect(ending).toEqual(expected);
      expect(tookMs - bareMs).toBeLessThan(MAX_DELAY_MS);
      expect(processesOf(home)).toEqual([]);
      expect(await runOpenCode(home, "Again [[say:Here.]]")).toMatchObject({ exitCode: 0 });
      await expectEverything(home);
    },
  );
});

test.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)(
  "serve, ended by %s in the middle of an answer: sync --all brings what was written",
  async (signal) => {
    const { home } = await newHome();
    const serve = await startOpenCodeServer(home);
    const session = await serve.send("POST", "/session", {});
    const id = typeof session === "object" && session !== null && "id" in session ? session.id : expect.fail("no id");
    const before = model.requestCount();
    const parts = [{ type: "text", text: UNANSWERED }];
    const asked = serve
      .send("POST", `/session/${id}/message`, { parts, model: { providerID: "mock", modelID: "mock-1" } })
      .then(
        () => "answered",
        () => "broken",
      );
    await until("the model answers", () => model.requestCount() > before, 60_000);
    await untilAlone(home);
    const startedMs = performance.now();
    await serve.stop(signal);
    expect(performance.now() - startedMs).toBeLessThan(MAX_DELAY_MS);
    expect(await asked).toBe("broken");
    expect(processesOf(home)).toEqual([]);
    expect(await runCli(home, ["sync", "--all"])).toMatchObject({ exitCode: 0, stderr: "" });
    await expectEverything(home);
  },
);

test("an instance of serve that is disposed of has sent everything, and goes on when it is used again", async () => {
  const { home } = await newHome();
  const serve = await startOpenCodeServer(home);
  const say = async (text: string) => {
    const parts = [{ type: "text", text: `Go [[say:${text}]]` }];
    const { id } = z.object({ id: z.string() }).parse(await serve.send("POST", "/session", {}));
    await serve.send("POST", `/session/${id}/message`, { parts, model: { providerID: "mock", modelID: "mock-1" } });
  };
  try {
    for (const text of ["First.", "Second."]) {
      await say(text);
      await serve.send("POST", "/instance/dispose");
      const isComplete = async () => isDeepStrictEqual(rowsOfServer(server), await rowsOfStore(home.env));
      await until("everything is on the server", isComplete, 20_000);
    }
  } finally {
    await serve.stop("SIGTERM");
  }
  expect(Object.keys(rowsOfServer(server))).toHaveLength(2);
  await expectEverything(home);
});

describe("the terminal interface", () => {
  /** Asks something, and waits until the answer is in the store. */
  async function converse(home: OpenCodeHome): Promise<Terminal> {
    const before = model.requestCount();
    const terminal = startTerminal(home, ["--prompt", "From the terminal [[say:Hello there.]]"]);
    terminals.push(terminal);
    await terminal.pressUntil("\r", "the model is asked", () => model.requestCount() > before);
    const isAnswered = async () => JSON.stringify(await rowsOfStore(home.env)).includes('"Hello there."');
    await until("the answer is in the store", isAnswered, 120_000);
    return terminal;
  }

  /** OpenCode itself, not the terminal around it. */
  function endOpenCode(home: OpenCodeHome, signal: NodeJS.Signals): void {
    const program = openCodeBinary(home.version);
    const isProgram = ({ command }: ProcessInfo) => command === program || command.startsWith(`${program} `);
    process.kill(processesOf(home).find(isProgram)?.pid ?? expect.fail("OpenCode runs"), signal);
  }

  test.each<[how: string, leave: (terminal: Terminal, home: OpenCodeHome) => unknown]>([
    ["with Ctrl-C", (terminal) => terminal.press("\x03")],
    ["with /exit", (terminal) => terminal.pressUntil("/exit\r", "it ends", () => terminal.hasEnded())],
    ["by SIGTERM", (_, home) => endOpenCode(home, "SIGTERM")],
    ["by SIGHUP", (_, home) => endOpenCode(home, "SIGHUP")],
    ["by a terminal that is closed", (terminal) => terminal.kill()],
  ])("left %s: all is sent without another start, and nothing of ours is on the screen", async (_, leave) => {
    const { home } = await newHome();
    const terminal = await converse(home);
    const askedAtMs = performance.now();
    await leave(terminal, home);
    await until("it has ended", () => terminal.hasEnded(), 30_000);
    expect(performance.now() - askedAtMs).toBeLessThan(MAX_DELAY_MS);
    // The name of the folder that the test made for itself is on the screen; no other word of ours is.
    expect(terminal.screen()).not.toMatch(/opensync(?!-opencode-)/i);
    await expectEverything(home);
  });

  test("left while the server never answers: it ends in time, and sync --all brings what was not sent", async () => {
    const silent = await startSilentServer();
    try {
      const { home } = await newHome(silent.url);
      const terminal = await converse(home);
      const askedAtMs = performance.now();
      terminal.press("\x03");
      await until("it has ended", () => terminal.hasEnded(), 30_000);
      expect(performance.now() - askedAtMs).toBeLessThan(MAX_DELAY_MS);
      expect(terminal.screen()).not.toMatch(/opensync(?!-opencode-)/i);
      const env = { OPENSYNC_URL: server.url };
      expect(await runCli(home, ["sync", "--all"], { env })).toMatchObject({ exitCode: 0, stderr: "" });
      await expectEverything(home, env);
    } finally {
      silent.stop();
    }
  });

  test("left with a second Ctrl-C at once: sync --all brings what was not sent", async () => {
    const { home } = await newHome();
    const terminal = await converse(home);
    terminal.press("\x03");
    terminal.press("\x03");
    await until("it has ended", () => terminal.hasEnded(), 30_000);
    expect(await runCli(home, ["sync", "--all"])).toMatchObject({ exitCode: 0, stderr: "" });
    await expectEverything(home);
  });
});

/** Accepts connections, and never says a word. */
async function startSilentServer(): Promise<{ url: string; stop: () => void }> {
  const open = new Set<{ destroy(): void }>();
  const silent: Server = createServer((socket) => open.add(socket.on("error", () => undefined)));
  const port = await freePort();
  await new Promise<void>((resolve) => silent.listen(port, "127.0.0.1", resolve));
  const stop = () => {
    for (const socket of open) socket.destroy();
    silent.close();
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

describe("a run to its end", () => {
  async function expectAsWithoutUs(home: OpenCodeHome): Promise<void> {
    const { child, finished } = startOpenCode(home, ["run", ANSWERED]);
    let saidAtMs = Number.POSITIVE_INFINITY;
    child.stdout?.on("data", () => {
      saidAtMs = performance.now();
    });
    const { exitCode, stdout, stderr } = await finished;
    expect({ exitCode, stdout, stderr }).toEqual(plain);
    expect(performance.now() - saidAtMs).toBeLessThan(MAX_DELAY_MS);
  }

  test("leaves no process behind when the server has everything", async () => {
    const { home } = await newHome();
    await expectAsWithoutUs(home);
    expect(processesOf(home)).toEqual([]);
    await expectEverything(home);
  });

  test("against a server that is away, that accepts and never answers: nobody notices, sync --all brings all", async () => {
    const silent = await startSilentServer();
    try {
      for (const url of [`http://127.0.0.1:${await freePort()}`, silent.url]) {
        const { home } = await newHome(url);
        await expectAsWithoutUs(home);
        // At most the one process that finishes the upload.
        expect(processesOf(home).length).toBeLessThanOrEqual(1);
        const env = { OPENSYNC_URL: server.url };
        expect(await runCli(home, ["sync", "--all"], { env })).toMatchObject({ exitCode: 0, stderr: "" });
        expect(await runCli(home, ["verify", "--deep"], { env })).toMatchObject({ exitCode: 0 });
      }
    } finally {
      silent.stop();
    }
  });

  test("with a key that was revoked: nobody notices, and a new key brings all", async () => {
    const { home, keyId } = await newHome();
    await fetch(`${server.url}/api/keys/${keyId}`, { method: "DELETE", headers: { Authorization: user.token } });
    await expectAsWithoutUs(home);
    expect(rowsOfServer(server)).toEqual({});
    const env = { OPENSYNC_API_KEY: (await createKey(server, user)).key };
    expect(await runCli(home, ["sync", "--all"], { env })).toMatchObject({ exitCode: 0, stderr: "" });
    await expectEverything(home, env);
  });

  test.each([...(canMountDisk() ? ["full disk" as const] : []), "file" as const])(
    "with a %s in the place of our notes: nobody notices, and all is sent all the same",
    async (kind) => {
      const { home } = await newHome();
      const state = join(home.home, ".opensync/state");
      // Below a file nothing can be written, not even by root.
      const disk = kind === "file" ? writeFileSync(state, "") : mountFullDisk(state);
      try {
        await expectAsWithoutUs(home);
        await expectEverything(home);
        const { stdout } = await runCli(home, ["doctor"]);
        expect(stdout).toMatch(/^notes\tfailed\t~\/\.opensync\/state cannot be written: /m);
      } finally {
        disk?.remove();
      }
    },
  );
});
