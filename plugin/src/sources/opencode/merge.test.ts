import { copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collect } from "../../testing/collect.ts";
import { copyFixtureStore, type FixtureStore } from "../../testing/opencode-fixture.ts";
import { StoreError, type StoreReader } from "../source.ts";
import { openCode } from "./index.ts";

/** In the database of 1.2.27. */
const OLD = "ses_e046ca6fcffeVLsO7mdgGenyoF";
const NEW = "ses_e0465918fffeKGHFcvvq6LLU1R";
/** In the files of 1.1.65. */
const IN_FILES = "ses_e046cbf4dffesyR1GpKdYkoJGE";

let store: FixtureStore;
let reader: StoreReader | undefined;
afterEach(() => {
  reader?.close();
  reader = undefined;
  store.remove();
});

async function open(env: Record<string, string> = {}): Promise<StoreReader> {
  reader = await openCode.open({ ...store.env, ...env });
  return reader;
}

const ids = async (from: StoreReader) => (await from.listSessions(0)).map(({ externalId }) => externalId);

function write(file: string, sql: string): void {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: false });
  database.exec(sql);
  database.close();
}

/** A copy of the first database in which a session was renamed at a time of its own. */
function addDatabase(name: string, sql: string): string {
  const file = join(store.folder, name);
  copyFileSync(store.file, file);
  write(file, sql);
  return file;
}

describe("a machine with stores of several versions", () => {
  test("shows the sessions of all of them, newest first", async () => {
    store = copyFixtureStore("0.5.29", "1.1.65", "1.2.27");
    expect(await ids(await open())).toEqual([
      NEW,
      "ses_e0465a267ffeZlO4wsMR1ilh6E",
      OLD,
      IN_FILES,
      "ses_e046cd791ffeA0oD6sy58grOE4",
    ]);
  });

  test("reads a session that a later version has taken over from the later one", async () => {
    store = copyFixtureStore("1.1.65", "1.2.27");
    // As 1.2 imports it: with the session's own time, and the files left where they are.
    const { time, version } = JSON.parse(readFileSync(sessionFile(), "utf8"));
    write(
      store.file,
      `UPDATE session SET id = '${IN_FILES}', title = 'Imported', version = '${version}', time_updated = ${time.updated}
       WHERE id = '${OLD}'`,
    );
    expect(await (await open()).readSession(IN_FILES)).toMatchObject({ title: "Imported" });
    expect(await ids(await open())).toHaveLength(3);
  });

  test("reads it from the files where an older version went on with it", async () => {
    store = copyFixtureStore("1.1.65", "1.2.27");
    write(store.file, `UPDATE session SET id = '${IN_FILES}', time_updated = 1000 WHERE id = '${OLD}'`);
    const from = await open();
    expect(await from.readSession(IN_FILES)).toMatchObject({ agentVersion: "1.1.65" });
    expect(await collect(from.readMessages(IN_FILES))).toHaveLength(3);
  });

  function sessionFile(): string {
    return join(store.folder, "storage/session/3601db49011c9a8ed60caa39350fcbb4421828fe", `${IN_FILES}.json`);
  }
});

