import { badRequest, notFound } from "../lib/errors.ts";
import { type Fields, readFields } from "../lib/fields.ts";
import { guard, guardBodyless } from "../lib/guard.ts";
import { forgetKey, hashKey, isKeyFormat, type KeyScope, requireKey } from "../lib/keys.ts";
import { requireUser } from "../lib/reader.ts";
import { describe, queryOne } from "../lib/vm.ts";

const MAX_NAME_LENGTH = 200;

/** 43 characters of 62 carry 256 bits. */
const KEY_LENGTH = 43;
const KEY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** Characters of a key that are shown in lists, enough to tell one's keys apart and too few to guess from. */
const PREFIX_LENGTH = 10;

interface NewKey {
  readonly name: string;
  readonly scope: KeyScope;
  readonly device: string;
  /** Epoch milliseconds; 0 = never. */
  readonly expiresAt: number;
  readonly key: string;
}

/**
 * `POST /api/keys {name, scope?, device?, expiresAt?, import?}` with a user's token: makes a key, or takes over an
 * existing one of the first version. The answer is the only place that ever shows it.
 */
export function handleCreateKey(e: core.RequestEvent): void {
  guard(e, () => {
    const user = requireUser(e);
    const key = parseNewKey(readFields(e), Date.now());
    const record = saveKey(e.app, user.id, key);
    e.response.header().set("Cache-Control", "no-store");
    e.json(201, {
      id: record.id,
      key: key.key,
      prefix: record.getString("prefix"),
      name: key.name,
      scope: key.scope,
    });
  });
}

/**
 * `DELETE /api/keys/{id}` with a user's token: revokes the key, 204. With an API key and `current` as id it revokes
 * itself, which is all that a key can do to keys. The row stays, so that the list goes on saying
 * what had access and the same value cannot come back by import. Revoking twice changes nothing.
 */
export function handleRevokeKey(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { user, id } = keyToRevoke(e);
    // Somebody else's key and no key must look the same.
    const key = queryOne(
      e.app,
      "SELECT hash, revokedAt FROM api_keys WHERE id = {:id} AND user = {:user}",
      { id, user },
      { hash: "", revokedAt: 0 },
    );
    if (!key) throw notFound("You have no API key with this id.");
    if (key.revokedAt === 0) {
      const record = e.app.findRecordById("api_keys", id);
      record.set("revokedAt", Date.now());
      e.app.save(record);
    }
    forgetKey(e.app, key.hash);
    e.noContent(204);
  });
}

function keyToRevoke(e: core.RequestEvent): { readonly user: string; readonly id: string } {
  const id = e.request?.pathValue("id") ?? "";
  if (id !== "current") return { user: requireUser(e).id, id };
  const { userId, keyId } = requireKey(e, "sync");
  return { user: userId, id: keyId };
}

function parseNewKey(fields: Fields, nowMs: number): NewKey {
  const name = fields.text("name", MAX_NAME_LENGTH);
  if (name === "") throw badRequest("name: expected text that tells this key from your others, such as laptop");
  const scope = fields.text("scope", MAX_NAME_LENGTH) || "sync";
  if (scope !== "sync" && scope !== "full") throw badRequest("scope: expected sync or full");
  const expiresAt = fields.timeMs("expiresAt");
  if (expiresAt > 0 && expiresAt <= nowMs) throw badRequest("expiresAt: expected a time in the future");
  const imported = fields.text("import", Number.POSITIVE_INFINITY);
  if (imported !== "" && !isKeyFormat(imported))
    throw badRequest("import: expected a key that begins with osk_ or os_");
  const key = imported || `os_${$security.randomStringWithAlphabet(KEY_LENGTH, KEY_ALPHABET)}`;
  return { name, scope, device: fields.text("device", MAX_NAME_LENGTH), expiresAt, key };
}

function saveKey(app: core.App, userId: string, key: NewKey): core.Record {
  const record = new Record(app.findCollectionByNameOrId("api_keys"));
  record.set("user", userId);
  record.set("name", key.name);
  record.set("scope", key.scope);
  record.set("device", key.device);
  record.set("expiresAt", key.expiresAt);
  record.set("prefix", key.key.slice(0, PREFIX_LENGTH));
  record.set("hash", hashKey(key.key));
  record.set("created", Date.now());
  try {
    app.save(record);
  } catch (cause) {
    // Only an imported value can be there already, revoked or in use, whoever it belongs to.
    if (describe(cause).includes("hash: "))
      throw badRequest("import: this key is already known here; create a new one");
    throw cause;
  }
  return record;
}
