import { expect, test } from "vitest";
import { readText } from "./read-text.ts";

test("a text that is cut inside a character is put together again", async () => {
  const bytes = new TextEncoder().encode("grüße 👋");
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readText({ status: 200, headers: new Headers(), body })).toBe("grüße 👋");
});

test("an answer without a body is an empty text", async () => {
  expect(await readText({ status: 204, headers: new Headers(), body: null })).toBe("");
});

test("an endless answer is given up at the limit, and no more of it is read", async () => {
  let pulled = 0;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(1_000));
    },
    cancel() {
      isCancelled = true;
    },
  });
  expect(await readText({ status: 200, headers: new Headers(), body }, 10_000)).toBeUndefined();
  expect(isCancelled).toBe(true);
  expect(pulled).toBeLessThan(15);
});

test.each([
  ["exact-limit", 10, "xxxxxxxxxx"],
  ["limit-plus-one", 11, undefined],
])("an answer of the %s", async (_name, length, text) => {
  const answer = new Response("x".repeat(length));
  expect(await readText({ status: 200, headers: answer.headers, body: answer.body }, 10)).toBe(text);
});
