import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const dataSchema = z.record(z.string(), z.unknown());
type Data = z.infer<typeof dataSchema>;

/** A session as OpenCode stored it, read without any code of ours. */
export type OriginalSession = {
  readonly id: string;
  /** The file of the session, or its row. */
  readonly record: Data;
  /** As `opencode export` prints them, oldest first; parts in the order of their ids. */
  readonly messages: readonly { readonly info: Data; readonly parts: readonly Data[] }[];
};

/** Everything in one of OpenCode's data folders: the files up to 1.1, the database since. */
export function readOriginals(folder: string): OriginalSession[] {
  const databases = globSync("opencode*.db", { cwd: folder }).flatMap((file) => readRows(join(folder, file)));
  const files = [
    ...readFiles(
      folder,
      "project/*/storage/session/info/*.json",
      "**/message/SESSION/*.json",
      "**/part/*/MESSAGE/*.json",
    ),
    ...readFiles(folder, "storage/session/*/*.json", "storage/message/SESSION/*.json", "storage/part/MESSAGE/*.json"),
  ];
  return [...databases, ...files].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function readFiles(folder: string, sessions: string, messages: string, parts: string): OriginalSession[] {
  const matching = (glob: string) => globSync(glob, { cwd: folder }).map((file) => readJson(join(folder, file)));
  return globSync(sessions, { cwd: folder }).map((file) => {
    const id = basename(file, ".json");
    const infos = matching(messages.replace("SESSION", id)).sort((a, b) => createdAt(a) - createdAt(b));
    return {
      id,
      record: readJson(join(folder, file)),
      messages: infos.map((info) => ({
        info,
        parts: matching(parts.replace("MESSAGE", String(info["id"]))).sort(byId),
      })),
    };
  });
}

function readRows(file: string): OriginalSession[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = (sql: string, id: string) =>
    database
      .prepare(sql)
      .all(id)
      .map((row) => dataSchema.parse({ ...row }));
  const sessions = rows("SELECT * FROM session WHERE id > ?", "").map((record) => {
    const sessionID = String(record["id"]);
    const messages = rows("SELECT * FROM message WHERE session_id = ? ORDER BY time_created, id", sessionID);
    return {
      id: sessionID,
      record,
      messages: messages.map((message) => {
        const messageID = message["id"];
        const parts = rows("SELECT * FROM part WHERE message_id = ? ORDER BY id", String(messageID));
        return {
          info: { ...parse(message["data"]), id: messageID, sessionID },
          parts: parts.map((part) => ({ ...parse(part["data"]), id: part["id"], messageID, sessionID })),
        };
      }),
    };
  });
  database.close();
  return sessions;
}

function readJson(file: string): Data {
  return parse(readFileSync(file, "utf8"));
}

function parse(json: unknown): Data {
  return dataSchema.parse(JSON.parse(String(json)));
}

function createdAt(info: Data): number {
  return z.object({ time: z.object({ created: z.number() }) }).parse(info).time.created;
}

function byId(a: Data, b: Data): number {
  return String(a["id"]) < String(b["id"]) ? -1 : 1;
}
