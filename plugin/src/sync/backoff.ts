const FIRST_MS = 1_000;
const MAX_MS = 60_000;

/**
 * How long the next attempt waits: doubling up to a minute, so that there is no busy loop while the server is away.
 * @param failures how many attempts in a row have failed, at least 1
 */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS);
}
