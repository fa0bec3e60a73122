import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { createAccount } from "../support/account.ts";
import { archiveOf, checked, importInto, line, rowsOf, verified } from "../support/archive.ts";
import { pushAll } from "../support/push.ts";
import { createUser, startServer, type TestServer } from "../support/server.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const server = sharedServer();
const owner = sharedAccount(server, { role: "owner", scope: "full" });
const member = sharedAccount(server, { scope: "full" });

/** Micro-USD, as they are stored, of what the owner has set. */
const pricesOn = (at: TestServer) =>
  at.query("SELECT * FROM price_rates WHERE origin = 'owner' ORDER BY provider, model").map((row) => ({ ...row }));

async function setPrice(at: TestServer, token: string, model: string, body: object) {
  const init = { method: "PUT", headers: { Authorization: token }, body: JSON.stringify(body) };
  const answer = await fetch(`${at.url}/api/prices/${encodeURIComponent(model)}`, init);
  expect(answer.status, await answer.text()).toBe(200);
}

const at = { createdAt: 1_790_000_000_000, updatedAt: 1_790_000_000_000, hash: 5 };
const tokens = { input: 1_000_000, output: 100_000, cacheRead: 7 };
const session = (externalId: string, model: string) => ({
  sessions: [{ externalId, title: externalId, ...at }],
  messages: [{ sessionExternalId: externalId, externalId: "m", role: "assistant", model, tokens, ...at }],
});
const costs = (at: TestServer, user: string) =>
  at.query("SELECT model, cost, costSource FROM messages WHERE user = ? ORDER BY model", user);

/** Runs something on a server that has nothing yet. */
async function onAnother(run: (other: TestServer) => Promise<void>): Promise<void> {
  const other = await startServer();
  try {
    await run(other);
  } finally {
    await other.stop();
  }
}

