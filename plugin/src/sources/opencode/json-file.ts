import { readdir, readFile, stat } from "node:fs/promises";
import { storeErrorFrom } from "../store-error.ts";
import { type Data, isData, parseJson } from "./json.ts";

/** A file of a JSON tree. */
export type JsonFile = {
  /** Its name without `.json`, which is the id of what it holds. */
  readonly id: string;
  readonly text: string;
  /** Undefined: it is no JSON object, because it is damaged or half written. */
  readonly data: Data | undefined;
  readonly modifiedAtMs: number;
};

/** Ids are part of paths here: one that could lead out of its folder is nobody's. */
export function isPlainId(id: string): boolean {
  return /^[\w-]+$/.test(id);
}

/**
 * Reads a file.
 * @returns undefined when there is none (any more)
 * @throws StoreError when it cannot be read
 */
export async function readJsonFile(file: string): Promise<JsonFile | undefined> {
  const id = file.replace(/^.*[/\\]/, "").replace(/\.json$/, "");
  const text = await unlessMissing(file, readFile(file, "utf8"));
  if (text === undefined) return undefined;
  const parsed = parseJson(text);
  return { id, text, data: isData(parsed) ? parsed : undefined, modifiedAtMs: (await modifiedAtMs(file)) ?? 0 };
}

/** When a file was written last, epoch ms; undefined when there is none. */
export async function modifiedAtMs(file: string): Promise<number | undefined> {
  const found = await unlessMissing(file, stat(file));
  return found === undefined ? undefined : Math.trunc(found.mtimeMs);
}

/** Ids of the JSON files in a folder, sorted; empty when there is no such folder. */
export async function idsIn(folder: string): Promise<string[]> {
  const names = (await unlessMissing(folder, readdir(folder))) ?? [];
  const ids = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
  return ids.filter(isPlainId).sort();
}

async function unlessMissing<Result>(file: string, reading: Promise<Result>): Promise<Result | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) {
      return undefined;
    }
    throw storeErrorFrom(file, error);
  }
}
