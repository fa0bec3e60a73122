import { createScanner, type Node } from "jsonc-parser";

/**
 * Adds an entry as the last one of a list or object. Nothing else changes: comments, white space, line ends and a
 * trailing comma stay as they are. (The parser's own `modify` lays out the neighbours anew.)
 * @param container an array or object of the parsed text
 * @param entry JSON of the entry, on one line
 * @returns the whole new text
 */
export function insertLast(text: string, container: Node, entry: string): string {
  const closeAt = container.offset + container.length - 1;
  const last = container.children?.at(-1);
  const lastEnd = last === undefined ? container.offset + 1 : endOf(last);
  const closingLineAt = lineStart(text, closeAt);
  const isClosedOnOwnLine = closingLineAt > container.offset && isBlank(text.slice(closingLineAt, closeAt));
  if (!isClosedOnOwnLine) return splice(text, lastEnd, lastEnd, last === undefined ? entry : `, ${entry}`);

  const hasComma = last !== undefined && commaAfter(text, lastEnd) !== undefined;
  const indent = last === undefined ? undefined : indentBefore(text, last.offset);
  const line = `${indent ?? text.slice(closingLineAt, closeAt) + indentUnit(text)}${entry}${hasComma ? "," : ""}${lineEnd(text)}`;
  const inserted = splice(text, closingLineAt, closingLineAt, line);
  return last === undefined || hasComma ? inserted : splice(inserted, lastEnd, lastEnd, ",");
}

/**
 * Takes an entry out of a list or object, with its line when it stands alone on it.
 * @param index of the entry among the container's children
 * @returns the whole new text
 */
export function removeAt(text: string, container: Node, index: number): string {
  const node = container.children?.[index];
  if (node === undefined) return text;
  const previous = container.children?.[index - 1];
  const comma = commaAfter(text, endOf(node));
  const endAt = comma === undefined ? endOf(node) : comma + 1;
  const lineAt = lineStart(text, node.offset);
  const nextLineAt = text.indexOf("\n", endAt) + 1;
  const isAlone = isBlank(text.slice(lineAt, node.offset)) && nextLineAt > 0 && isBlank(text.slice(endAt, nextLineAt));
  if (!isAlone) return removeInline(text, node, previous, comma);

  const removed = splice(text, lineAt, nextLineAt, "");
  if (previous === undefined || comma !== undefined) return removed;
  const danglingComma = commaAfter(removed, endOf(previous));
  return danglingComma === undefined ? removed : splice(removed, danglingComma, danglingComma + 1, "");
}

function removeInline(text: string, node: Node, previous: Node | undefined, comma: number | undefined): string {
  if (comma === undefined) return splice(text, previous === undefined ? node.offset : endOf(previous), endOf(node), "");
  const spaces = /^[ \t]*/.exec(text.slice(comma + 1))?.[0].length ?? 0;
  return splice(text, node.offset, comma + 1 + spaces, "");
}

function endOf(node: Node): number {
  return node.offset + node.length;
}

/** Where the next comma is, if nothing but white space and comments comes before it. */
function commaAfter(text: string, offset: number): number | undefined {
  const scanner = createScanner(text, true);
  scanner.setPosition(offset);
  scanner.scan();
  const at = scanner.getTokenOffset();
  return text[at] === "," ? at : undefined;
}

function splice(text: string, from: number, to: number, insert: string): string {
  return text.slice(0, from) + insert + text.slice(to);
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}

/** The white space before an entry, when the entry is the first on its line. */
function indentBefore(text: string, offset: number): string | undefined {
  const before = text.slice(lineStart(text, offset), offset);
  return isBlank(before) ? before : undefined;
}

/** One step of indentation as the file has it: the smallest that is there. */
function indentUnit(text: string): string {
  return /^([\t ]+)\S/m.exec(text)?.[1] ?? "  ";
}

function lineEnd(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
