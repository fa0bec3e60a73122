import { createHash } from "node:crypto";
import { type CreateKeyAnswer, createKeyAnswerSchema } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { type ApiAnswer, type ApiScenario, runScenario, testScenarios } from "../support/api-scenario.ts";
import { startProbeServer } from "../support/probe-server.ts";
import { administrator, createKey, createUser } from "../support/server.ts";
import { sharedKey, sharedServer, sharedUser } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer(() =>
  startProbeServer({
    "GET /probe/key": `lib.guardBodyless(e, () => { e.json(200, lib.requireKey(e, "sync")); });`,
  }),
);
const ann = sharedUser(server);
const ben = sharedUser(server);

function keyOf(answer: ApiAnswer): CreateKeyAnswer {
  return createKeyAnswerSchema.parse(JSON.parse(answer.text));
}

function storedKey(id: string): Record<string, unknown> | undefined {
  return server.query("SELECT * FROM api_keys WHERE id = ?", id)[0];
}

/** The status of a request that only a valid key may make. */
async function use(authorization: string): Promise<number> {
  const answer = await fetch(`${server.url}/probe/key`, { headers: { Authorization: authorization } });
  await answer.arrayBuffer();
  return answer.status;
}

describe("a new key", () => {
  const create = (body: Record<string, unknown>): ApiScenario => ({
    name: "creates a key",
    url: "/api/keys",
    headers: ann.signedIn,
    body,
    status: 201,
    rows: { api_keys: 1 },
  });

  test("is random, is shown once and is stored as a digest", async () => {
    const answer = await runScenario(server, create({ name: " laptop ", device: "mac" }));
    const { id, key, prefix } = keyOf(answer);
    expect(JSON.parse(answer.text)).toEqual({ id, key, prefix, name: "laptop", scope: "sync" });
    expect(key).toMatch(/^os_[0-9A-Za-z]{43}$/);
    expect(prefix).toBe(key.slice(0, 10));
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const hash = createHash("sha256").update(key).digest("hex");
    expect(storedKey(id)).toMatchObject({
      ...{ user: ann.id, name: "laptop", prefix, hash, scope: "sync", device: "mac" },
      ...{ lastUsedAt: 0, expiresAt: 0, revokedAt: 0, created: expect.any(Number) },
    });
    expect(JSON.stringify(storedKey(id))).not.toContain(key);
    expect(await use(`Bearer ${key}`)).toBe(200);
  });

  test("differs from every other", async () => {
    const keys = [await createKey(server, ann), await createKey(server, ann), await createKey(server, ben)];
    expect(new Set(keys.map(({ key }) => key)).size).toBe(3);
  });

  test("takes scope and end of life, and treats null as absent", async () => {
    const expiresAt = Date.now() + 60_000;
    const full = await runScenario(
      server,
      create({ name: "full", scope: "full", expiresAt: expiresAt + 0.4, import: null, surprise: 1 }),
    );
    expect(storedKey(keyOf(full).id)).toMatchObject({ scope: "full", expiresAt });
  });

  test("stops at its end of life", async () => {
    const expiresAt = Date.now() + 1_500;
    const { key } = await createKey(server, ann, { expiresAt });
    expect(await use(`Bearer ${key}`)).toBe(200);
    await until("the key has expired", async () => (await use(`Bearer ${key}`)) === 401);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(Date.now()).toBeLessThan(expiresAt + 1_000);
  });

  describe("is refused", () => {
    const refused = (name: string, body: unknown, text: string): ApiScenario => ({
      ...{ name, url: "/api/keys", headers: ann.signedIn, body, status: 400, contains: [text] },
    });
    testScenarios(server, [
      refused("without a name", {}, "name: expected text that tells this key"),
      refused("with a blank name", { name: "  " }, "name: expected text that tells this key"),
      refused("with a number as name", { name: 7 }, "name: expected text, got integer"),
      refused("with a name of 201 characters", { name: "n".repeat(201) }, "name: expected at most 200 characters"),
      refused("with an unknown scope", { name: "x", scope: "admin" }, "scope: expected sync or full"),
      refused(
        "with a time that has passed",
        { name: "x", expiresAt: Date.now() - 1 },
        "expiresAt: expected a time in the future",
      ),
      refused(
        "with a time as text",
        { name: "x", expiresAt: "2030" },
        "expiresAt: expected a time in epoch milliseconds",
      ),
      refused(
        "with an endless time",
        '{"name":"x","expiresAt":1e999}',
        "expiresAt: expected a time in epoch milliseconds",
      ),
      refused(
        "with a key of another make",
        { name: "x", import: "sk-1234567890" },
        "import: expected a key that begins with osk_ or os_",
      ),
      refused("with a body that is a list", [], "must be a JSON object, got array"),
      refused("with no body", "", "not valid JSON"),
    ]);
  });
});

