import * as z from "zod/mini";

/** A key as the list shows it: the key itself is known to nobody but its device. Times are epoch ms, 0 = never. */
export const keyRecordSchema = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scope: z.string(),
  device: z.string(),
  created: z.number(),
  lastUsedAt: z.number(),
  expiresAt: z.number(),
  revokedAt: z.number(),
});
export type KeyRecord = z.infer<typeof keyRecordSchema>;

/** What a key can do now. */
export type KeyState = "active" | "expired" | "revoked";

/** The state of a key at a time. */
export function keyState(key: Pick<KeyRecord, "expiresAt" | "revokedAt">, nowMs: number): KeyState {
  if (key.revokedAt > 0) return "revoked";
  return key.expiresAt > 0 && key.expiresAt <= nowMs ? "expired" : "active";
}

/** Keys that work come first, newest first; what is over follows, latest first. */
export function sortKeys(keys: readonly KeyRecord[], nowMs: number): KeyRecord[] {
  const isOver = (key: KeyRecord) => Number(keyState(key, nowMs) !== "active");
  return [...keys].sort((a, b) => isOver(a) - isOver(b) || b.created - a.created);
}
