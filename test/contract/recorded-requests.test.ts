import { readdirSync, readFileSync } from "node:fs";
import { messageSchema, sessionSchema } from "@opensync/client";
import { expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import type { Batch } from "../support/histories.ts";
import { shippedRates } from "../support/reference-prices.ts";
import { expectedState, storedState } from "../support/server-state.ts";
import { sharedServer } from "../support/shared.ts";

// What the first version's clients send, each request as it is in its file, in order.

const FOLDER = new URL("../fixtures/requests/", import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));

type Json = Readonly<Record<string, unknown>>;

interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly body: Json | "";
}

const server = sharedServer();

function readRequests(file: string): Recorded[] {
  const lines = readFileSync(new URL(file, FOLDER), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

async function replay(requests: readonly Recorded[], key: string): Promise<void> {
  for (const { method, url, body } of requests) {
    const answer = await fetch(server.url + url, {
      method,
      headers: { Authorization: `Bearer ${key}`, ...(body === "" ? {} : { "Content-Type": "application/json" }) },
      ...(body === "" ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.status, `${method} ${url}: ${text}`).toBe(200);
    if (url.endsWith("/batch")) expect(JSON.parse(text)).toMatchObject({ ok: true, errors: [] });
  }
}

/** The items of the requests in the terms of our contract. */
function itemsOf(requests: readonly Recorded[]): Batch {
  const of = (path: string, list: string) =>
    requests.flatMap(({ url, body }) => {
      if (body === "") return [];
      if (url.endsWith(path)) return [body];
      return url.endsWith("/batch") && Array.isArray(body[list]) ? body[list] : [];
    });
  const withMeta = ({ endReason, ...session }: Json) =>
    endReason === undefined ? session : { ...session, meta: { endReason } };
  return {
    sessions: of("/session", "sessions").map((session) => sessionSchema.parse(withMeta(session))),
    messages: of("/message", "messages").map((message) => messageSchema.parse(message)),
  };
}

test.for(FILES)("every request of %s lands in full, also when all are sent again", async (file) => {
  const { id, key } = await createAccount(server, { device: "laptop" });
  const requests = readRequests(file);
  await replay(requests, key);
  const stored = storedState(server, "s.user = ?", id);
  expect(stored).toEqual(expectedState(itemsOf(requests), stored, "laptop", shippedRates));

  await replay(requests, key);
  expect(storedState(server, "s.user = ?", id)).toEqual(stored);
});

test("there are 39 recorded requests of claude-code-sync", () => {
  expect(readRequests("claude-code-sync-0.1.15.jsonl")).toHaveLength(39);
});
