import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { freePort } from "../support/launch.ts";
import { startMockModel } from "../support/mock-model.ts";
import { createOpenCodeHome, runCli, runOpenCode } from "../support/opencode.ts";
import { processesWith } from "../support/processes.ts";
import { faultSeeds, seededRandom } from "../support/random.ts";
import { createKey, createUser, startServer } from "../support/server.ts";
import { until } from "../support/until.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";

/** Conversations behind the faults. */
const RUNS = 3;

const PROMPT = 'Work [[reason:Hm.]][[tool:bash {"command":"ls","description":"Look"}]][[say:Done.]]';

test.each(faultSeeds(1))(
  "through every fault, with a server that dies, the plugin is quiet and complete, seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const port = await freePort();
    let server = await startServer({ port });
    const { dataDir } = server;
    const { key } = await createKey(server, await createUser(server));
    const model = await startMockModel();
    let revival: Promise<unknown> = Promise.resolve();
    const deaths = new Set([2 + random.below(4), 8 + random.below(6)]);
    const proxy = await startFaultyProxy({
      target: server.url,
      random,
      rate: 0.5,
      onRequest: (number) => {
        if (!deaths.has(number)) return;
        // One death after the other: two servers that start at once on one port would be taken for one another.
        revival = revival.then(async () => {
          await server.kill();
          server = await startServer({ port, dataDir });
        });
      },
    });
    const home = await createOpenCodeHome({ modelUrl: model.url, server: { url: proxy.url, key } });
    const running = () => processesWith("HOME", home.home);
    try {
      for (let n = 0; n < RUNS; n++) {
        const { exitCode, stdout, stderr } = await runOpenCode(home, `${n} ${PROMPT}`);
        expect({ exitCode, stdout: stdout.trim() }).toEqual({ exitCode: 0, stdout: "Running step 1.\nDone." });
        expect(stderr).not.toMatch(/opensync(?!-opencode-)|error/i);
      }
      await until("the processes that finish an upload have ended", () => running().length === 0, 60_000);
      await revival;
      console.log(`seed ${seed}: ${proxy.requestCount()} requests, ${JSON.stringify(proxy.faults())}`);
      // One more start, without faults, brings whatever is missing: nobody has to run anything.
      const env = { OPENSYNC_URL: server.url };
      expect(await runOpenCode(home, "Last [[say:Last.]]", { env })).toMatchObject({ exitCode: 0 });
      expect(await runCli(home, ["verify", "--deep"], { env })).toMatchObject({ exitCode: 0, stdout: "" });
      await proxy.close();
      expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
      expect(Object.keys(rowsOfServer(server))).toHaveLength(RUNS + 1);
    } finally {
      for (const { pid } of running()) process.kill(pid, "SIGKILL");
      await revival;
      await proxy.close().catch(() => undefined);
      await model.stop();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
      home.remove();
    }
  },
);