describe("several databases", () => {
  beforeEach(() => {
    store = copyFixtureStore("1.2.27");
  });

  test("are read together, and a session that is in two of them comes from where it changed last", async () => {
    addDatabase(
      "opencode-dev.db",
      `UPDATE session SET title = 'Newer', time_updated = 1795999999999 WHERE id = '${OLD}'`,
    );
    addDatabase("opencode-next.db", `UPDATE session SET title = 'Older', time_updated = 1 WHERE id = '${NEW}'`);
    const from = await open();
    expect(await from.listSessions(0)).toEqual([
      { externalId: OLD, changedAtMs: 1795999999999 },
      { externalId: NEW, changedAtMs: 1795222564680 },
    ]);
    expect(await from.readSession(OLD)).toMatchObject({ title: "Newer" });
    expect(await from.readSession(NEW)).not.toMatchObject({ title: "Older" });
  });

  test.each([
    { name: "an absolute path", value: () => join(store.folder, "else.db"), titles: ["Elsewhere"] },
    { name: "a name in the data folder", value: () => "else.db", titles: ["Elsewhere"] },
    { name: "memory, which nobody else can read", value: () => ":memory:", titles: ['Mock title: "Do it "'] },
  ])("OPENCODE_DB may be $name", async ({ value, titles }) => {
    addDatabase("else.db", `UPDATE session SET title = 'Elsewhere' WHERE id = '${OLD}'`);
    const session = await (await open({ OPENCODE_DB: value() })).readSession(OLD);
    expect([session?.title]).toEqual(titles);
  });

  test("that are not OpenCode's or are damaged do not keep the others from being read", async () => {
    writeFileSync(
      join(store.folder, "opencode-bad.db"),
      "this is not SQLite, and long enough to be looked at. ".repeat(40),
    );
    new DatabaseSync(join(store.folder, "opencode-else.db")).exec("CREATE TABLE recipes (name)");
    const from = await open();
    expect(await ids(from)).toEqual([NEW, OLD]);
    expect(from.unreadable.map(({ message }) => message)).toEqual([
      expect.stringContaining("opencode-bad.db"),
      expect.stringContaining("opencode-else.db"),
    ]);
    for (const error of from.unreadable)
      expect(error).toMatchObject({ name: "StoreError", hint: expect.stringMatching(/./) });
  });

  test("of which one is locked leave the others readable, and what may be in it is unknown, not missing", async () => {
    const file = addDatabase(
      "opencode-dev.db",
      `PRAGMA journal_mode = DELETE; DELETE FROM session WHERE id <> '${NEW}'`,
    );
    const from = await open();
    const holder = new DatabaseSync(file);
    holder.exec("BEGIN EXCLUSIVE");
    expect(await ids(from)).toEqual([NEW, OLD]);
    expect(from.unreadable).toMatchObject([
      { message: expect.stringContaining("opencode-dev.db: database is locked") },
    ]);
    await expect(from.readSession("ses_perhaps")).rejects.toBeInstanceOf(StoreError);
    expect(await from.readSession(OLD)).toBeDefined();
    holder.exec("ROLLBACK");
    holder.close();
    expect(await from.readSession("ses_perhaps")).toBeUndefined();
  });
});

test("events and credentials are never looked at", async () => {
  store = copyFixtureStore("1.15.13");
  // A view of nothing: whatever asks for it fails.
  const unread = ["event", "event_sequence", "account", "account_state", "control_account", "session_share"];
  const views = unread.map((name) => `DROP TABLE ${name}; CREATE VIEW ${name} AS SELECT * FROM nowhere_at_all;`);
  write(store.file, views.join("\n"));
  const from = await open();
  const [entry] = await from.listSessions(0);
  const id = entry?.externalId ?? expect.fail();
  expect(await from.readSession(id)).toBeDefined();
  expect(await from.lastChangeMs(id)).toBeGreaterThan(0);
  expect(await collect(from.readMessages(id))).toHaveLength(3);
  expect(from.unreadable).toEqual([]);
});

test("a machine on which no store can be read names each of them", async () => {
  store = copyFixtureStore();
  const files = ["opencode.db", "opencode-dev.db"].map((name) => join(store.folder, name));
  for (const file of files) writeFileSync(file, "this is not SQLite, and long enough to be looked at. ".repeat(40));
  const failure = openCode.open(store.env);
  for (const file of files) await expect(failure).rejects.toThrow(file);
  await expect(failure).rejects.toMatchObject({ hint: expect.stringContaining("damaged") });
});

