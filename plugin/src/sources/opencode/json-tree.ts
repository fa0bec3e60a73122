import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Message, Session } from "@opensync/client";
import type { SessionEntry } from "../source.ts";
import { compact, countOf, type Data, dataOf, omit, parseJson, textOf } from "./json.ts";
import { idsIn, isPlainId, type JsonFile, modifiedAtMs, readJsonFile } from "./json-file.ts";
import { entriesOf, globalLayout, type JsonLayout, projectLayout } from "./json-layout.ts";
import { mapMessage, type StoredRow } from "./map-message.ts";
import { mapSession } from "./map-session.ts";
import { isPlaceholderTitle } from "./placeholder-title.ts";
import { sessionFromInfo } from "./session-info.ts";
import type { Store } from "./store.ts";
import { TotalsCounter } from "./totals.ts";

/**
 * The sessions that OpenCode up to 1.1 keeps as files. They stay on disk when a later version takes over, which
 * imports them once (1.2-1.15) or not at all, and skips some.
 * @returns one store for each layout that is there
 */
export function openJsonTrees(dataFolder: string): Store[] {
  const layouts = [
    { folder: "storage/session", layout: globalLayout(dataFolder) },
    { folder: "project", layout: projectLayout(dataFolder) },
  ];
  return layouts.filter(({ folder }) => existsSync(join(dataFolder, folder))).map(({ layout }) => openTree(layout));
}

/** Where a session was found. */
type Place = { readonly folder: string; readonly file: string };

/** A layout, and where in it each session is. */
type Tree = JsonLayout & {
  readonly find: (externalId: string) => Place | undefined;
  /** Looks anew for sessions. */
  readonly refresh: () => void;
};

/** Folders are looked through once: a machine can have hundreds of projects, and every session would be sought in all. */
function treeOf(layout: JsonLayout): Tree {
  let folders: Map<string, string> | undefined;
  const index = () => {
    const found = new Map<string, string>();
    // Of a session that is in two projects the first folder counts.
    for (const folder of layout.sessionFolders().reverse()) {
      for (const { name } of entriesOf(folder)) found.set(name, folder);
    }
    return found;
  };
  return {
    ...layout,
    find: (externalId) => {
      folders ??= index();
      const name = `${externalId}.json`;
      const folder = isPlainId(externalId) ? folders.get(name) : undefined;
      return folder === undefined ? undefined : { folder, file: join(folder, name) };
    },
    refresh: () => {
      folders = undefined;
    },
  };
}

function openTree(layout: JsonLayout): Store {
  const tree = treeOf(layout);
  return {
    generation: 0,
    listSessions: (changedSinceMs) => listSessions(tree, changedSinceMs),
    changeMarks: async () => new Map(),
    changedAtMs: async (externalId) => {
      const found = await readSessionFile(tree, externalId);
      return found === undefined ? undefined : changedAtMs(found.session);
    },
    lastChangeMs: (externalId) => lastChangeMs(tree, externalId),
    readSession: (externalId) => readSession(tree, externalId),
    readMessages: (externalId, messageIds) => readMessages(tree, externalId, messageIds),
    close: () => undefined,
  };
}

async function listSessions(tree: Tree, changedSinceMs: number): Promise<SessionEntry[]> {
  const entries: SessionEntry[] = [];
  tree.refresh();
  for (const folder of tree.sessionFolders()) {
    for (const id of await idsIn(folder)) {
      const file = join(folder, `${id}.json`);
      // A session is written when it changes: an older file need not be read.
      if (changedSinceMs > 0 && ((await modifiedAtMs(file)) ?? 0) <= changedSinceMs) continue;
      const session = await readJsonFile(file);
      if (session === undefined) continue;
      const entry = { externalId: id, changedAtMs: changedAtMs(session) };
      if (entry.changedAtMs > changedSinceMs) entries.push(entry);
    }
  }
  return entries;
}

/** A damaged file says nothing about itself but when it was written. */
function changedAtMs({ data, modifiedAtMs }: JsonFile): number {
  return countOf(dataOf(data?.["time"])["updated"]) ?? modifiedAtMs;
}

async function readSessionFile(tree: Tree, externalId: string) {
  const place = tree.find(externalId);
  const session = place === undefined ? undefined : await readJsonFile(place.file);
  return place === undefined || session === undefined ? undefined : { place, session };
}

/** Files say when they were written, which their content does not always do. */
async function lastChangeMs(tree: Tree, externalId: string): Promise<number | undefined> {
  const found = await readSessionFile(tree, externalId);
  if (found === undefined) return undefined;
  const { folder } = found.place;
  let newest = Math.max(changedAtMs(found.session), found.session.modifiedAtMs);
  const note = async (file: string) => {
    newest = Math.max(newest, (await modifiedAtMs(file)) ?? 0);
  };
  const messages = tree.messageFolder(folder, externalId);
  for (const id of await idsIn(messages)) {
    await note(join(messages, `${id}.json`));
    const parts = tree.partFolder(folder, externalId, id);
    for (const partId of await idsIn(parts)) await note(join(parts, `${partId}.json`));
  }
  return newest;
}

