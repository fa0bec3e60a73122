import { describe, expect, test } from "vitest";
import { sharedAccount, sharedServer } from "../support/shared.ts";

// An object of JSON may name a key twice, and every parser has its own idea of what that means. Here the first counts.

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });

async function post(path: string, body: string): Promise<unknown> {
  const { status, text } = await ann.ask(path, { method: "POST", body });
  expect({ status, text }).toMatchObject({ status: 200 });
  return JSON.parse(text);
}

describe("of two equal keys the first counts", () => {
  test("in a session, whatever the second is", async () => {
    await post("/sync/session", '{"externalId":"s1","title":"first","title":5,"externalId":"other"}');
    expect(server.query("SELECT externalId, title FROM sessions")).toEqual([{ externalId: "s1", title: "first" }]);
  });

  test("in a message of a batch, and in the batch itself", async () => {
    const message = (id: string) =>
      `{"sessionExternalId":"s2","externalId":"${id}","role":"user","role":"nobody","textContent":"first","textContent":"second"}`;
    const answer = await post("/sync/batch", `{"messages":[${message("m1")}],"messages":[${message("m2")}]}`);
    expect(answer).toMatchObject({ messages: 1, errors: [] });
    const rows = server.query("SELECT externalId, role, textContent FROM messages");
    expect(rows).toEqual([{ externalId: "m1", role: "user", textContent: "first" }]);
  });

  test("in tokens, where a wrong first one is not mended by a right second one", async () => {
    const { status, text } = await ann.ask("/sync/session", {
      method: "POST",
      body: '{"externalId":"s3","tokens":{"input":"many","input":5}}',
    });
    expect({ status, text }).toEqual({ status: 400, text: expect.stringContaining("tokens") });
    await post("/sync/session", '{"externalId":"s3","tokens":{"input":7,"input":"many"}}');
    expect(server.query("SELECT tokensInput FROM sessions WHERE externalId = 's3'")).toEqual([{ tokensInput: 7 }]);
  });

  test("but in parts and meta both stay, since there they are data", async () => {
    const content = '{"a":1,"a":2}';
    await post(
      "/sync/message",
      `{"sessionExternalId":"s4","externalId":"m","role":"tool","parts":[{"type":"x","content":${content}}],"meta":${content}}`,
    );
    const [row] = server.query<{ parts: string; meta: string }>("SELECT parts, meta FROM messages WHERE role = 'tool'");
    expect(row?.parts).toContain(content);
    expect(row?.meta).toBe(content);
  });
});
