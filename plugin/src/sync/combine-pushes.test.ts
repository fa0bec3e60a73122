import type { Message, Session } from "@opensync/client";
import { expect, test } from "vitest";
import { fixedRedaction } from "../testing/fixed-redaction.ts";
import { combinePushes } from "./combine-pushes.ts";
import { outgoingMessage, outgoingSession } from "./outgoing.ts";
import type { Push, PushResult } from "./push.ts";

const redactor = await fixedRedaction().forProject(undefined);
const session = (externalId: string) => outgoingSession({ externalId } satisfies Session, { device: "d" }, redactor);
const message = (sessionExternalId: string, externalId: string) =>
  outgoingMessage({ sessionExternalId, externalId, role: "user" } satisfies Message, redactor);

/** A push that the test answers. */
function heldPush() {
  const calls: { ids: string[]; answer: (result: PushResult | Error) => void }[] = [];
  const push: Push = (sessions, messages) =>
    new Promise((resolve, reject) => {
      const ids = [...sessions, ...messages].map(({ externalId }) => externalId);
      calls.push({ ids, answer: (result) => (result instanceof Error ? reject(result) : resolve(result)) });
    });
  return { calls, push };
}

const turn = async () => {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
};

test("what comes while requests are under way goes together, and each gets its own part of the answer", async () => {
  const { calls, push } = heldPush();
  const combined = combinePushes(push, 1);
  const first = combined([session("s1")], []);
  await turn();
  const second = combined([session("s2")], [message("s2", "m1"), message("s2", "m2")]);
  const third = combined([], [message("s3", "m1")]);
  await turn();
  expect(calls.map(({ ids }) => ids)).toEqual([["s1"]]);
  calls[0]?.answer({ messages: 0, rejected: [] });
  expect(await first).toEqual({ messages: 0, rejected: [] });
  await turn();
  expect(calls[1]?.ids).toEqual(["s2", "m1", "m2", "m1"]);
  const rejected = { sessionId: "s3", externalId: "m1", isMessage: true, reason: "messages[2] m1: no" };
  calls[1]?.answer({ messages: 2, rejected: [rejected] });
  expect(await second).toEqual({ messages: 2, rejected: [] });
  expect(await third).toEqual({ messages: 0, rejected: [rejected] });
});

test("a failed request fails all that were in it, and the next goes on", async () => {
  const { calls, push } = heldPush();
  const combined = combinePushes(push, 2);
  const both = Promise.allSettled([combined([session("s1")], []), combined([session("s2")], [])]);
  await turn();
  calls[0]?.answer(new Error("no"));
  expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const next = combined([session("s3")], []);
  await turn();
  calls[1]?.answer({ messages: 0, rejected: [] });
  expect(await next).toEqual({ messages: 0, rejected: [] });
});
