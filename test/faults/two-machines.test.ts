import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createOpenCodeHome, type OpenCodeHome, runCli } from "../support/opencode.ts";
import { faultSeeds, seededRandom } from "../support/random.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";
import { change, createStore, editText, grow, messageIds, RECORDED_SESSION, removeMessage, rename } from "./store.ts";

const HOUR_MS = 3_600_000;
/** After everything in the recorded session. */
const START_MS = 1_795_300_000_000;

let server: TestServer;
const homes: OpenCodeHome[] = [];

beforeAll(async () => {
  server = await startServer();
});

afterEach(async () => {
  for (const home of homes.splice(0)) home.remove();
  await server.stop();
  server = await startServer();
});

afterAll(() => server?.stop());

/** Shifts the clock of a Node process; the rest of the machine keeps its time. */
const shiftedClock = (ms: number) => {
  const script = `const now = Date.now; Date.now = () => now() + ${ms};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
};

/** A machine with the recorded session, its own memory of what it sent, and a clock that is wrong by so much. */
async function createMachine(key: string, clockMs: number) {
  const home = await createOpenCodeHome({ modelUrl: "http://127.0.0.1:9/v1" });
  homes.push(home);
  createStore(home.databaseFile, 0);
  const env = { OPENSYNC_URL: server.url, OPENSYNC_API_KEY: key, ...shiftedClock(clockMs) };
  const cli = (...args: string[]) => runCli(home, args, { env });
  return {
    clockMs,
    file: home.databaseFile,
    rows: () => rowsOfStore(home.env),
    sync: async (mode: "--all" | "--force" = "--all") => {
      const result = await cli("sync", mode);
      // Nothing but success, and that the other machine's is newer and stays.
      expect(result.stderr).toMatch(/^(Of 1 session the server keeps a newer state\..*\n)?$/);
      expect(result.exitCode).toBe(result.stderr === "" ? 0 : 1);
      return result;
    },
    verify: async () => {
      const { exitCode, stdout, stderr } = await cli("verify", "--deep");
      return { exitCode, lines: stdout.split("\n").filter(Boolean).sort(), stderr };
    },
  };
}
type Machine = Awaited<ReturnType<typeof createMachine>>;

const newKey = async () => (await createKey(server, await createUser(server))).key;

/** Everything stored, with the time of its last change: two equal pictures mean that nothing was written between them. */
const picture = () => ({
  sessions: server.query("SELECT * FROM sessions ORDER BY id"),
  messages: server.query("SELECT * FROM messages ORDER BY id"),
});

/** What `verify --deep` has to say when the server holds this. */
async function expectedProof(machine: Machine): Promise<{ exitCode: number; lines: string[] }> {
  const mine = (await machine.rows())[RECORDED_SESSION] ?? expect.fail("the session is in the store");
  const theirs = rowsOfServer(server)[RECORDED_SESSION] ?? expect.fail("the session is on the server");
  const lines: string[] = [];
  if (mine.hash !== theirs.hash) {
    lines.push(`different\t${RECORDED_SESSION}\t-\tits own fields, the server's is newer`);
  }
  for (const [id, { hash }] of Object.entries(mine.messages)) {
    if (theirs.messages[id]?.hash === hash) continue;
    lines.push(`different\t${RECORDED_SESSION}\t${id}\tthe server's is newer`);
  }
  const isProven = lines.length === 0;
  for (const id of Object.keys(theirs.messages)) {
    if (mine.messages[id] === undefined) lines.push(`beyond\t${RECORDED_SESSION}\t${id}\t`);
  }
  return { exitCode: isProven ? 0 : 1, lines: lines.sort() };
}

test.each(faultSeeds(1, 2, 3))(
  "two machines change one session, clocks an hour apart: the newest of each stays, seed %i",
  async (seed) => {
    const random = seededRandom(seed);
    const key = await newKey();
    const machines = [
      await createMachine(key, random.pick([0, HOUR_MS])),
      await createMachine(key, random.pick([-HOUR_MS, 0])),
    ] as const;
    const shared = messageIds(machines[0].file, RECORDED_SESSION);
    /** Who changed a message, or the title, at the latest time by its own clock. */
    const latest = new Map<string, { machine: Machine; atMs: number }>();
    const note = (what: string, machine: Machine, atMs: number) => {
      if (atMs > (latest.get(what)?.atMs ?? 0)) latest.set(what, { machine, atMs });
    };

    for (let step = 1; step <= 16; step++) {
      const machine = random.pick(machines);
      const atMs = START_MS + step * 60_000 + machine.clockMs;
      const message = shared[random.below(shared.length)] ?? expect.fail("the session has messages");
      const what = random.pick(["edit", "edit", "grow", "rename", "sync"]);
      if (what === "sync") await machine.sync();
      else
        change(machine.file, (database) => {
          if (what === "edit") editText(database, message, `step ${step}`, atMs);
          if (what === "grow") grow(database, RECORDED_SESSION, `n${step}`, atMs);
          if (what === "rename") rename(database, RECORDED_SESSION, `Title of step ${step}`, atMs);
        });
      if (what === "edit") note(message, machine, atMs);
      // A new message is a change of the session too.
      if (what === "grow" || what === "rename") note("session", machine, atMs);
    }
    const order = random.pick([machines, [machines[1], machines[0]] as const]);
    for (const machine of [...order, ...order]) await machine.sync();

    const [a, b] = [(await machines[0].rows())[RECORDED_SESSION], (await machines[1].rows())[RECORDED_SESSION]];
    const stored = rowsOfServer(server)[RECORDED_SESSION];
    expect(Object.keys(stored?.messages ?? {}).sort()).toEqual(
      [...new Set([...Object.keys(a?.messages ?? {}), ...Object.keys(b?.messages ?? {})])].sort(),
    );
    for (const [what, { machine }] of latest) {
      const winner = machine === machines[0] ? a : b;
      if (what === "session") expect(stored?.hash).toBe(winner?.hash);
      else expect(stored?.messages[what]).toEqual(winner?.messages[what]);
    }
    for (const machine of machines) expect(await machine.verify()).toMatchObject(await expectedProof(machine));

    const before = picture();
    for (const machine of [...machines, ...machines]) await machine.sync();
    expect(picture()).toEqual(before);

    // One of them insists: then its store counts, and what only the other one wrote stays.
    const [, boss] = order;
    expect(await boss.sync("--force")).toMatchObject({ exitCode: 0 });
    const proof = await boss.verify();
    expect(proof).toMatchObject(await expectedProof(boss));
    expect(proof.exitCode).toBe(0);
  },
);

