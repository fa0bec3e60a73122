import { expect } from "vitest";
import { createKey, createUser, type TestServer, type TestUser } from "./server.ts";

/** Somebody with an account and a key, who pushes and reads through the API. */
export interface Account extends TestUser {
  readonly key: string;
  readonly keyId: string;
  /** Headers of a request of a program. */
  withKey(): Record<string, string>;
  /** The JSON of a successful answer to the key. */
  get(path: string): Promise<unknown>;
  /** Status and text of any answer to the key. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; text: string }>;
}

export interface AccountOptions {
  role?: "owner" | "member";
  /** What the key may do: push and compare only, if absent. */
  scope?: "sync" | "full";
  /** Device of the key. */
  device?: string;
}

/** Creates an account with a key. */
export async function createAccount(server: TestServer, options: AccountOptions = {}): Promise<Account> {
  const { role, ...keyOptions } = options;
  const user = await createUser(server, role === undefined ? {} : { role });
  const { id, key } = await createKey(server, user, keyOptions);
  const withKey = () => ({ Authorization: `Bearer ${key}` });
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(server.url + path, { ...init, headers: { ...withKey(), ...init.headers } });
    return { status: answer.status, text: await answer.text() };
  };
  const get = async (path: string) => {
    const { status, text } = await ask(path);
    expect(status, text).toBe(200);
    return JSON.parse(text);
  };
  return { ...user, key, keyId: id, withKey, ask, get };
}
