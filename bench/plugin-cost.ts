import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { inRoot } from "../scripts/paths.mjs";
import { change, createStore, editText, messageIds, RECORDED_SESSION } from "../test/faults/store.ts";
import { builtPlugin, createOpenCodeHome, openCodeBinary } from "../test/support/opencode.ts";
import { until } from "../test/support/until.ts";
import type { Row } from "./report.ts";
import { type BenchServer, startBenchServer } from "./server.ts";

const EVENTS = 20_000;

const answerSchema = z.object({ microsecondsPerEvent: z.number().optional(), memoryMiB: z.number().optional() });

type Cost = { readonly millisecondsPerEvent: number; readonly megabytes: number };

/** The memory of one run depends on when the runtime collects garbage and translates code: the worst one is told. */
const ROUNDS = 3;

/**
 * What the plugin takes of OpenCode's own process: time for an event, and memory for itself and what it sends. The
 * compiler of the runtime takes memory too while it translates what is used most, and gives it back: how much of it that
 * is, is told beside.
 */
export async function measurePluginCost(): Promise<Row[]> {
  const server = await startBenchServer();
  try {
    const usual = await measureStorms(server, {});
    const interpreted = await measureStorms(server, { BUN_JSC_useDFGJIT: "0" });
    return [
      {
        what: `the plugin in OpenCode's process, an event (of ${EVENTS.toLocaleString("en")})`,
        result: `${usual.millisecondsPerEvent.toFixed(3)} ms`,
        budget: "< 1 ms",
      },
      {
        what: `its memory there at most, loading and storm, worst of ${ROUNDS}`,
        result: `${usual.megabytes.toFixed(0)} MB; ${interpreted.megabytes.toFixed(0)} MB without the runtime's compiler`,
        budget: "< 15 MB",
      },
    ];
  } finally {
    await server.stop();
  }
}

/** The worst of several storms, in each figure. */
async function measureStorms(server: BenchServer, runtime: Readonly<Record<string, string>>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) costs.push(await measureStorm(server, runtime));
  return {
    millisecondsPerEvent: Math.max(...costs.map((cost) => cost.millisecondsPerEvent)),
    megabytes: Math.max(...costs.map((cost) => cost.megabytes)),
  };
}

/** @param runtime variables for the runtime */
async function measureStorm(server: BenchServer, runtime: Readonly<Record<string, string>>): Promise<Cost> {
  const home = await createOpenCodeHome({
    modelUrl: "http://127.0.0.1:9/v1",
    server: { url: server.process.url, key: server.key },
  });
  createStore(home.databaseFile, 4);
  const messages = messageIds(home.databaseFile, RECORDED_SESSION);
  // Another text each time: what the server has already is not sent.
  const text = `in the storm ${home.home}`;
  change(home.databaseFile, (database) => {
    for (const id of messages) editText(database, id, text, Date.now());
  });
  const recorded = inRoot("test/fixtures/opencode/1.18.33/events");
  const child = spawn(openCodeBinary(), ["run", inRoot("test/faults/feed-events.ts"), builtPlugin, recorded], {
    env: { ...home.env, ...runtime, BUN_BE_BUN: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (order: object | string) => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    return answerSchema.parse(JSON.parse((await lines.next()).value ?? "null"));
  };
  try {
    const turn = await ask({ sessions: [[RECORDED_SESSION, ...messages]], count: EVENTS, yields: true });
    const filter = server.admin.filter("textContent = {:text}", { text });
    const page = () => server.admin.collection("messages").getList(1, 1, { filter });
    await until("it is on the server", async () => (await page()).totalItems > 0, 60_000);
    const { memoryMiB = Number.NaN } = await ask("memory");
    await ask("end");
    await ended;
    return {
      millisecondsPerEvent: (turn.microsecondsPerEvent ?? Number.NaN) / 1_000,
      megabytes: (memoryMiB * 2 ** 20) / 1e6,
    };
  } finally {
    child.kill("SIGKILL");
    await ended;
    home.remove();
  }
}
