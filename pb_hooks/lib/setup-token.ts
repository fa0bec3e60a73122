/** 43 characters of 62 carry 256 bits: no rate limit is needed against guessing. */
const TOKEN_LENGTH = 43;
const TOKEN_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const STORE_NAME = "opensync:setup";

/**
 * Makes the one-time token of this start. Only its digest is kept, and only in memory: each start of a server without
 * accounts prints a new link, and the links of earlier starts are void.
 */
export function issueSetupToken(app: core.App): string {
  const token = $security.randomStringWithAlphabet(TOKEN_LENGTH, TOKEN_ALPHABET);
  app.store().set(STORE_NAME, $security.sha256(token));
  return token;
}

/** Whether this is the token of the link that this start printed. */
export function isSetupToken(app: core.App, token: string): boolean {
  const stored: unknown = app.store().get(STORE_NAME);
  return typeof stored === "string" && $security.equal($security.sha256(token), stored);
}

/** Voids the link once there is an account. */
export function voidSetupToken(app: core.App): void {
  app.store().remove(STORE_NAME);
}