test.each([
  ["an hour ahead", HOUR_MS],
  ["an hour behind", -HOUR_MS],
])("a message removed on a machine whose clock is %s is removed, until the other one insists", async (_, clockMs) => {
  const key = await newKey();
  const [remover, keeper] = [await createMachine(key, clockMs), await createMachine(key, 0)];
  await remover.sync();
  await keeper.sync();
  const removed = messageIds(remover.file, RECORDED_SESSION).at(-1) ?? "";
  change(remover.file, (database) => removeMessage(database, removed));
  for (const machine of [remover, keeper, remover, keeper]) await machine.sync();
  const rows = server.query("SELECT externalId FROM messages WHERE removedAt > 0");
  expect(rows).toEqual([{ externalId: removed }]);
  expect(await remover.verify()).toMatchObject({ exitCode: 0, lines: [] });
  const proof = await keeper.verify();
  expect(proof).toMatchObject({
    exitCode: 1,
    lines: [`different\t${RECORDED_SESSION}\t${removed}\tremoved on the server`],
    stderr: expect.stringContaining("To send it: opencode-sync sync --force\n"),
  });

  expect(await keeper.sync("--force")).toMatchObject({ exitCode: 0 });
  expect(await keeper.verify()).toMatchObject({ exitCode: 0, lines: [] });
  const before = picture();
  // The other machine has said what it had to say: it does not remove it once more.
  for (const machine of [remover, keeper, remover]) expect(await machine.sync()).toMatchObject({ exitCode: 0 });
  expect(picture()).toEqual(before);
  expect(await remover.verify()).toMatchObject({
    exitCode: 0,
    lines: [`beyond\t${RECORDED_SESSION}\t${removed}\t`],
  });
});

test("a title given by a clock that is an hour ahead stays, until the other machine insists", async () => {
  const key = await newKey();
  const [early, late] = [await createMachine(key, HOUR_MS), await createMachine(key, 0)];
  // Later than anything that the right clock can say.
  change(early.file, (database) => rename(database, RECORDED_SESSION, "Ahead", Date.now() + HOUR_MS));
  await early.sync();
  expect(await late.sync()).toMatchObject({ exitCode: 1 });
  expect(await late.verify()).toMatchObject({
    exitCode: 1,
    lines: [`different\t${RECORDED_SESSION}\t-\tits own fields, the server's is newer`],
    stderr: expect.stringContaining("To send it: opencode-sync sync --force\n"),
  });
  expect(await late.sync("--force")).toMatchObject({ exitCode: 0 });
  expect(await late.verify()).toMatchObject({ exitCode: 0, lines: [] });
});

test("who still wants a message that another machine removed can say so", async () => {
  const key = await newKey();
  const [remover, keeper] = [await createMachine(key, 0), await createMachine(key, 0)];
  await remover.sync();
  const removed = messageIds(remover.file, RECORDED_SESSION).at(-1) ?? "";
  change(remover.file, (database) => removeMessage(database, removed));
  await remover.sync();
  await keeper.sync("--force");
  expect(await keeper.verify()).toMatchObject({ exitCode: 0, lines: [] });
  expect(await remover.verify()).toMatchObject({
    exitCode: 0,
    lines: [`beyond\t${RECORDED_SESSION}\t${removed}\t`],
  });
});

test("a clock that jumps back an hour loses nothing: what this machine wrote last is what the server has", async () => {
  const machine = await createMachine(await newKey(), 0);
  const [first = "", second = ""] = messageIds(machine.file, RECORDED_SESSION);
  change(machine.file, (database) => {
    editText(database, first, "by a clock that is ahead", START_MS + HOUR_MS);
    rename(database, RECORDED_SESSION, "Ahead", START_MS + HOUR_MS);
  });
  await machine.sync();
  change(machine.file, (database) => {
    editText(database, first, "by a clock that is right again", START_MS + 1_000);
    editText(database, second, "and another one", START_MS + 2_000);
    rename(database, RECORDED_SESSION, "Right again", START_MS + 3_000);
  });
  expect(await machine.sync()).toMatchObject({ exitCode: 0 });
  expect(rowsOfServer(server)).toEqual(await machine.rows());
  expect(await machine.verify()).toMatchObject({ exitCode: 0, lines: [] });
});
