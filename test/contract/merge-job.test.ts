import PocketBase from "pocketbase";
import { afterAll, beforeAll, expect, test } from "vitest";
import { superuser } from "../support/pocketbase.ts";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

let server: TestServer;
let key = "";

beforeAll(async () => {
  server = await startServer();
  ({ key } = await createKey(server, await createUser(server)));
});

afterAll(() => server.stop());

/** Segments of the index: their number is in the upper bits of the id of each of their pages. */
const segments = () =>
  Number(server.query("SELECT count(DISTINCT id >> 37) AS n FROM messages_fts_data WHERE id > 10")[0]?.["n"]);

test("the nightly job merges the segments that requests have left, and changes no word", async () => {
  for (let number = 0; number < 12; number += 1) {
    const message = { externalId: `m${number}`, role: "user", textContent: `word${number} every`, hash: 1 + number };
    await push(server, key, { messages: [{ sessionExternalId: "s", ...message }] });
  }
  expect(segments()).toBeGreaterThan(8);
  const admin = new PocketBase(server.url);
  await admin.collection("_superusers").authWithPassword(superuser.email, superuser.password);
  await admin.crons.run("opensyncMergeWords");
  await until("few segments are left", () => segments() < 4);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
  const found = "SELECT count(*) AS n FROM messages_fts WHERE messages_fts MATCH 'word7 AND every'";
  expect(server.query(found)).toEqual([{ n: 1 }]);
});
