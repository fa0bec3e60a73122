import { hasUsers } from "./accounts.ts";
import { forbidden, unauthorized } from "./errors.ts";
import { requireKey } from "./keys.ts";

/** Who is reading, as told by a signed-in user's token or by an API key with the scope `full`. */
export interface Reader {
  readonly userId: string;
  /** The key that was used; "" for a signed-in user. */
  readonly keyId: string;
}

/** PocketBase's tokens have three parts; one that it did not accept leaves the request without an account. */
const SIGN_IN_TOKEN = /^\s*(?:bearer\s+)?[\w-]+\.[\w-]+\.[\w-]+\s*$/i;

/**
 * The user whose sessions a request may read.
 * @throws HttpError 401 without a valid token or key, 403 for a key that may only sync and for administrators
 */
export function requireReader(e: core.RequestEvent): Reader {
  if (e.auth) return { userId: requireUser(e).id, keyId: "" };
  if (SIGN_IN_TOKEN.test(e.request?.header.get("Authorization") ?? "")) {
    requireAccounts(e.app);
    throw unauthorized("Your sign-in is not valid any more: sign in again, or use an API key with the scope full.");
  }
  const { userId, keyId } = requireKey(e, "full");
  return { userId, keyId };
}

/**
 * The signed-in user; what concerns accounts and keys is for people alone, since the agents that we watch can read a key.
 * @throws HttpError 401 for everybody else, 403 for an administrator
 */
export function requireUser(e: core.RequestEvent): core.Record {
  const user = e.auth;
  if (!user) {
    requireAccounts(e.app);
    throw unauthorized("Sign in first: this needs the token of a signed-in user.");
  }
  if (user.collection().name !== "users") {
    throw forbidden("Sessions and keys belong to users, not to administrators: sign in as a user.");
  }
  return user;
}

/**
 * The signed-in owner of this server, for what concerns everybody on it.
 * @throws HttpError 401 and 403 as {@link requireUser}, 403 for a member
 */
export function requireOwner(e: core.RequestEvent): core.Record {
  const user = requireUser(e);
  if (!isSignedInOwner(e)) throw forbidden("Only the owner of this server may do this.");
  return user;
}

/** Whether the caller is the owner of this server, and no key of the owner's. */
export function isSignedInOwner(e: core.RequestEvent): boolean {
  return e.auth?.collection().name === "users" && e.auth.getString("role") === "owner";
}

/**
 * Before somebody is told that nobody knows them. PocketBase takes a token that it could not look up for no token, and a
 * dashboard that is answered 401 signs its user out: a full disk must not.
 * @throws the storage's error when accounts cannot be read
 */
function requireAccounts(app: core.App): void {
  hasUsers(app);
}
