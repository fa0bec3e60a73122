import { badRequest } from "./errors.ts";
import { describe, queryOne } from "./vm.ts";

/** Characters that the password of an account needs. */
const MIN_PASSWORD_LENGTH = 10;

/** bcrypt reads no further than 72 bytes; PocketBase refuses more than 71 characters. */
const MAX_PASSWORD_LENGTH = 71;

/** What somebody typed to get the first account. */
export interface NewOwner {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Whether anybody has an account here. */
export function hasUsers(app: core.App): boolean {
  return queryOne(app, "SELECT 1 AS one FROM users LIMIT 1", {}, { one: 0 }) !== undefined;
}

/**
 * Builds the owner's record without saving it: the slow hashing of the password happens here, outside of any transaction.
 * @throws HttpError 400 for a password that is too short or too long
 */
export function newOwner(app: core.App, { email, password, name }: NewOwner): core.Record {
  if (email === "") throw badRequest("email: expected the address to sign in with");
  const length = Array.from(password).length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
    throw badRequest(`password: expected ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters, got ${length}`);
  }
  const record = new Record(app.findCollectionByNameOrId("users"));
  record.set("email", email);
  record.setPassword(password);
  record.set("name", name);
  record.set("role", "owner");
  // Nobody can send a confirmation yet, and who holds the setup link holds the server.
  record.setVerified(true);
  return record;
}

/**
 * Saves a record of `users`; PocketBase's complaints about its fields become a 400 that repeats them.
 * @throws HttpError 400, or the storage's error
 */
export function saveUser(txApp: core.App, record: core.Record): void {
  try {
    txApp.save(record);
  } catch (cause) {
    const complaint = /(?:^|\s)((?:email|password|name): [^\n]*)/.exec(describe(cause))?.[1];
    if (complaint) throw badRequest(complaint);
    throw cause;
  }
}