describe("the prices that the owner has set", () => {
  let archive = "";

  beforeAll(async () => {
    await setPrice(server, owner.token, "house-model", { input: 0.000001, output: 9_999.999999, cacheRead: 0.1 });
    await setPrice(server, owner.token, "openai/gpt-5.5", { input: 3, output: 4.5, cacheWrite: 2, cacheWrite1h: 0 });
    await setPrice(server, owner.token, "free-model", { input: 0, output: 0 });
    for (const model of ["house-model", "gpt-5.5", "free-model"]) {
      await pushAll(server, owner.key, session(`s-${model}`, model));
      await pushAll(server, member.key, session(`s-${model}`, model));
    }
    archive = await archiveOf(server, `Bearer ${owner.key}`);
  });

  test("come back row by row on another server, and everything costs there what it cost here", async () => {
    const { header, data, end } = verified(archive);
    expect([header.version, header.prices, end?.prices]).toEqual([2, 3, 3]);
    expect(data.slice(0, 4).map((text) => Object.keys(JSON.parse(text))[0])).toEqual([
      ...["price", "price", "price"],
      "session",
    ]);
    await onAnother(async (other) => {
      const { id, token } = await createUser(other, { role: "owner" });
      expect(await importInto(other, token, archive)).toMatchObject({ prices: 3, sessions: 3, errors: [] });
      expect(pricesOn(other)).toEqual(pricesOn(server));
      expect(rowsOf(other, id)).toEqual(rowsOf(server, owner.id));
      expect(verified(await archiveOf(other, token)).data).toEqual(data);
      expect(await importInto(other, token, archive)).toMatchObject({ prices: 0, changed: 0, errors: [] });
      expect(pricesOn(other)).toEqual(pricesOn(server));
    });
  });

  test("count for what is there already, of everybody on the server", async () => {
    await onAnother(async (other) => {
      const { token } = await createUser(other, { role: "owner" });
      const ben = await createAccount(other);
      await pushAll(other, ben.key, session("s", "house-model"));
      expect(costs(other, ben.id)).toMatchObject([{ costSource: "unknown" }]);
      await importInto(other, token, archive);
      expect(costs(other, ben.id)).toEqual([
        server.query(
          "SELECT model, cost, costSource FROM messages WHERE user = ? AND model = 'house-model'",
          owner.id,
        )[0],
      ]);
    });
  });

  test("do not replace what the other server's owner has set", async () => {
    await onAnother(async (other) => {
      const { id, token } = await createUser(other, { role: "owner" });
      await setPrice(other, token, "free-model", { input: 8, output: 8 });
      expect(await importInto(other, token, archive)).toMatchObject({ prices: 2, errors: [] });
      expect(pricesOn(other).find(({ model }) => model === "free-model")).toMatchObject({ input: 8_000_000 });
      expect(costs(other, id).map(({ cost }) => Number(cost) > 0)).toEqual([true, true, true]);
    });
  });

  test("are in no archive of anybody else, nor where an archive goes on", async () => {
    const { header, data, end } = verified(await archiveOf(server, `Bearer ${member.key}`));
    expect([header.prices, end?.prices]).toEqual([0, 0]);
    expect(data.filter((text) => text.startsWith('{"price"'))).toEqual([]);
    const rest = verified(await archiveOf(server, owner.token, "?after=s-free-model"));
    expect([rest.header.prices, rest.data.filter((text) => text.startsWith('{"price"'))]).toEqual([0, []]);
  });

  test.for<readonly [who: string, role: "owner" | "member", withKey: boolean]>([
    ["a member", "member", false],
    ["a key, even of the owner", "owner", true],
  ])("are left out when %s imports them, and the answer says so", async ([, role, withKey]) => {
    await onAnother(async (other) => {
      const { id, token, key } = await createAccount(other, { role, scope: "full" });
      const imported = await importInto(other, withKey ? `Bearer ${key}` : token, archive);
      expect(imported).toMatchObject({ prices: 0, sessions: 3 });
      expect(imported.errors).toEqual([expect.stringContaining("prices: 3 prices were left out: only the owner")]);
      expect(pricesOn(other)).toEqual([]);
      expect(rowsOf(other, id).messages).toHaveLength(3);
    });
  });

  test("are named when they are none, and the others are set", async () => {
    await onAnother(async (other) => {
      const { token } = await createUser(other, { role: "owner" });
      const good = {
        provider: "Claude",
        model: "My.Model",
        input: 1,
        output: 2,
        cacheRead: 0,
        cacheWrite: 1,
        cacheWrite1h: 1,
      };
      const body = [
        good,
        { ...good, model: "" },
        { ...good, model: 5 },
        { ...good, model: "m1", input: -1 },
        { ...good, model: "m2", output: "2" },
        { ...good, model: "m3", cacheRead: 10_001 },
        { ...good, model: "m4", cacheWrite1h: undefined },
        [5],
      ];
      const lines = checked(body.map((price) => line({ price })).join(""));
      const imported = await importInto(other, token, lines);
      expect(imported.prices).toBe(1);
      expect(imported.errors).toEqual([
        "prices: model: expected the name of a model",
        "prices: model: expected the name of a model",
        "prices m1: input: expected USD per million tokens, 0 to 10000",
        "prices m2: output: expected USD per million tokens, 0 to 10000",
        "prices m3: cacheRead: expected USD per million tokens, 0 to 10000",
        "prices m4: cacheWrite1h: expected USD per million tokens, 0 to 10000",
        "prices: model: expected the name of a model",
      ]);
      expect(pricesOn(other)).toMatchObject([{ provider: "anthropic", model: "my-model", input: 1_000_000 }]);
    });
  });
});

test("an archive of the first form, without prices, is still taken in", async () => {
  const archive = readFileSync(inRoot("test/fixtures/archive/version-1.jsonl"), "utf8");
  expect(verified(archive).header).toMatchObject({ version: 1, sessions: 3, messages: 3 });
  const ann = await createUser(server);
  expect(await importInto(server, ann.token, archive)).toMatchObject({
    sessions: 2,
    messages: 3,
    prices: 0,
    errors: [],
  });
  expect(rowsOf(server, ann.id)).toMatchObject({
    sessions: [
      { externalId: "ses_1", customTitle: "The gate", tags: '["garden"]', notes: "Oil it.", starred: 1, deletedAt: 0 },
      { externalId: "ses_2", title: "Paint the fence", deletedAt: expect.any(Number) },
      { externalId: "ses_3", title: "", purgeAt: 0 },
    ],
    messages: [
      { textContent: "The gate is stuck." },
      { textContent: "It is open now." },
      { textContent: "Green, please." },
    ],
  });
});
