import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { messageSchema, sessionSchema } from "@opensync/client";
import { messageHash, sessionHash } from "@opensync/client/digest";
import { afterEach, describe, expect, test } from "vitest";
import { collect } from "../../testing/collect.ts";
import { copyFixtureStore, FIXTURE_VERSIONS, type FixtureStore } from "../../testing/opencode-fixture.ts";
import { type Data, dataOf, isData } from "./json.ts";
import { openStore } from "./read.ts";
import { restoreSession } from "./restore-session.ts";
import { JSON_COLUMNS } from "./session-row.ts";

let store: FixtureStore;
afterEach(() => store.remove());

const readJson = (file: string): Data => dataOf(JSON.parse(readFileSync(file, "utf8")));
const created = (info: Data) => Number(dataOf(info["time"])["created"]);

/** What the files say, read without any code of ours: as `opencode export` would print it. */
function readFiles(folder: string, sessionGlob: string, messages: string, parts: string) {
  return globSync(sessionGlob, { cwd: folder }).map((file) => {
    const info = readJson(join(folder, file));
    const inFolder = (glob: string) => globSync(glob, { cwd: folder }).map((found) => readJson(join(folder, found)));
    const infos = inFolder(messages.replace("SESSION", basename(file, ".json"))).sort(
      (a, b) => created(a) - created(b),
    );
    return {
      info,
      messages: infos.map((message) => ({
        info: message,
        parts: inFolder(parts.replace("MESSAGE", String(message["id"]))).sort((a, b) =>
          `${a["id"]}` < `${b["id"]}` ? -1 : 1,
        ),
      })),
    };
  });
}

function readRows(file: string) {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string, id: string): Data[] =>
    database
      .prepare(sql)
      .all(id)
      .map((row) => ({ ...row }));
  const parse = (row: Data) => dataOf(JSON.parse(String(row["data"])));
  const sessions = rows("SELECT * FROM session WHERE id > ?", "").map((row) => ({
    row,
    messages: rows("SELECT * FROM message WHERE session_id = ? ORDER BY time_created, id", String(row["id"])).map(
      (message) => ({
        info: { ...parse(message), id: message["id"], sessionID: row["id"] },
        parts: rows("SELECT * FROM part WHERE message_id = ? ORDER BY id", String(message["id"])).map((part) => ({
          ...parse(part),
          id: part["id"],
          messageID: message["id"],
          sessionID: row["id"],
        })),
      }),
    ),
  }));
  database.close();
  return sessions;
}

/** Everything in the store as it is restored from its mapped form. */
async function roundTrip() {
  const reader = await openStore(store.env);
  const out = [];
  for (const { externalId } of await reader.listSessions(0)) {
    const session = (await reader.readSession(externalId)) ?? expect.fail();
    const messages = await collect(reader.readMessages(externalId));
    // What is sent must be what the contract allows, and hash to the same everywhere.
    expect(sessionSchema.safeParse(session).error).toBeUndefined();
    for (const message of messages) expect(messageSchema.safeParse(message).error).toBeUndefined();
    const hashes = [sessionHash(session), ...messages.map(messageHash)];
    const wire: typeof messages = JSON.parse(JSON.stringify(messages));
    expect(hashes.slice(1)).toEqual(wire.map(messageHash));
    out.push({ session, restored: restoreSession(session, messages) });
  }
  reader.close();
  return out;
}

describe("original → contract → original is the original", () => {
  test.each([
    ["0.5.29", "project/*/storage/session/info/*.json", "**/message/SESSION/*.json", "**/part/*/MESSAGE/*.json"],
    ["1.1.65", "storage/session/*/*.json", "storage/message/SESSION/*.json", "storage/part/MESSAGE/*.json"],
  ] as const)("for the files of %s", async (version, sessions, messages, parts) => {
    store = copyFixtureStore(version);
    const originals = readFiles(store.folder, sessions, messages, parts);
    expect(originals.length).toBeGreaterThan(0);
    expect(originals.flatMap((each) => each.messages.flatMap((message) => message.parts)).length).toBeGreaterThan(3);
    const restored = (await roundTrip()).map((each) => each.restored);
    const byId = (a: { info: Data }, b: { info: Data }) => (`${a.info["id"]}` < `${b.info["id"]}` ? -1 : 1);
    expect(restored.toSorted(byId)).toEqual(originals.toSorted(byId));
  });

  test.each(["1.2.27", "1.15.13"] as const)("for the database of %s", async (version) => {
    store = copyFixtureStore(version);
    const originals = new Map(readRows(store.file).map((original) => [original.row["id"], original]));
    const trips = await roundTrip();
    expect(trips).toHaveLength(originals.size);
    for (const { session, restored } of trips) {
      const original = originals.get(session.externalId) ?? expect.fail();
      expect(restored.messages).toEqual(original.messages);
      const columns = Object.entries(original.row).filter(([, value]) => value !== null);
      const parsed = columns.map(([column, value]) => {
        const json: unknown = JSON_COLUMNS.includes(column) ? JSON.parse(String(value)) : value;
        return [column, isData(json) || Array.isArray(json) ? json : value];
      });
      expect(session.meta).toEqual(Object.fromEntries(parsed));
    }
  });

  test.each(FIXTURE_VERSIONS)("and %s keeps no second copy of anything", async (version) => {
    store = copyFixtureStore(version);
    expect(JSON.stringify(await roundTrip())).not.toContain('"original"');
  });
});
