import type { Message, Session } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { fixedRedaction } from "../testing/fixed-redaction.ts";
import { HeldContent, Outbox } from "./outbox.ts";
import { outgoingMessage, outgoingSession } from "./outgoing.ts";
import type { Push } from "./push.ts";

const redactor = await fixedRedaction().forProject(undefined);
const NO_NOTES = { read: async () => new Map<string, number>(), append: async () => undefined };

const session = (externalId: string) => outgoingSession({ externalId } satisfies Session, { device: "d" }, redactor);
const message = (sessionExternalId: string, externalId: string, chars: number) =>
  outgoingMessage(
    { sessionExternalId, externalId, role: "user", textContent: " ".repeat(chars) } satisfies Message,
    redactor,
  );

function createWorld() {
  const sent: string[] = [];
  const push: Push = async (_sessions, messages) => {
    sent.push(messages.map(({ externalId }) => externalId).join(" "));
    return { messages: messages.length, rejected: [] };
  };
  const tools = { push, sent: NO_NOTES, held: new HeldContent() };
  const open = (id: string) => new Outbox(session(id), tools);
  return { sent, tools, open };
}

describe("messages wait for each other", () => {
  test("until 200 of them are there", async () => {
    const { open, sent } = createWorld();
    const outbox = open("s");
    for (let n = 1; n < 200; n++) expect(await outbox.add(message("s", `${n}`, 1))).toBe(false);
    expect(await outbox.add(message("s", "200", 1))).toBe(true);
    expect(sent[0]?.split(" ")).toHaveLength(200);
  });

  test("until they hold 512 Ki characters", async () => {
    const { open, sent } = createWorld();
    const outbox = open("s");
    await outbox.add(message("s", "a", 300_000));
    await outbox.add(message("s", "b", 300_000));
    expect(sent).toEqual(["a b"]);
  });

  test("until those of all sessions under way hold 1 Mi characters", async () => {
    const { open, sent, tools } = createWorld();
    const names = ["a", "b", "c", "d", "e"];
    for (const name of names) await open(name).add(message(name, name, 300_000));
    // Three fit. With each one more there is too much, and it goes by itself.
    expect(sent).toEqual(["d", "e"]);
    expect(tools.held.chars).toBeLessThan(1024 * 1024);
  });
});

test("what could not be sent is not held any more", async () => {
  const held = new HeldContent();
  const push: Push = () => Promise.reject(new Error("the server is away"));
  const outbox = new Outbox(session("s"), { push, sent: NO_NOTES, held });
  await outbox.add(message("s", "a", 1_000));
  await expect(outbox.send()).rejects.toThrow("the server is away");
  expect(held.chars).toBe(0);
});
