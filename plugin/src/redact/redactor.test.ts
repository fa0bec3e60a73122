import type { Message } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { maskText } from "./mask-text.ts";
import { createRedactor, type Redactor } from "./redactor.ts";
import { scan } from "./scan.ts";
import { PASSWORD, random, TOKENS } from "./testing/planted.ts";
import { createValueFinder } from "./value-finder.ts";

const message = (fields: Partial<Message>): Message => ({ sessionExternalId: "s", externalId: "m", ...fields });
const knowing = (...values: string[]): Redactor => {
  const known = createValueFinder(values.map((value) => ({ name: "known", value })));
  return createRedactor({ mask: (text) => maskText(text, [known, scan]) });
};
const secret = "correct horse battery";

test("a known secret is masked wherever it stands, and every place counts", () => {
  const item = message({
    textContent: `${secret} and ${secret}`,
    parts: [
      { type: "tool-call", id: "p1", content: { id: "c", toolName: "bash", args: { command: `echo ${secret}` } } },
      { type: "tool-result", content: { id: "c", output: [{ text: secret }] }, meta: { metadata: { output: secret } } },
    ],
    error: { name: "E", message: `bad ${secret}` },
    meta: { summary: { diffs: [{ patch: secret }] } },
  });
  const result = knowing(secret).message(item);
  expect(JSON.stringify(result)).not.toContain(secret);
  expect(result.redacted).toBe(7);
});

test("a title and the texts of a to-do list are masked; paths, names and states are not", () => {
  const session = {
    externalId: secret,
    title: secret,
    projectPath: `/${secret}`,
    todos: [{ content: `use ${secret}`, status: secret, priority: secret }],
  };
  expect(knowing(secret).session(session)).toEqual({
    externalId: secret,
    title: "[redacted:known]",
    projectPath: `/${secret}`,
    todos: [{ content: "use [redacted:known]", status: secret, priority: secret }],
    redacted: 2,
  });
});

test("an item without a secret comes back as it is", () => {
  const item = message({ textContent: "nothing here", parts: [{ type: "text", content: "nothing" }], meta: { a: 1 } });
  expect(knowing(secret).message(item)).toBe(item);
});

test("ids, names of tools, states, hashes and paths inside parts stay, whatever they look like", () => {
  const [, token] = TOKENS[0] ?? expect.fail();
  const parts = [
    { type: "tool-call", id: token, content: { id: token, toolName: token, args: {}, status: token } },
    { type: "tool-result", content: { id: token, output: "" } },
    { type: "file", content: { mime: token, filename: token, size: 1, sha256: token } },
    { type: "patch", content: { files: [token] } },
    { type: "subtask", content: { prompt: "", agent: token, sessionExternalId: token } },
    { type: token, content: { [token]: 1 } },
  ];
  const item = message({ parts, model: token, agent: token, responseId: token });
  expect(knowing(secret).message(item)).toBe(item);
});

test("what the contract does not name is content", () => {
  const parts = [
    { type: "tool-call", content: { id: "c", toolName: "t", args: {}, more: secret } },
    { type: "unheard-of", content: [secret, { deep: [secret] }], more: secret },
  ];
  expect(knowing(secret).message(message({ parts })).redacted).toBe(4);
});

describe("members of objects are masked because of their name", () => {
  const value = random.mixed(20);
  test.each([
    [{ apiKey: value }, { apiKey: "[redacted:key]" }],
    [{ headers: { "x-api-key": value } }, { headers: { "x-api-key": "[redacted:key]" } }],
    [{ password: PASSWORD }, { password: "[redacted:password]" }],
    [
      { name: "DB_PASSWORD", value: PASSWORD },
      { name: "DB_PASSWORD", value: "[redacted:password]" },
    ],
    [{ tokens: 12, token: "identifier", tokenCount: value }, undefined],
    [{ sessionID: value, callID: value, hash: value }, undefined],
  ])("%j", (args, expected) => {
    const parts = [{ type: "tool-call", content: { id: "c", toolName: "t", args } }];
    const [part] = knowing(secret).message(message({ parts })).parts ?? [];
    expect(part).toEqual({ type: "tool-call", content: { id: "c", toolName: "t", args: expected ?? args } });
  });
});

test("an attached text file is masked inside its base64, and other bytes where they hold a known value", () => {
  const file = (bytes: Buffer) => ({
    parts: [{ type: "file", content: { mime: "text/plain", size: 1, sha256: "0", data: bytes.toString("base64") } }],
  });
  const dataOf = (bytes: Buffer) => {
    const [part] = knowing(secret).message(message(file(bytes))).parts ?? [];
    return String(Object.entries(part?.content ?? {}).find(([name]) => name === "data")?.[1]);
  };
  const text = Buffer.from(`A=1\nDB_PASSWORD=${PASSWORD}\n${secret}\n`);
  expect(Buffer.from(dataOf(text), "base64").toString()).toBe(
    "A=1\nDB_PASSWORD=[redacted:password]\n[redacted:known]\n",
  );
  for (const before of ["\0", "\0\0", "\0\0\0"]) {
    expect(dataOf(Buffer.from(`${before}${secret}\0end`))).toContain("[redacted:known]");
  }
  const harmless = Buffer.from([0, 1, 2, 255, 254]);
  expect(dataOf(harmless)).toBe(harmless.toString("base64"));
});

test("masking what is masked changes nothing", () => {
  const once = knowing(secret).message(
    message({ textContent: `${secret} DB_PASSWORD=${PASSWORD}`, meta: { apiKey: random.hex(20) } }),
  );
  expect(once.redacted).toBe(3);
  expect(knowing(secret).message(once)).toBe(once);
});
