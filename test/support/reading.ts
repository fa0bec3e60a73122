import { expect } from "vitest";
import { createKey, createUser, type TestServer, type TestUser } from "./server.ts";

/** Somebody who reads through the API, with a key of scope `full`. */
export interface ApiReader {
  readonly user: TestUser;
  readonly key: string;
  /** The JSON of a successful answer. */
  get(path: string): Promise<unknown>;
  /** Status and text of any answer. */
  ask(path: string, init?: RequestInit): Promise<{ status: number; text: string }>;
}

/** Creates an account with a key. */
export async function createReader(server: TestServer): Promise<ApiReader> {
  const user = await createUser(server);
  const { key } = await createKey(server, user, { scope: "full" });
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(server.url + path, {
      ...init,
      headers: { Authorization: `Bearer ${key}`, ...init.headers },
    });
    return { status: answer.status, text: await answer.text() };
  };
  return {
    user,
    key,
    ask,
    get: async (path) => {
      const { status, text } = await ask(path);
      expect(status, text).toBe(200);
      return JSON.parse(text);
    },
  };
}
