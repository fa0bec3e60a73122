import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { z } from "zod";
import { inRoot } from "../scripts/paths.mjs";
import { change, createStore, editText, messageIds, RECORDED_SESSION } from "../test/faults/store.ts";
import { builtPlugin, createOpenCodeHome, openCodeBinary } from "../test/support/opencode.ts";
import { until } from "../test/support/until.ts";
import type { Row } from "./report.ts";
import { startBenchServer } from "./server.ts";

const EVENTS = 20_000;

const answerSchema = z.object({ microsecondsPerEvent: z.number().optional(), rssMiB: z.number() });

/** What the plugin takes of OpenCode's own process: time for an event, and memory for itself and what it sends. */
export async function measurePluginCost(): Promise<Row[]> {
  const server = await startBenchServer();
  const home = await createOpenCodeHome({
    modelUrl: "http://127.0.0.1:9/v1",
    server: { url: server.process.url, key: server.key },
  });
  createStore(home.databaseFile, 4);
  const recorded = inRoot("test/fixtures/opencode/1.18.33/events");
  const child = spawn(openCodeBinary(), ["run", inRoot("test/faults/feed-events.ts"), builtPlugin, recorded], {
    env: { ...home.env, BUN_BE_BUN: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answer = async () => answerSchema.parse(JSON.parse((await lines.next()).value ?? "null"));
    const ready = await answer();
    const messages = messageIds(home.databaseFile, RECORDED_SESSION);
    change(home.databaseFile, (database) => {
      for (const id of messages) editText(database, id, "in the storm", Date.now());
    });
    const order = { sessions: [[RECORDED_SESSION, ...messages]], count: EVENTS, yields: true };
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const turn = await answer();
    const page = () => server.admin.collection("messages").getList(1, 1, { filter: 'textContent = "in the storm"' });
    await until("it is on the server", async () => (await page()).totalItems > 0, 60_000);
    child.stdin.write('"end"\n');
    await ended;
    return [
      {
        what: `the plugin in OpenCode's process, an event (of ${EVENTS.toLocaleString("en")})`,
        result: `${((turn.microsecondsPerEvent ?? 0) / 1000).toFixed(3)} ms`,
        budget: "< 1 ms",
      },
      {
        // The program that feeds it makes and drops events meanwhile: only growth says something.
        what: "its memory there at most",
        result: `${(ready.rssMiB + Math.max(0, turn.rssMiB)).toFixed(0)} MiB`,
        budget: "< 15 MB",
      },
    ];
  } finally {
    child.kill("SIGKILL");
    await ended;
    home.remove();
    await server.stop();
  }
}
