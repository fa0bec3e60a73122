import type { Environment } from "../../environment.ts";
import { openReadOnly } from "../read-only-database.ts";
import { type SessionEntry, StoreError, type StoreReader } from "../source.ts";
import { storeErrorFrom } from "../store-error.ts";
import { locateDatabases } from "./locate.ts";
import { hasTablesV1, openSqliteV1 } from "./sqlite-v1.ts";
import { hasTablesV2, openSqliteV2 } from "./sqlite-v2.ts";
import type { Store } from "./store.ts";

/**
 * Opens the databases of OpenCode on this machine, together with other stores. A session that is in several places is
 * read from where it changed last; of equals the newer generation counts, then the order of `locateDatabases`.
 * @param others stores of older generations
 * @throws StoreError when there is nothing, or nothing that can be read
 */
export async function openStores(env: Environment, others: readonly Store[]): Promise<StoreReader> {
  const unreadable: StoreError[] = [];
  const stores: Store[] = [...others];
  for (const file of locateDatabases(env)) {
    try {
      stores.push(...(await openDatabase(file)));
    } catch (error) {
      unreadable.push(storeErrorFrom(file, error));
    }
  }
  if (stores.length === 0) throw nothingToRead(unreadable);
  return merge(
    stores.sort((a, b) => b.generation - a.generation),
    unreadable,
  );
}

function nothingToRead(unreadable: readonly StoreError[]): StoreError {
  const [first, ...others] = unreadable;
  if (first === undefined) {
    const message = "OpenCode has no sessions on this machine yet";
    return new StoreError({ message, hint: "Start OpenCode once: it then creates its database." });
  }
  if (others.length === 0) return first;
  return new StoreError({
    message: unreadable.map(({ message }) => message).join("; "),
    hint: first.hint,
    cause: first,
  });
}

/** A database of 2.x that was one of 1.x before holds the tables of both. */
async function openDatabase(file: string): Promise<Store[]> {
  const database = await openReadOnly(file);
  try {
    const tables = new Set(
      database.all("SELECT name FROM sqlite_master WHERE type = 'table'").map((row) => String(row["name"])),
    );
    const stores: Store[] = [];
    if (hasTablesV2(tables)) stores.push(openSqliteV2(database, tables));
    if (hasTablesV1(tables)) stores.push(openSqliteV1(database, tables));
    if (stores.length > 0) return stores;
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  throw new StoreError({
    message: `cannot read ${file}: not a database of OpenCode 1.2 to 2.x`,
    hint: "Move the file away if it is not OpenCode's; update opencode-sync if it is of a newer one.",
  });
}

/** What a session is read from, or why that cannot be said. */
type Found = { readonly store: Store; readonly changedAtMs: number };

/** @param unreadable grows with every store that turns out to be unreadable */
function merge(stores: readonly Store[], unreadable: StoreError[]): StoreReader {
  const failed = (error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    if (!unreadable.some(({ message }) => message === error.message)) unreadable.push(error);
    return error;
  };
  /** A session that no readable store has may be in an unreadable one: then it is not missing, but unknown. */
  const storeOf = async (externalId: string): Promise<Store | undefined> => {
    let newest: Found | undefined;
    let failure: StoreError | undefined;
    for (const store of stores) {
      try {
        const changedAtMs = await store.changedAtMs(externalId);
        if (changedAtMs !== undefined && changedAtMs > (newest?.changedAtMs ?? -1)) newest = { store, changedAtMs };
      } catch (error) {
        failure = failed(error);
      }
    }
    if (newest === undefined && failure !== undefined) throw failure;
    return newest?.store;
  };
  return {
    unreadable,
    listSessions: (changedSinceMs) => listSessions(stores, changedSinceMs, failed),
    changeMarks: () => changeMarks(stores, failed),
    lastChangeMs: async (externalId) => (await storeOf(externalId))?.lastChangeMs(externalId),
    readSession: async (externalId) => (await storeOf(externalId))?.readSession(externalId),
    async *readMessages(externalId, messageIds) {
      const store = await storeOf(externalId);
      if (store !== undefined) yield* store.readMessages(externalId, messageIds);
    },
    close: () => {
      for (const store of stores) store.close();
    },
  };
}

/** Of a session that is in several stores, all that they say. */
async function changeMarks(
  stores: readonly Store[],
  failed: (error: unknown) => StoreError,
): Promise<ReadonlyMap<string, string>> {
  const marks = new Map<string, string>();
  for (const store of stores) {
    try {
      for (const [id, mark] of await store.changeMarks()) marks.set(id, `${marks.get(id) ?? ""}${mark};`);
    } catch (error) {
      failed(error);
    }
  }
  return marks;
}

async function listSessions(
  stores: readonly Store[],
  changedSinceMs: number,
  failed: (error: unknown) => StoreError,
): Promise<SessionEntry[]> {
  const newest = new Map<string, number>();
  const failures: StoreError[] = [];
  for (const store of stores) {
    try {
      for (const { externalId, changedAtMs } of await store.listSessions(changedSinceMs)) {
        newest.set(externalId, Math.max(newest.get(externalId) ?? 0, changedAtMs));
      }
    } catch (error) {
      failures.push(failed(error));
    }
  }
  if (failures.length === stores.length) throw nothingToRead(failures);
  const entries = [...newest].map(([externalId, changedAtMs]) => ({ externalId, changedAtMs }));
  return entries.sort((a, b) => b.changedAtMs - a.changedAtMs);
}
