import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { z } from "zod";
import { type MockModel, startMockModel } from "../support/mock-model.ts";
import { createOpenCodeHome } from "../support/opencode.ts";
import { type OpenCodeServer, startOpenCodeServer } from "../support/opencode-scenario.ts";
import { createKey, createUser, startServer } from "../support/server.ts";
import { startSlowServer, TROUBLES, type Trouble } from "../support/slow-server.ts";
import type { Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";
import {
  converse,
  type Ending,
  endOpenCode,
  endRun,
  expectAsWithoutUs,
  expectEverything,
  expectToLeave,
  interruptRun,
  MAX_DELAY_MS,
  processesOf,
  SIGNALS,
  START_MS,
  startAgain,
  syncAll,
  UNANSWERED,
  untilAlone,
  untilNobodySends,
  WAYS_OUT,
} from "./exits.ts";

/** Five to seven starts of OpenCode in each test, several tests side by side. */
const TIMEOUT_MS = 900_000;

/** How a run ends without us: by itself, and by each signal. */
let plain: Ending;
const interrupted = new Map<NodeJS.Signals, Ending>();

let bareModel: MockModel;

beforeAll(async () => {
  bareModel = await startMockModel();
  const bare = await createOpenCodeHome({ modelUrl: bareModel.url });
  try {
    plain = await endRun(bare);
    expect(plain.exitCode, plain.stderr).toBe(0);
    for (const signal of SIGNALS) interrupted.set(signal, await interruptRun(bare, bareModel, signal));
  } finally {
    bare.remove();
  }
});

afterAll(() => bareModel?.stop());

/** All that one test needs, of its own: they go side by side, since they mostly wait for a server. */
async function surroundings(trouble: Trouble, { onTestFinished }: TestContext) {
  const server = await startServer();
  onTestFinished(() => server.stop());
  const slow = await startSlowServer(server.url);
  onTestFinished(() => slow.close());
  const model = await startMockModel();
  onTestFinished(() => model.stop());
  const { key } = await createKey(server, await createUser(server));
  const home = await createOpenCodeHome({ modelUrl: model.url, server: { url: slow.url, key } });
  onTestFinished(async () => {
    for (const { pid } of processesOf(home)) process.kill(pid, "SIGKILL");
    await untilNobodySends(home);
    home.remove();
  });
  await slow.be(trouble);
  /** Whatever was begun has ended, and from now on the server answers as it should. */
  const recover = async () => {
    await untilNobodySends(home);
    await slow.be("is well");
  };
  return { server, model, home, recover };
}

const idSchema = z.object({ id: z.string() });

/** Asks the model something in a new session, over the API of `serve`. @returns how the request ended */
async function ask(serve: OpenCodeServer, text: string): Promise<"answered" | "broken"> {
  const { id } = idSchema.parse(await serve.send("POST", "/session", {}));
  const parts = [{ type: "text", text }];
  const body = { parts, model: { providerID: "mock", modelID: "mock-1" } };
  return serve.send("POST", `/session/${id}/message`, body).then(
    () => "answered",
    () => "broken",
  );
}

function pressTwice(terminal: Terminal): void {
  terminal.press("\x03");
  terminal.press("\x03");
}

describe.concurrent.each(TROUBLES)("a server that %s", { timeout: TIMEOUT_MS }, (trouble) => {
  test("a run ends as without us, by itself and by every signal, and the next start brings all", async (context) => {
    const { server, model, home, recover } = await surroundings(trouble, context);
    for (const signal of SIGNALS) {
      expectAsWithoutUs(await interruptRun(home, model, signal), interrupted.get(signal) ?? expect.fail(signal));
      expect(processesOf(home), signal).toEqual([]);
    }
    expectAsWithoutUs(await endRun(home), plain);
    // At most the one process that finishes the upload, and that not for ever.
    expect(processesOf(home).length).toBeLessThanOrEqual(1);
    await recover();
    await startAgain(home);
    await expectEverything(home, server);
  });

  test("serve ends at once by every signal, an instance of it in time, and sync --all brings all", async (context) => {
    const { server, model, home, recover } = await surroundings(trouble, context);
    for (const signal of SIGNALS) {
      const serve = await startOpenCodeServer(home);
      const before = model.requestCount();
      const asked = ask(serve, UNANSWERED);
      await until("the model answers", () => model.requestCount() > before, START_MS);
      await untilAlone(home);
      const startedMs = performance.now();
      const { stdout, stderr } = await serve.stop(signal);
      expect(performance.now() - startedMs, signal).toBeLessThan(MAX_DELAY_MS);
      expect(await asked).toBe("broken");
      expect(stdout + stderr).not.toMatch(/opensync(?!-opencode-)/i);
      expect(processesOf(home), signal).toEqual([]);
    }
    const serve = await startOpenCodeServer(home);
    try {
      expect(await ask(serve, "Go [[say:Gone.]]")).toBe("answered");
      const startedMs = performance.now();
      await serve.send("POST", "/instance/dispose");
      expect(performance.now() - startedMs).toBeLessThan(MAX_DELAY_MS);
    } finally {
      await serve.stop();
    }
    await recover();
    await syncAll(home);
    await expectEverything(home, server);
  });

  test("the terminal interface ends in time, however it is left, and sync --all brings all", async (context) => {
    const { server, model, home, recover } = await surroundings(trouble, context);
    const ways = [
      ...WAYS_OUT,
      ["with a second Ctrl-C at once", pressTwice] as const,
      ["by SIGKILL", () => endOpenCode(home, "SIGKILL")] as const,
    ];
    for (const [how, leave] of ways) {
      const terminal = await converse(home, model, `Left ${how}.`);
      context.onTestFinished(() => terminal.kill());
      await expectToLeave(terminal, home, leave);
    }
    await recover();
    await syncAll(home);
    await expectEverything(home, server);
  });
});
