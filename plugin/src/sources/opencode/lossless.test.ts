import { type Message, messageSchema, type Session, sessionSchema } from "@opensync/client";
import { messageHash } from "@opensync/client/digest";
import { afterEach, describe, expect, test } from "vitest";
import { collect } from "../../testing/collect.ts";
import { copyFixtureStore, FIXTURE_VERSIONS, type FixtureStore } from "../../testing/opencode-fixture.ts";
import { readOriginals } from "../../testing/original-store.ts";
import { openCode } from "./index.ts";
import { type Data, isData, parseJson } from "./json.ts";
import { restoreSession } from "./restore-session.ts";
import { JSON_COLUMNS } from "./session-row.ts";

let store: FixtureStore;
afterEach(() => store.remove());

/** Everything in the store as it would be sent. */
async function mapAll(): Promise<{ session: Session; messages: Message[] }[]> {
  const reader = await openCode.open(store.env);
  const mapped = [];
  for (const { externalId } of await reader.listSessions(0)) {
    const session = (await reader.readSession(externalId)) ?? expect.fail();
    mapped.push({ session, messages: await collect(reader.readMessages(externalId)) });
  }
  reader.close();
  return mapped.sort((a, b) => (a.session.externalId < b.session.externalId ? -1 : 1));
}

/** A row without its empty columns, JSON in it parsed. */
function withoutEmpty(row: Data): Data {
  const filled = Object.entries(row).filter(([, value]) => value !== null);
  const parsed = filled.map(([column, value]) => {
    const json = JSON_COLUMNS.includes(column) ? parseJson(String(value)) : undefined;
    return [column, isData(json) || Array.isArray(json) ? json : value];
  });
  return Object.fromEntries(parsed);
}

describe.each(FIXTURE_VERSIONS)("a store of %s", (version) => {
  test("comes back from its mapped form exactly as OpenCode wrote it", async () => {
    store = copyFixtureStore(version);
    const originals = readOriginals(store.folder);
    expect(originals.flatMap(({ messages }) => messages.flatMap(({ parts }) => parts)).length).toBeGreaterThan(3);
    const mapped = await mapAll();
    expect(mapped.map(({ session }) => session.externalId)).toEqual(originals.map(({ id }) => id));
    for (const [index, { session, messages }] of mapped.entries()) {
      const original = originals[index] ?? expect.fail();
      const restored = restoreSession(session, messages);
      expect(restored.messages).toEqual(original.messages);
      expect(session.meta).toEqual(withoutEmpty(original.record));
      // Files hold the form that the API gives; rows are put into it.
      if ("time" in original.record) expect(restored.info).toEqual(original.record);
    }
    // Where the mapping does not fit, the original is kept beside it: nothing here needs that.
    expect(JSON.stringify(mapped)).not.toContain('"original"');
  });

  test("is sent as the contract allows, and hashes to the same after the way through JSON", async () => {
    store = copyFixtureStore(version);
    for (const { session, messages } of await mapAll()) {
      expect(sessionSchema.safeParse(session).error).toBeUndefined();
      for (const message of messages) {
        expect(messageSchema.safeParse(message).error).toBeUndefined();
        expect(messageHash(messageSchema.parse(JSON.parse(JSON.stringify(message))))).toBe(messageHash(message));
      }
    }
  });
});
