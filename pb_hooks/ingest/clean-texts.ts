import { execute, queryAll } from "../lib/vm.ts";
import { type ListName, replaceTexts, STAGE } from "../sql/stage.ts";

/** An escape of JSON: a pair of surrogates, a surrogate, NUL, or any other. */
const ESCAPE =
  /\\(?:(u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(u[dD][89a-fA-F][0-9a-fA-F]{2}|u0000)|.)/g;

/**
 * Replaces what a text column must not hold, NUL and surrogates without their partner, by U+FFFD.
 * @param json JSON text of a string
 * @returns JSON text of the clean string
 */
export function replaceUnstorable(json: string): string {
  return json.replace(ESCAPE, (whole: string, _pair?: string, unstorable?: string) => (unstorable ? "\\ufffd" : whole));
}

/** Cleans the staged texts of a list. Parts and other data keep their escapes: they are stored as JSON. */
export function cleanTexts(txApp: core.App, list: ListName): void {
  const clean = new Map<string, string[]>();
  const shape = { position: 0, name: "", json: "" };
  for (const { position, name, json } of queryAll(txApp, STAGE[list].readEscapedTexts, {}, shape)) {
    const text = replaceUnstorable(json);
    if (text === json) continue;
    const texts = clean.get(name) ?? [];
    texts.push(`[${position},${text}]`);
    clean.set(name, texts);
  }
  for (const [name, texts] of clean) execute(txApp, replaceTexts(list, name), { texts: `[${texts.join(",")}]` });
}
