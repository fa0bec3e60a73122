import { expect, test } from "vitest";
import { push } from "../support/push.ts";
import { searchIndexDifferences } from "../support/search-index.ts";
import { administrator } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer();
const ann = sharedAccount(server);

/** Segments of the index: their number is in the upper bits of the id of each of their pages. */
const segments = () =>
  Number(server.query("SELECT count(DISTINCT id >> 37) AS n FROM messages_fts_data WHERE id > 10")[0]?.["n"]);

test("the job merges the segments that requests have left, and changes no word", async () => {
  // It runs by itself whenever a minute begins.
  await until("no minute begins soon", () => new Date().getSeconds() >= 2 && new Date().getSeconds() < 40, 30_000);
  for (let number = 0; number < 12; number += 1) {
    const message = { externalId: `m${number}`, role: "user", textContent: `word${number} every`, hash: 1 + number };
    await push(server, ann.key, { messages: [{ sessionExternalId: "s", ...message }] });
  }
  expect(segments()).toBeGreaterThan(8);
  const admin = await administrator(server);
  await admin.crons.run("opensyncMergeWords");
  await until("few segments are left", () => segments() < 4);
  expect(searchIndexDifferences(server.dataDir)).toEqual([]);
  const found = "SELECT count(*) AS n FROM messages_fts WHERE messages_fts MATCH 'word7 AND every'";
  expect(server.query(found)).toEqual([{ n: 1 }]);
});
