import { describe, expect, test } from "vitest";
import { expectRow, type MergeCase } from "../support/merge-case.ts";
import { push } from "../support/push.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// The merge rules one by one: what the row of a message is after some items, each in a request of its own.

const server = sharedServer();
const ann = sharedAccount(server, { device: "laptop" });
let cases = 0;

const HASH = 0x12345;

const MESSAGES: readonly MergeCase[] = [
  {
    name: "an empty text never wipes one",
    items: [{ textContent: "hi" }, { textContent: "" }],
    row: { textContent: "hi" },
  },
  {
    name: "parts stay when an update leaves them out, and are replaced as a whole",
    items: [
      {
        parts: [
          { type: "a", content: 1 },
          { type: "b", content: 2 },
        ],
      },
      { textContent: "x" },
      { parts: [{ type: "c", content: null }] },
    ],
    row: { textContent: "x", parts: '[{"type":"c","content":null}]' },
  },
  {
    name: "parts keep order, unknown types, unknown keys, numbers and escapes as sent",
    items: [{ parts: [{ type: "step-start", content: { n: [1.5, null], t: "\u0000\ud800" }, more: true, id: "1" }] }],
    row: { parts: '[{"type":"step-start","content":{"n":[1.5,null],"t":"\\u0000\\ud800"},"more":true,"id":"1"}]' },
  },
  {
    name: "tool calls are counted",
    items: [
      {
        parts: [
          { type: "tool-call", content: {} },
          { type: "tool_use", content: "x" },
        ],
      },
    ],
    row: { toolCallCount: 2 },
  },
  { name: "timestamp names the time too", items: [{ timestamp: 500 }], row: { createdAt: 500 } },
  {
    name: "NUL and lone surrogates become U+FFFD in texts",
    items: [{ textContent: "a\u0000b\ud800c\udc00\u{1F600}" }],
    row: { textContent: "a\uFFFDb\uFFFDc\uFFFD\u{1F600}" },
  },
  {
    name: "a backslash before what looks like an escape is text",
    items: [{ textContent: "\\u0000 \\ud800" }],
    row: { textContent: "\\u0000 \\ud800" },
  },
  {
    name: "a removal counts of the same version and of a newer one",
    items: [
      { hash: HASH, updatedAt: 5 },
      { hash: HASH, updatedAt: 5, removedAt: 7 },
      { hash: HASH, updatedAt: 5 },
    ],
    row: { removedAt: 7 },
  },
  {
    name: "a removal needs no content beside the hash",
    items: [
      { textContent: "hi", hash: HASH, updatedAt: 5 },
      { hash: HASH, updatedAt: 8, removedAt: 8 },
    ],
    row: { textContent: "hi", removedAt: 8, updatedAt: 8 },
  },
  {
    name: "a newer version takes a removal back",
    items: [
      { hash: HASH, updatedAt: 5, removedAt: 7 },
      { hash: HASH, updatedAt: 9 },
    ],
    row: { removedAt: 0, updatedAt: 9 },
  },
  {
    name: "an error is kept as sent",
    items: [{ error: { name: "Aborted", message: "by the user", more: 1 } }],
    row: { error: '{"name":"Aborted","message":"by the user","more":1}' },
  },
  {
    name: "a snapshot without a role keeps the row's",
    items: [{ textContent: "hi" }, { role: null, textContent: "ho", hash: HASH }],
    row: { role: "user", textContent: "ho" },
  },
];

describe("messages:", () => {
  test.for(MESSAGES)("$name", async ({ items, row }) => {
    cases += 1;
    const externalId = `message-${cases}`;
    for (const item of items) {
      const message = { sessionExternalId: "of-messages", externalId, role: "user", ...item };
      expect(await push(server, ann.key, { messages: [message] })).toMatchObject({ messages: 1, errors: [] });
    }
    expectRow(server, "messages", externalId, row);
  });
});
