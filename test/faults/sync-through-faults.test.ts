import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startFaultyProxy } from "../support/faulty-proxy.ts";
import { freePort } from "../support/launch.ts";
import { createOpenCodeHome, type Running, runCli, startCli } from "../support/opencode.ts";
import { faultSeeds, type Random, seededRandom } from "../support/random.ts";
import { createKey, createUser, startServer } from "../support/server.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";
import { change, changeAnything, createStore, enlarge, RECORDED_SESSION } from "./store.ts";

/** Small enough for a few seconds, large enough that a sync is many requests. */
const COPIES = 30;

/** Sessions with a large message each, just under the size from which on a part is cut. */
const LARGE = 8;
const LARGE_CHARS = 1_000_000;

/** Rounds in which the store goes on changing, and in which programs are killed. */
const WILD_ROUNDS = 3;
const MAX_ROUNDS = 25;

/** So many requests there are at least, whatever happens to them. */
const LEAST_REQUESTS = 60;

/** Numbers of requests in the middle of which something is killed. */
function moments(random: Random, count: number): ReadonlySet<number> {
  return new Set(Array.from({ length: count }, () => 2 + random.below(LEAST_REQUESTS)));
}

test.each(faultSeeds(1, 2, 3))(
  "through every fault two clients bring all of a changing store, seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const port = await freePort();
    let server = await startServer({ port });
    const { dataDir } = server;
    const { key } = await createKey(server, await createUser(server));
    const home = await createOpenCodeHome({ modelUrl: "http://127.0.0.1:9/v1" });
    createStore(home.databaseFile, COPIES);
    // Requests of several megabytes are cut and repeated, too.
    change(home.databaseFile, (database) => {
      for (let n = 0; n < LARGE; n++) enlarge(database, `${RECORDED_SESSION}x${n}`, LARGE_CHARS);
    });

    const clients: (Running | undefined)[] = [undefined, undefined];
    let revival: Promise<unknown> = Promise.resolve();
    // One death after the other: two servers that start at once on one port would be taken for one another.
    let serverDeaths = 0;
    const killServer = () => {
      serverDeaths++;
      revival = revival.then(async () => {
        await server.kill();
        server = await startServer({ port, dataDir });
      });
    };
    const [serverDies, clientDies] = [moments(random, 3), moments(random, 4)];
    const proxy = await startFaultyProxy({
      target: server.url,
      random,
      rate: 0.35,
      onRequest: (number) => {
        if (serverDies.has(number)) killServer();
        if (clientDies.has(number)) clients[number % clients.length]?.child.kill("SIGKILL");
      },
    });
    // Two machines with one store: each remembers for itself what it has sent.
    const syncAll = async (name: number) => {
      const client = startCli(home, ["sync", "--all"], {
        env: { OPENSYNC_URL: proxy.url, OPENSYNC_API_KEY: key, OPENSYNC_HOME: join(home.home, `machine-${name}`) },
      });
      clients[name] = client;
      return client.finished;
    };

    try {
      const log: string[] = [];
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const finished = await Promise.all([syncAll(0), syncAll(1)]);
        await revival;
        const codes = finished.map(({ exitCode }) => exitCode ?? "killed");
        log.push(`${codes}`);
        for (const { exitCode, stderr } of finished) expect([0, 8, null], stderr).toContain(exitCode);
        if (round < WILD_ROUNDS) for (let n = 0; n < 6; n++) changeAnything(home.databaseFile, random);
        else if (codes.every((code) => code === 0)) break;
      }
      console.log(
        `seed ${seed}: rounds ${log.join(" | ")}; ${proxy.requestCount()} requests, ` +
          `${serverDeaths} deaths of the server, ${describe(proxy.faults())}`,
      );
      expect(serverDeaths).toBeGreaterThan(0);
      expect(log.at(-1)).toBe("0,0");
      await proxy.close();

      expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
      for (const name of ["machine-0", "machine-1"]) {
        const env = { OPENSYNC_URL: server.url, OPENSYNC_API_KEY: key, OPENSYNC_HOME: join(home.home, name) };
        const proof = await runCli(home, ["verify", "--deep"], { env });
        expect(proof).toMatchObject({ exitCode: 0, stdout: "" });
        const again = await runCli(home, ["sync", "--all", "--json", "sent,messages,rejected,kept"], { env });
        expect(JSON.parse(again.stdout)).toEqual({ sent: 0, messages: 0, rejected: 0, kept: 0 });
      }
    } finally {
      for (const client of clients) client?.child.kill("SIGKILL");
      await revival;
      await proxy.close().catch(() => undefined);
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
      home.remove();
    }
  },
);

function describe(faults: object): string {
  return Object.entries(faults)
    .map(([fault, times]) => `${times} ${fault}`)
    .join(", ");
}
