import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Source, StoreReader } from "../sources/source.ts";
import { LiveSync } from "./live-sync.ts";
import { openStore } from "./open-store.ts";

const projects: Record<string, string | undefined> = {
  open: "/home/dev/shop",
  secret: "/home/dev/clients/acme",
  below: "/home/dev/clients/acme/app",
  beside: "/home/dev/clients/acme-two",
  nowhere: undefined,
};

const reader: StoreReader = {
  unreadable: [],
  listSessions: async () => Object.keys(projects).map((externalId) => ({ externalId, changedAtMs: 1 })),
  changeMarks: async () => new Map(),
  lastChangeMs: async () => 1,
  readSession: async (externalId) => {
    const projectPath = projects[externalId];
    return projectPath === undefined ? { externalId } : { externalId, projectPath };
  },
  async *readMessages(sessionExternalId) {
    yield { sessionExternalId, externalId: "m", role: "user" };
  },
  close: () => undefined,
};
const source: Source = { id: "test-agent", name: "Test agent", locate: () => [], open: async () => reader };

test("sessions in an excluded folder, and below it, are not there", async () => {
  const store = await openStore(source, {}, { excluded: ["/home/dev/clients/acme"] });
  const listed = (await store.listSessions(0)).map(({ externalId }) => externalId);
  expect(listed).toEqual(["open", "beside", "nowhere"]);
  for (const id of Object.keys(projects)) {
    const messages: string[] = [];
    for await (const { externalId } of store.readMessages(id)) messages.push(externalId);
    const isThere = listed.includes(id);
    expect((await store.readSession(id)) !== undefined).toBe(isThere);
    expect((await store.lastChangeMs(id)) !== undefined).toBe(isThere);
    expect(messages).toEqual(isThere ? ["m"] : []);
  }
});

test("without an excluded folder the store is the agent's own", async () => {
  expect(await openStore(source, {}, { excluded: [] })).toBe(reader);
});

test("during a pause nothing is read or sent, and there is nothing left to do", async () => {
  const home = mkdtempSync(join(tmpdir(), "opensync-pause-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, ".opensync"));
  const settings = join(home, ".opensync/settings.json");
  writeFileSync(settings, JSON.stringify({ pausedUntilMs: 5_000 }));
  let opened = 0;
  let now = 4_000;
  const live = new LiveSync({
    source: {
      ...source,
      open: async () => {
        opened++;
        throw new Error("the store is not needed");
      },
    },
    env: { HOME: home, OPENSYNC_URL: "http://127.0.0.1:1", OPENSYNC_API_KEY: "os_test" },
    device: "d",
    observeGit: async () => ({}),
    now: () => now,
  });
  live.touch("open", "m");
  expect(await live.finish(2_000)).toBe(true);
  expect(opened).toBe(0);
  now = 6_000;
  live.touch("open", "m");
  expect(await live.finish(2_000)).toBe(false);
  expect(opened).toBeGreaterThan(0);
});
