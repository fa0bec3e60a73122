import { type BatchAnswer, batchAnswerSchema } from "@opensync/client";
import { expect } from "vitest";

/** Anything that answers at an address. */
type Server = Readonly<{ url: string }>;

/** Sends a body as it is to one of the server's routes. */
async function post(server: Server, key: string, path: string, body: string) {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  const answer = await fetch(server.url + path, { method: "POST", headers, body });
  return { status: answer.status, text: await answer.text() };
}

/** Pushes a batch, which must be taken, though items of it may be refused. */
export async function push(server: Server, key: string, batch: object): Promise<BatchAnswer> {
  const { status, text } = await post(server, key, "/sync/batch", JSON.stringify(batch));
  expect(status, text).toBe(200);
  return batchAnswerSchema.parse(JSON.parse(text));
}

/** Pushes a batch of which every item must be stored. */
export async function pushAll(server: Server, key: string, batch: object): Promise<void> {
  expect((await push(server, key, batch)).errors).toEqual([]);
}
