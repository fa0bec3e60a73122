import { describe, expect, test } from "vitest";
import { type ApiScenario, runScenario, testScenarios } from "../support/api-scenario.ts";
import { startKeyProbe, statusWith } from "../support/key-probe.ts";
import { administrator, createKey, createUser } from "../support/server.ts";
import { sharedKey, sharedServer, sharedUser } from "../support/shared.ts";
import { until } from "../support/until.ts";

const server = sharedServer(startKeyProbe);
const ann = sharedUser(server);

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
      expect(await statusWith(server, `${scheme} ${annsKey.key}`)).toBe(200);
  });
});

describe("a revoked key", () => {
  test("is refused at once and stays in the list", async () => {
    const { id, key } = await createKey(server, ann);
    expect(await statusWith(server, `Bearer ${key}`)).toBe(200);
    const before = Date.now();
    await runScenario(server, {
      method: "DELETE",
      url: `/api/keys/${id}/`,
      headers: ann.signedIn,
      status: 204,
    });
    expect(await statusWith(server, `Bearer ${key}`)).toBe(401);
    const revokedAt = Number(server.query("SELECT revokedAt FROM api_keys WHERE id = ?", id)[0]?.["revokedAt"]);
    expect(revokedAt).toBeGreaterThanOrEqual(before);
    const url = `/api/collections/api_keys/records/${id}`;
    await runScenario(server, {
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
      runScenario(server, { method: "DELETE", url: `/api/keys/${id}`, headers, status });
    await revoke(other.id, 401);
    await revoke("current", 204);
    await revoke("current", 401);
    expect([await statusWith(server, `Bearer ${mine.key}`), await statusWith(server, `Bearer ${other.key}`)]).toEqual([
      401, 200,
    ]);
  });

  /** Revokes in the midst of many requests and returns what requests begun a second later were answered. */
  async function statusesASecondAfter(key: string, revoke: () => Promise<unknown>): Promise<Set<number>> {
    const late = new Set<number>();
    let revokedAt = Number.POSITIVE_INFINITY;
    const worker = async () => {
      while (performance.now() < revokedAt + 1_300) {
        const startedAt = performance.now();
        const status = await statusWith(server, `Bearer ${key}`);
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
    expect(await statusWith(server, `Bearer ${key}`)).toBe(200);
    await (await administrator(server)).collection("users").delete(leaver.id);
    await until("the key is refused", async () => (await statusWith(server, `Bearer ${key}`)) === 401, 1_000);
  });
});
