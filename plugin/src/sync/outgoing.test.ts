import { messageHash } from "@opensync/client/digest";
import { expect, test } from "vitest";
import { fixedRedaction } from "../testing/fixed-redaction.ts";
import { outgoingMessage, outgoingRemoval, outgoingSession } from "./outgoing.ts";

const key = "correct-horse-battery-1";
const knowing = await fixedRedaction(key).forProject(undefined);
const other = await fixedRedaction().forProject(undefined);
const message = { sessionExternalId: "s", externalId: "m", role: "user" as const, textContent: `my key is ${key}` };

test("a message leaves with its hash of before masking, so that machines with other secrets agree", () => {
  const mine = outgoingMessage(message, knowing);
  const theirs = outgoingMessage(message, other);
  expect(mine).toMatchObject({
    textContent: "my key is [redacted:opensync-key]",
    redacted: 1,
    hash: messageHash(message),
  });
  expect(theirs.hash).toBe(mine.hash);
});

test("what is observed on this machine is not part of a session's hash", () => {
  const session = { externalId: "s", title: "T" };
  const here = outgoingSession(session, { device: "a", gitBranch: "main" }, other);
  const there = outgoingSession(session, { device: "b" }, other);
  expect(here).toMatchObject({ device: "a", gitBranch: "main" });
  expect(there.hash).toBe(here.hash);
});

test("a secret at the place of a cut is masked before it is cut", () => {
  const filler = "x".repeat(768 * 1024 - 20);
  const long = `${filler} ${key} ${"y".repeat(1024 * 1024)}`;
  const [part] = outgoingMessage({ ...message, parts: [{ type: "text", content: long }] }, knowing).parts ?? [];
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