describe("an imported key", () => {
  const oldKey = "osk_V1StGXR8_Z5jdHi6B-myTq0123456789";
  const importAs = (name: string, headers: ApiScenario["headers"], status: number): ApiScenario => ({
    ...{ name, url: "/api/keys", headers: headers ?? {}, body: { name: "from v1", import: oldKey }, status },
  });

  test("of the first version goes on working", async () => {
    const answer = await runScenario(server, { ...importAs("", ann.signedIn, 201), rows: { api_keys: 1 } });
    expect(keyOf(answer)).toMatchObject({ key: oldKey, prefix: "osk_V1StGX" });
    expect(await use(`Bearer ${oldKey}`)).toBe(200);
  });

  testScenarios(server, [
    {
      ...importAs("cannot be taken over a second time", ann.signedIn, 400),
      contains: ["already known here"],
      notContains: [oldKey],
    },
    {
      ...importAs("cannot be taken over by somebody else", ben.signedIn, 400),
      contains: ["already known here"],
      notContains: [oldKey],
    },
  ]);

  test("cannot come back after it was revoked", async () => {
    const [row] = server.query<{ id: string }>("SELECT id FROM api_keys WHERE name = 'from v1'");
    await runScenario(server, {
      name: "",
      method: "DELETE",
      url: `/api/keys/${row?.id}`,
      headers: ann.signedIn,
      status: 204,
    });
    await runScenario(server, { ...importAs("", ann.signedIn, 400), contains: ["already known here"] });
    expect(await use(`Bearer ${oldKey}`)).toBe(401);
  });
});

describe("who may manage keys", () => {
  const bensKey = sharedKey(server, ben, { scope: "full" });
  let administratorsToken = "";
  beforeAll(async () => {
    administratorsToken = (await administrator(server)).authStore.token;
  });
  const asAdministrator = () => ({ Authorization: administratorsToken });
  const post = { url: "/api/keys", body: { name: "mine" } };
  const revoke = { method: "DELETE", url: () => `/api/keys/${bensKey.keyId}` };

  testScenarios(server, [
    { name: "a guest cannot create one", ...post, status: 401, contains: ["Sign in"] },
    { name: "a guest cannot revoke one", ...revoke, status: 401, contains: ["Sign in"] },
    {
      name: "an API key, even a full one, cannot create another",
      ...post,
      headers: bensKey.withKey,
      status: 401,
      contains: ["Sign in"],
    },
    {
      name: "an API key cannot revoke itself",
      ...revoke,
      headers: bensKey.withKey,
      status: 401,
      contains: ["Sign in"],
    },
    {
      name: "a superuser has no keys",
      ...post,
      headers: asAdministrator,
      status: 403,
      contains: ["not to administrators"],
    },
    {
      name: "somebody else's key looks like none",
      ...revoke,
      headers: ann.signedIn,
      status: 404,
      contains: ['{"error":"You have no API key with this id."}'],
    },
    {
      name: "no such key",
      method: "DELETE",
      url: "/api/keys/no_such_key",
      headers: ann.signedIn,
      status: 404,
      contains: ['{"error":"You have no API key with this id."}'],
    },
    { name: "its owner can revoke it", ...revoke, headers: ben.signedIn, status: 204 },
    { name: "its owner can revoke it again", ...revoke, headers: ben.signedIn, status: 204 },
  ]);
});

describe("the Authorization header", () => {
  const annsKey = sharedKey(server, ann);
  const refused = (name: string, authorization: string | undefined, contains: string[]): ApiScenario => ({
    ...{ name, url: "/probe/key", status: 401, contains },
    headers: authorization === undefined ? {} : { Authorization: authorization },
  });
  const strange = ['{"error":"Invalid API key format"}'];
  const unknown = ["Invalid API key", "Invalid or expired token"];
  testScenarios(server, [
    refused("is missing", undefined, ['{"error":"Missing Authorization header"}']),
    refused("is empty", "", ['{"error":"Missing Authorization header"}']),
    refused("has no scheme", "os_0123456789012345678901234567890123456789012", strange),
    refused("has another scheme", "Basic b3M6b3M=", strange),
    refused("has a key of another make", "Bearer sk-123456789012345678901234567890", strange),
    refused("has a key with letters that keys do not have", "Bearer os_<script>alert(1)</script>", strange),
    refused("has only a prefix", "Bearer os_", strange),
    refused("has two keys", "Bearer os_123456789012 os_123456789012", strange),
    refused("has a key that is far too long", `Bearer os_${"x".repeat(5_000)}`, strange),
    refused("has an unknown key of ours", `Bearer os_${"x".repeat(43)}`, unknown),
    refused("has an unknown key of the first version", `Bearer osk_${"x".repeat(32)}`, unknown),
  ]);

  test("may write bearer in any case", async () => {
    for (const scheme of ["Bearer", "bearer", "BEARER", "Bearer  "])
      expect(await use(`${scheme} ${annsKey.key}`)).toBe(200);
  });
});