describe("the files of 1.0-1.1", () => {
  const folder = () => join(store.folder, "storage");
  const message = (id: string) => join(folder(), "message", IN_FILES, `${id}.json`);
  beforeEach(() => {
    store = copyFixtureStore("1.1.65");
  });

  test("are listed by the session's own time, and files that were not written since are not read", async () => {
    const from = await open();
    const changedAtMs = 1795222094271;
    expect(await from.listSessions(changedAtMs)).toEqual([
      { externalId: "ses_e0465a267ffeZlO4wsMR1ilh6E", changedAtMs: 1795222560323 },
    ]);
    const file = join(folder(), "session/9f809cbf5165387fc0a28cce8cbfd9dfe07eb289/ses_e0465a267ffeZlO4wsMR1ilh6E.json");
    utimesSync(file, 1, 1);
    expect(await from.listSessions(changedAtMs)).toEqual([]);
  });

  test("have their totals from their messages, and their folder and name from the project", async () => {
    expect(await (await open()).readSession(IN_FILES)).toMatchObject({
      model: "mock-1",
      provider: "mock",
      projectPath: "/home/dev/oc/old/1.1.65/proj",
      projectName: "proj",
      tokens: { input: 11685 + 11748, output: 74 },
      cost: 0.03561 + 0.035799,
      updatedAt: 1795222094271,
    });
  });

  test("tell that a message was written again, though no time in it says so", async () => {
    const from = await open();
    utimesSync(message("msg_1fb9340ce001irTWfxlomxiUDu"), 2_000_000_000, 2_000_000_000);
    expect(await from.lastChangeMs(IN_FILES)).toBe(2_000_000_000_000);
    const [first] = await collect(from.readMessages(IN_FILES));
    // A copy from a backup has a new file time too: it must not win over what is newer than it.
    expect(first?.updatedAt).toBe(1795222094030);
  });

  test("that are damaged are kept as they are and do not stop the others", async () => {
    writeFileSync(message("msg_1fb934186001o5iZnB6EOOoC3P"), '{"role": "assist');
    writeFileSync(join(folder(), "session/3601db49011c9a8ed60caa39350fcbb4421828fe/ses_half.json"), "{");
    const from = await open();
    const messages = await collect(from.readMessages(IN_FILES));
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "unknown"]);
    expect(messages[2]?.meta).toEqual({ unreadable: '{"role": "assist' });
    expect(await from.readSession("ses_half")).toMatchObject({ externalId: "ses_half", meta: { unreadable: "{" } });
  });

  test("hold the to-do list and the changes of a session beside it", async () => {
    const todos = [{ id: "1", content: "Write", status: "pending", priority: "high" }];
    const diff = [{ file: "a.ts", before: "", after: "x", additions: 1, deletions: 0 }];
    mkdirSync(join(folder(), "todo"));
    writeFileSync(join(folder(), "todo", `${IN_FILES}.json`), JSON.stringify(todos));
    writeFileSync(join(folder(), "session_diff", `${IN_FILES}.json`), JSON.stringify(diff));
    expect(await (await open()).readSession(IN_FILES)).toMatchObject({
      todos: [{ content: "Write", status: "pending", priority: "high" }],
      meta: { todos, sessionDiff: diff },
    });
  });

  test.each(["../../../etc/passwd", "a/b", "..", ""])("are never left by an id such as %j", async (id) => {
    const from = await open();
    expect(await from.readSession(id)).toBeUndefined();
    expect(await collect(from.readMessages(id))).toEqual([]);
  });

  test("that an older version adds meanwhile are found with the next listing", async () => {
    const from = await open();
    expect(await from.readSession("ses_later")).toBeUndefined();
    const session = { id: "ses_later", title: "Later", time: { created: 1, updated: 1795999999999 } };
    mkdirSync(join(folder(), "session/another"));
    writeFileSync(join(folder(), "session/another/ses_later.json"), JSON.stringify(session));
    expect((await from.listSessions(0))[0]).toEqual({ externalId: "ses_later", changedAtMs: 1795999999999 });
    expect(await from.readSession("ses_later")).toMatchObject({ title: "Later" });
  });

  test("that disappear while they are read are gone, not an error", async () => {
    const from = await open();
    rmSync(join(folder(), "part"), { recursive: true });
    rmSync(message("msg_1fb9340ce001irTWfxlomxiUDu"));
    expect((await collect(from.readMessages(IN_FILES))).map(({ parts }) => parts)).toEqual([[], []]);
  });
});

test("the files of 0.5 have their folder from the messages, and a title from the prompt", async () => {
  store = copyFixtureStore("0.5.29");
  expect(await (await open()).readSession("ses_e046cd791ffeA0oD6sy58grOE4")).toMatchObject({
    title: 'Do it [[tool:bash {"command":"echo hi","description":"x"}]][[say:old answer]]',
    projectPath: "/home/dev/oc/old/0.5.29/proj",
    projectName: "proj",
    agentVersion: "0.5.29",
    model: "mock-1",
    meta: { title: "New session - 2026-11-21T00:48:07.790Z" },
  });
});
