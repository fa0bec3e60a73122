import type PocketBase from "pocketbase";
import { ClientResponseError } from "pocketbase";

/** The server does not know this browser's token any more: it ran out, or the password was changed elsewhere. */
export class SignedOutError extends Error {
  override readonly name = "SignedOutError";
  constructor() {
    super("You are signed out");
  }
}

/** An empty database is asked about once in a while, not at every look. */
const CONFIRMED_FOR_MS = 5_000;
const confirmedAtMs = new WeakMap<PocketBase, { token: string; atMs: number }>();

/**
 * Makes sure that the server still accepts the token, asking it at most every five seconds. Clears the token if it does not.
 * @throws SignedOutError when it does not, ClientResponseError when the server cannot be reached
 */
export async function confirmSignedIn(server: PocketBase, nowMs = Date.now()): Promise<void> {
  const { token } = server.authStore;
  const last = confirmedAtMs.get(server);
  if (server.authStore.isValid && last?.token === token && nowMs - last.atMs < CONFIRMED_FOR_MS) return;
  await refreshToken(server);
  confirmedAtMs.set(server, { token: server.authStore.token, atMs: nowMs });
}

/**
 * Exchanges the token for a fresh one. Clears it if the server refuses it.
 * @throws SignedOutError, or ClientResponseError when the server cannot be reached (the token is kept)
 */
export async function refreshToken(server: PocketBase): Promise<void> {
  if (!server.authStore.isValid) {
    server.authStore.clear();
    throw new SignedOutError();
  }
  try {
    await server.collection("users").authRefresh();
  } catch (error) {
    if (!(error instanceof ClientResponseError) || ![401, 403, 404].includes(error.status)) throw error;
    server.authStore.clear();
    throw new SignedOutError();
  }
}