describe("a revoked key", () => {
  test("is refused at once and stays in the list", async () => {
    const { id, key } = await createKey(server, ann);
    expect(await use(`Bearer ${key}`)).toBe(200);
    const before = Date.now();
    await runScenario(server, {
      name: "",
      method: "DELETE",
      url: `/api/keys/${id}/`,
      headers: ann.signedIn,
      status: 204,
    });
    expect(await use(`Bearer ${key}`)).toBe(401);
    const revokedAt = Number(storedKey(id)?.["revokedAt"]);
    expect(revokedAt).toBeGreaterThanOrEqual(before);
    const url = `/api/collections/api_keys/records/${id}`;
    await runScenario(server, {
      name: "",
      url,
      headers: ann.signedIn,
      status: 200,
      contains: [`"revokedAt":${revokedAt}`],
    });
  });

  test("may have revoked itself, and nothing but itself", async () => {
    const [mine, other] = [await createKey(server, ann), await createKey(server, ann)];
    const headers = { Authorization: `Bearer ${mine.key}` };
    const revoke = (id: string, status: number) =>
      runScenario(server, { name: "", method: "DELETE", url: `/api/keys/${id}`, headers, status });
    await revoke(other.id, 401);
    await revoke("current", 204);
    await revoke("current", 401);
    expect([await use(`Bearer ${mine.key}`), await use(`Bearer ${other.key}`)]).toEqual([401, 200]);
  });

  /** Revokes in the midst of many requests and returns what requests begun a second later were answered. */
  async function statusesASecondAfter(key: string, revoke: () => Promise<unknown>): Promise<Set<number>> {
    const late = new Set<number>();
    let revokedAt = Number.POSITIVE_INFINITY;
    const worker = async () => {
      while (performance.now() < revokedAt + 1_300) {
        const startedAt = performance.now();
        const status = await use(`Bearer ${key}`);
        if (startedAt > revokedAt + 1_000) late.add(status);
      }
    };
    const workers = Array.from({ length: 8 }, worker);
    await revoke();
    revokedAt = performance.now();
    await Promise.all(workers);
    return late;
  }

  test("is refused within a second under load", async () => {
    const { id, key } = await createKey(server, ann);
    const revoke = () => fetch(`${server.url}/api/keys/${id}`, { method: "DELETE", headers: ann.signedIn() });
    expect(await statusesASecondAfter(key, revoke)).toEqual(new Set([401]));
  });

  test("is refused within a second when an administrator did it", async () => {
    const { id, key } = await createKey(server, ann);
    const admin = await administrator(server);
    const revoke = () => admin.collection("api_keys").update(id, { revokedAt: Date.now() });
    expect(await statusesASecondAfter(key, revoke)).toEqual(new Set([401]));
  });

  test("goes with its account", async () => {
    const leaver = await createUser(server);
    const { key } = await createKey(server, leaver);
    expect(await use(`Bearer ${key}`)).toBe(200);
    await (await administrator(server)).collection("users").delete(leaver.id);
    await until("the key is refused", async () => (await use(`Bearer ${key}`)) === 401, 1_000);
  });
});

test("no answer ever holds a digest", async () => {
  const { id } = await createKey(server, ann);
  const paths = [
    "/api/collections/api_keys/records",
    `/api/collections/api_keys/records/${id}`,
    "/api/collections/api_keys/records?fields=*,hash&perPage=500",
  ];
  for (const url of paths) {
    const hashes = server.query<{ hash: string }>("SELECT hash FROM api_keys").map(({ hash }) => hash);
    await runScenario(server, {
      name: "",
      url,
      headers: ann.signedIn,
      status: 200,
      contains: [id],
      notContains: ["hash", ...hashes],
    });
  }
  for (const query of ["filter=(hash~'a')", "sort=hash"]) {
    await runScenario(server, {
      name: "",
      url: `/api/collections/api_keys/records?${query}`,
      headers: ann.signedIn,
      status: 400,
    });
  }
});
