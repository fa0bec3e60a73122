import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inRoot } from "../../scripts/paths.mjs";
import { sourceFiles } from "./imports.ts";

const plugin = sourceFiles()
  .filter((file) => file.startsWith("plugin/src/") && !file.includes("/testing/"))
  .map((file) => ({
    file: file.replace("plugin/src/", ""),
    text: withoutComments(readFileSync(inRoot(file), "utf8")),
  }));

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

const filesWith = (expression: RegExp) => plugin.filter(({ text }) => expression.test(text)).map(({ file }) => file);

describe("there is one way out of the machine", () => {
  test("only push.ts hands items to the client", () => {
    expect(filesWith(/\.push(?:Chunk|Batch|Session|Message)\(/)).toEqual(["sync/push.ts"]);
  });

  test("what it takes is made by outgoing.ts alone: hashed, then masked, then cut", () => {
    expect(filesWith(/\bas Outgoing</)).toEqual(["sync/outgoing.ts"]);
    expect(filesWith(/: symbol\b|unique symbol/)).toEqual(["sync/outgoing.ts"]);
    const push = plugin.find(({ file }) => file === "sync/push.ts")?.text ?? "";
    expect(push).toMatch(/sessions: readonly Outgoing<Session>\[\]/);
    expect(push).toMatch(/messages: readonly Outgoing<Message>\[\]/);
    const outgoing = plugin.find(({ file }) => file === "sync/outgoing.ts")?.text ?? "";
    expect(outgoing).toMatch(/fitSession\(|fitMessage\(/);
    expect(outgoing).toMatch(/redactor\.session\(\{ \.\.\.session, hash: sessionHash\(session\) \}\)/);
    expect(outgoing).toMatch(/fitMessage\(redactor\.message\(\{ \.\.\.message, hash: messageHash\(message\) \}\)\)/);
  });

  test("nothing else opens a connection", () => {
    expect(filesWith(/\bfetch\(/)).toEqual(["io/log-requests.ts", "program.ts"]);
    expect(
      filesWith(/from "(?:node:)?(?:http2?|https|net|tls|dgram|undici)"|\bWebSocket\b|\bXMLHttpRequest\b/),
    ).toEqual([]);
  });
});
