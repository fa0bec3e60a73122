import { createHash } from "node:crypto";
import { type CreateKeyAnswer, createKeyAnswerSchema } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { type ApiAnswer, type ApiScenario, runScenario, testScenarios } from "../support/api-scenario.ts";
import { startKeyProbe, statusWith } from "../support/key-probe.ts";
import { administrator, createKey } from "../support/server.ts";
import { sharedKey, sharedServer, sharedUser } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer(startKeyProbe);
const ann = sharedUser(server);
const ben = sharedUser(server);

function keyOf(answer: ApiAnswer): CreateKeyAnswer {
  return createKeyAnswerSchema.parse(JSON.parse(answer.text));
}

function storedKey(id: string): Record<string, unknown> | undefined {
  return server.query("SELECT * FROM api_keys WHERE id = ?", id)[0];
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
    expect(await statusWith(server, `Bearer ${key}`)).toBe(200);
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
    expect(await statusWith(server, `Bearer ${key}`)).toBe(200);
    await until("the key has expired", async () => (await statusWith(server, `Bearer ${key}`)) === 401);
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
    expect(await statusWith(server, `Bearer ${oldKey}`)).toBe(200);
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
      method: "DELETE",
      url: `/api/keys/${row?.id}`,
      headers: ann.signedIn,
      status: 204,
    });
    await runScenario(server, { ...importAs("", ann.signedIn, 400), contains: ["already known here"] });
    expect(await statusWith(server, `Bearer ${oldKey}`)).toBe(401);
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
      url,
      headers: ann.signedIn,
      status: 200,
      contains: [id],
      notContains: ["hash", ...hashes],
    });
  }
  for (const query of ["filter=(hash~'a')", "sort=hash"]) {
    await runScenario(server, {
      url: `/api/collections/api_keys/records?${query}`,
      headers: ann.signedIn,
      status: 400,
    });
  }
});
