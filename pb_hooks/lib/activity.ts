import { queryOne } from "./vm.ts";

/** Milliseconds between two signals to the same user's dashboards. */
const SIGNAL_MS = 1000;

/**
 * Tells a user's open dashboards that something of theirs changed, at most once a second: saves the user's one
 * record in `activity`, which PocketBase broadcasts after the commit. A change inside the quiet second sends
 * nothing of its own; dashboards look again a moment after each signal.
 * @param txApp the handle of the transaction that changed something; call it only then
 */
export function signalActivity(txApp: core.App, userId: string, nowMs = Date.now()): void {
  const last = queryOne(txApp, "SELECT changedAt FROM activity WHERE id = {:id}", { id: userId }, { changedAt: 0 });
  // A clock that was set back must not silence the signal until it has caught up.
  if (last && nowMs >= last.changedAt && nowMs - last.changedAt < SIGNAL_MS) return;
  const record = last ? txApp.findRecordById("activity", userId) : newActivity(txApp, userId);
  record.set("rev", record.getInt("rev") + 1);
  record.set("changedAt", nowMs);
  txApp.save(record);
}

/**
 * The same for several users.
 * @param userIds with commas in between; empty ones are nobody
 */
export function signalAll(txApp: core.App, userIds: string, nowMs: number): void {
  for (const id of userIds.split(",")) if (id !== "") signalActivity(txApp, id, nowMs);
}

function newActivity(txApp: core.App, userId: string): core.Record {
  const record = new Record(txApp.findCollectionByNameOrId("activity"));
  record.set("id", userId);
  record.set("user", userId);
  return record;
}
