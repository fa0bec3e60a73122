import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { OPUS, OPUS_PRICE, OPUS_TOKENS } from "../support/priced-messages.ts";
import { push } from "../support/push.ts";
import { createKey, createUser, startServer, type TestServer } from "../support/server.ts";
import { until } from "../support/until.ts";

test("a newer list prices again what was priced by an older one, at the next start", async () => {
  const older = await startServer();
  const { key: olderKey } = await createKey(older, await createUser(older));
  const item = { sessionExternalId: "s", role: "assistant", ...OPUS, tokens: OPUS_TOKENS, hash: 1 };
  await push(older, olderKey, {
    messages: [
      { ...item, externalId: "m1" },
      { ...item, externalId: "m2", model: "claude-opus-4-7" },
      { ...item, externalId: "m3", cost: 9, costSource: "reported" },
    ],
  });
  await older.kill();
  const database = new DatabaseSync(join(older.dataDir, "data.db"));
  // As if this data had been written when one model was cheaper and another not known yet.
  database.exec(`
    UPDATE price_list SET digest = 'older', date = '2026-01-01';
    UPDATE price_rates SET input = 1 WHERE model = 'claude-opus-4-8';
    DELETE FROM price_rates WHERE model = 'claude-opus-4-7';
    UPDATE price_names SET origin = '', rateProvider = '', rateModel = '' WHERE model = 'claude-opus-4-7';
    UPDATE messages SET cost = 0.001 WHERE externalId = 'm1';
    UPDATE messages SET cost = 0, costSource = 'unknown', stated = stated & ~128 WHERE externalId = 'm2';
  `);
  database.close();
  const newer = await startServer({ dataDir: older.dataDir });
  try {
    expect(newer.query("SELECT cost, costSource FROM messages ORDER BY externalId")).toEqual([
      { cost: OPUS_PRICE, costSource: "computed" },
      { cost: OPUS_PRICE, costSource: "computed" },
      { cost: 9, costSource: "reported" },
    ]);
    expect(newer.output()).toContain("New prices: 2 messages and 0 sessions changed.");
    expect(newer.query("SELECT sum(costNano) AS nano FROM usage")).toEqual([{ nano: 9e9 + 2 * OPUS_PRICE * 1e9 }]);
  } finally {
    await newer.stop();
    rmSync(older.dataDir, { recursive: true, force: true });
  }
});

test("a change of price that is cut off by a crash is finished at the next start", async () => {
  const first = await startServer();
  const user = await createUser(first, { role: "owner" });
  const { key: firstKey } = await createKey(first, user);
  for (let batch = 0; batch < 4; batch += 1) {
    const messages = Array.from({ length: 1500 }, (_, index) => ({
      ...{
        sessionExternalId: `s${batch}`,
        externalId: `m${index}`,
        role: "assistant",
        ...OPUS,
        tokens: OPUS_TOKENS,
        hash: 1,
      },
    }));
    await push(first, firstKey, { messages });
  }
  const costs = (at: TestServer) => at.query("SELECT cost, count(*) AS n FROM messages GROUP BY cost ORDER BY n DESC");
  expect(costs(first)).toEqual([{ cost: OPUS_PRICE, n: 6000 }]);
  const change = fetch(`${first.url}/api/prices/claude-opus-4-8`, {
    method: "PUT",
    headers: { Authorization: user.token },
    body: JSON.stringify({ input: 0, output: 10 }),
  }).catch(() => undefined);
  await until("some rows are priced anew", () => costs(first).some(({ cost }) => cost === 0.001));
  await first.kill();
  await change;
  const second = await startServer({ dataDir: first.dataDir });
  try {
    expect(costs(second)).toEqual([{ cost: 0.001, n: 6000 }]);
    expect(second.query("SELECT sum(costNano) AS nano FROM usage")).toEqual([{ nano: 6000 * 1e6 }]);
    expect(second.query("SELECT digest FROM price_list WHERE digest LIKE '~%'")).toEqual([]);
  } finally {
    await second.stop();
    rmSync(first.dataDir, { recursive: true, force: true });
  }
}, 90_000);
