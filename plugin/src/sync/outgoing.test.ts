import { messageHash } from "@opensync/client/digest";
import { expect, test } from "vitest";
import { createRedactor } from "../redact/redactor.ts";
import { outgoingMessage, outgoingRemoval, outgoingSession } from "./outgoing.ts";

const key = `os_${"a1".repeat(20)}`;
const message = { sessionExternalId: "s", externalId: "m", role: "user" as const, textContent: `my key is ${key}` };

test("a message leaves with its hash of before masking, so that machines with other secrets agree", () => {
  const mine = outgoingMessage(message, createRedactor([key]));
  const theirs = outgoingMessage(message, createRedactor([]));
  expect(mine).toMatchObject({ textContent: "my key is [redacted:secret]", redacted: 1, hash: messageHash(message) });
  expect(theirs.hash).toBe(mine.hash);
});

test("what is observed on this machine is not part of a session's hash", () => {
  const session = { externalId: "s", title: "T" };
  const here = outgoingSession(session, { device: "a", gitBranch: "main" }, createRedactor([]));
  const there = outgoingSession(session, { device: "b" }, createRedactor([]));
  expect(here).toMatchObject({ device: "a", gitBranch: "main" });
  expect(there.hash).toBe(here.hash);
});

test("a secret at the place of a cut is masked before it is cut", () => {
  const filler = "x".repeat(768 * 1024 - 20);
  const long = `${filler} ${key} ${"y".repeat(1024 * 1024)}`;
  const [part] =
    outgoingMessage({ ...message, parts: [{ type: "text", content: long }] }, createRedactor([key])).parts ?? [];
  expect(JSON.stringify(part)).not.toContain(key.slice(0, 12));
});

test("a removal carries no content, only what it takes to find the row", () => {
  expect(outgoingRemoval("s", "m", 7, 1000)).toEqual({
    sessionExternalId: "s",
    externalId: "m",
    hash: 7,
    updatedAt: 1000,
    removedAt: 1000,
  });
});