async function readSession(tree: Tree, externalId: string): Promise<Session | undefined> {
  const found = await readSessionFile(tree, externalId);
  if (found === undefined) return undefined;
  const { place, session } = found;
  const record = session.data ?? { unreadable: session.text };
  const messages = await summarize(tree, place, externalId);
  const counter = new TotalsCounter();
  for (const { figures } of messages) counter.add(figures);
  const firstUser = messages.find(({ figures }) => figures["role"] === "user");
  const isUntitled = firstUser !== undefined && isPlaceholderTitle(record["title"]);
  return mapSession(
    sessionFromInfo({
      id: externalId,
      record: {
        ...record,
        ...compact({
          sessionDiff: await readList(tree.diffFile(externalId)),
          todos: await readList(tree.todoFile(externalId)),
        }),
      },
      directory: messages.find(({ directory }) => directory !== undefined)?.directory,
      project: await readProject(tree, record),
      totals: counter.totals,
      firstPrompt: isUntitled ? (await readMessage(tree, place, externalId, firstUser.id))?.textContent : undefined,
      lastChangeMs: Math.max(changedAtMs(session), ...messages.map(({ newestMs }) => newestMs)),
    }),
  );
}

/** Lists that are kept beside the session; an empty one says nothing. */
async function readList(file: string | undefined): Promise<unknown[] | undefined> {
  const list = file === undefined ? undefined : parseJson((await readJsonFile(file))?.text ?? "");
  return Array.isArray(list) && list.length > 0 ? list : undefined;
}

async function readProject(tree: Tree, record: Data): Promise<Data> {
  const id = textOf(record["projectID"]);
  const file = id === undefined || !isPlainId(id) ? undefined : tree.projectFile(id);
  return dataOf(file === undefined ? undefined : (await readJsonFile(file))?.data);
}

/** What the order of messages and the totals of a session need of one message. */
type Summary = {
  readonly id: string;
  readonly createdAtMs: number;
  readonly newestMs: number;
  readonly directory: string | undefined;
  readonly figures: Data;
};

/** Oldest first. Ids alone do not order: their clock begins anew every 795 days. */
async function summarize(tree: Tree, { folder }: Place, externalId: string): Promise<Summary[]> {
  const summaries: Summary[] = [];
  const messages = tree.messageFolder(folder, externalId);
  for (const id of await idsIn(messages)) {
    const file = await readJsonFile(join(messages, `${id}.json`));
    const { role, cost, tokens, modelID, providerID, time, path } = file?.data ?? {};
    summaries.push({
      id,
      createdAtMs: countOf(dataOf(time)["created"]) ?? file?.modifiedAtMs ?? 0,
      newestMs: newestTime(time),
      directory: textOf(dataOf(path)["cwd"]),
      figures: { role, cost, tokens, modelID, providerID },
    });
  }
  return summaries.sort((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
}

async function* readMessages(
  tree: Tree,
  externalId: string,
  messageIds: ReadonlySet<string> | undefined,
): AsyncGenerator<Message> {
  const place = tree.find(externalId);
  if (place === undefined) return;
  for (const { id } of await summarize(tree, place, externalId)) {
    if (messageIds !== undefined && !messageIds.has(id)) continue;
    const message = await readMessage(tree, place, externalId, id);
    if (message !== undefined) yield message;
  }
}

async function readMessage(
  tree: Tree,
  { folder }: Place,
  externalId: string,
  id: string,
): Promise<Message | undefined> {
  const file = await readJsonFile(join(tree.messageFolder(folder, externalId), `${id}.json`));
  if (file === undefined) return undefined;
  const parts: StoredRow[] = [];
  const partFolder = tree.partFolder(folder, externalId, id);
  for (const partId of await idsIn(partFolder)) {
    const part = await readJsonFile(join(partFolder, `${partId}.json`));
    if (part !== undefined) parts.push(rowOf(part));
  }
  return mapMessage(externalId, rowOf(file), parts);
}

/**
 * A file in the form that later versions keep in a row, without the ids. Its content says how new it is, not the time
 * when it was written: a copy from a backup must not look newer than what it is a copy of.
 */
function rowOf({ id, text, data, modifiedAtMs }: JsonFile): StoredRow {
  const time = dataOf(data?.["time"]);
  return {
    id,
    createdAtMs: countOf(time["created"]) ?? modifiedAtMs,
    updatedAtMs: Math.max(newestTime(time), newestTime(dataOf(data?.["state"])["time"])),
    data: data === undefined ? text : JSON.stringify(omit(data, "id", "messageID", "sessionID")),
  };
}

/** The latest of the times that something carries, epoch ms; 0 when it has none. */
function newestTime(time: unknown): number {
  return Math.max(0, ...Object.values(dataOf(time)).map((value) => countOf(value) ?? 0));
}
