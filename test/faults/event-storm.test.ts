import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type FaultyProxy, startFaultyProxy } from "../support/faulty-proxy.ts";
import { builtPlugin, createOpenCodeHome, type OpenCodeHome, openCodeBinary } from "../support/opencode.ts";
import { processesWith } from "../support/processes.ts";
import { seededRandom } from "../support/random.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";
import { change, createStore, editText, messageIds, RECORDED_SESSION } from "./store.ts";

const EVENTS = 20_000;

/** Sessions that the plugin remembers as changed; whatever is beyond is found again by looking into the store. */
const MAX_REMEMBERED = 256;

/** Twice the budget, which the benchmark measures where nothing else runs. A process that keeps events takes more. */
const MAX_MEMORY_MIB = 30;

const program = fileURLToPath(new URL("feed-events.ts", import.meta.url));
const recorded = fileURLToPath(new URL("../fixtures/opencode/1.18.33/events", import.meta.url));

let server: TestServer;
let proxy: FaultyProxy;
let home: OpenCodeHome;

beforeAll(async () => {
  server = await startServer();
  // Nothing happens to these requests: they are only counted.
  proxy = await startFaultyProxy({ target: server.url, random: seededRandom(1), rate: 0 });
  const { key } = await createKey(server, await createUser(server));
  home = await createOpenCodeHome({ modelUrl: "http://127.0.0.1:9/v1", server: { url: proxy.url, key } });
  createStore(home.databaseFile, 4);
});

afterAll(async () => {
  home?.remove();
  await proxy?.close();
  await server?.stop();
});

const answerSchema = z.object({ microsecondsPerEvent: z.number().optional(), memoryMiB: z.number().optional() });

/** The built plugin in the Bun of OpenCode. */
function startPlugin() {
  const child = spawn(openCodeBinary(), ["run", program, builtPlugin, recorded], {
    env: { ...home.env, BUN_BE_BUN: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => answerSchema.parse(JSON.parse((await lines.next()).value ?? "null"));
  return {
    child,
    answer,
    ask: (order: object | "memory" | "end") => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      return answer();
    },
  };
}

test("a storm of events costs no request, no process and no memory for each, and what is remembered is bounded", async () => {
  const plugin = startPlugin();
  const exited = new Promise((resolve) => plugin.child.once("exit", resolve));
  try {
    const sessions = [RECORDED_SESSION, ...[0, 1, 2, 3].map((n) => `${RECORDED_SESSION}x${n}`)];
    // All at a time after sign-in, as in a turn that goes on.
    const store = sessions.map((id) => [id, ...messageIds(home.databaseFile, id)]);
    change(home.databaseFile, (database) => {
      for (const [, message = ""] of store) editText(database, message, "in the storm", Date.now());
    });
    const turn = await plugin.ask({ sessions: store, count: EVENTS, yields: true });
    await until("the storm has arrived", async () => {
      const [stored, expected] = [rowsOfServer(server), await rowsOfStore(home.env)];
      return JSON.stringify(stored[RECORDED_SESSION]) === JSON.stringify(expected[RECORDED_SESSION]);
    });
    const requestsOfTurn = proxy.requestCount();
    const { memoryMiB } = await plugin.ask("memory");
    expect(memoryMiB).toBeLessThan(MAX_MEMORY_MIB);
    expect(processesWith("HOME", home.home).map(({ pid }) => pid)).toEqual([plugin.child.pid]);
    expect(requestsOfTurn).toBeLessThan(EVENTS / 100);

    // Sessions that are in no store, so that each one remembered is one question to the server.
    const strangers = Array.from({ length: 5_000 }, (_, n) => [`ses_stranger${n}`]);
    const flood = await plugin.ask({ sessions: strangers, count: strangers.length, yields: false });
    expect(processesWith("HOME", home.home)).toHaveLength(1);
    for (const { microsecondsPerEvent } of [turn, flood]) expect(microsecondsPerEvent).toBeLessThan(1_000);
    await plugin.ask("end");
    await exited;
    expect(proxy.requestCount() - requestsOfTurn).toBeLessThan(MAX_REMEMBERED + 50);
    expect(processesWith("HOME", home.home)).toEqual([]);
    expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
    console.log(
      `${EVENTS} events: ${turn.microsecondsPerEvent?.toFixed(1)} µs each, ${memoryMiB?.toFixed(0)} MiB at most, ` +
        `${requestsOfTurn} requests; flood of ${strangers.length} sessions: ${flood.microsecondsPerEvent?.toFixed(1)} µs`,
    );
  } finally {
    plugin.child.kill("SIGKILL");
    await exited;
  }
});
