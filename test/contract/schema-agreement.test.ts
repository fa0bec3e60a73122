import {
  batchAnswerSchema,
  explainIssues,
  type Message,
  messageSchema,
  OpenSyncClient,
  type Session,
  sessionSchema,
} from "@opensync/client";
import { messageHash, sessionDigest, sessionHash } from "@opensync/client/digest";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";
import { BROKEN, EDGES, type Kind, toJson, validMessage, validSession } from "../support/wire-items.ts";

const SCHEMAS = { sessions: sessionSchema, messages: messageSchema };

const server = sharedServer();
const ann = sharedAccount(server);

async function post(path: string, json: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(server.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${ann.key}`, "content-type": "application/json" },
    body: json,
  });
  return { status: answer.status, body: await answer.json() };
}

/** For each item of a list, what the server says against it; undefined when it stored it. */
async function serverVerdicts(kind: Kind, items: readonly string[]): Promise<(string | undefined)[]> {
  const { status, body } = await post("/sync/batch", `{"${kind}":[${items.join(",")}]}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  const { errors, [kind]: stored } = batchAnswerSchema.parse(body);
  const verdicts = items.map((_, index) => errors.find((error) => error.startsWith(`${kind}[${index}]`)));
  expect(verdicts.filter((verdict) => verdict === undefined)).toHaveLength(stored);
  expect(verdicts.filter((verdict) => verdict !== undefined)).toHaveLength(errors.length);
  return verdicts;
}

/** What the schema says against it: its field and the expectation. */
function schemaVerdict(kind: Kind, json: string): { field: string; text: string } | undefined {
  const { error } = SCHEMAS[kind].safeParse(JSON.parse(json));
  if (error === undefined) return undefined;
  return { field: String(error.issues[0]?.path[0] ?? ""), text: explainIssues(error.issues) };
}

async function expectAgreement(kind: Kind, items: readonly string[]): Promise<number> {
  const verdicts = await serverVerdicts(kind, items);
  let refused = 0;
  for (const [index, json] of items.entries()) {
    const expected = schemaVerdict(kind, json);
    const verdict = verdicts[index];
    const disagreement = `${json}\n  server: ${verdict ?? "stored"}\n  schema: ${expected?.text ?? "valid"}`;
    expect(verdict === undefined, disagreement).toBe(expected === undefined);
    if (expected === undefined) continue;
    refused++;
    expect(verdict, "the text names the field").toContain(expected.field);
  }
  return refused;
}

describe.each<Kind>(["sessions", "messages"])("server and schema agree on %s:", (kind) => {
  const valid = kind === "sessions" ? validSession : validMessage;

  test("what the schema accepts is stored, all of it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(valid, { minLength: 1, maxLength: 20 }), async (items) => {
        expect(await expectAgreement(kind, items.map(toJson))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  test.each(BROKEN[kind])("$field = $value is refused", async ({ field, value }) => {
    const item = { externalId: "x", ...(kind === "messages" && { sessionExternalId: "s", role: "user" }) };
    expect(await expectAgreement(kind, [toJson({ ...item, [field]: value })])).toBe(1);
  });

  test.each(EDGES[kind])("%s is %s", async (json, verdict) => {
    const item = kind === "messages" ? json.replace("{", '{"sessionExternalId":"s","role":"user",') : json;
    expect(await expectAgreement(kind, [item])).toBe(verdict === "refused" ? 1 : 0);
  });

  test("one wrong field makes one item invalid, whatever else is in it and in the list", async () => {
    const broken = fc
      .tuple(valid, fc.constantFrom(...BROKEN[kind]))
      .map(([item, { field, value }]) => ({ ...item, [field]: value }));
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(broken, valid), { minLength: 1, maxLength: 20 }), async (items) => {
        refused += await expectAgreement(kind, items.map(toJson));
      }),
      { numRuns: 40 },
    );
    // Of about 100, in any run many more than this: else the cases break nothing.
    expect(refused).toBeGreaterThan(30);
  });

  test("an item that is no object is refused", async () => {
    for (const json of ["null", "5", '"x"', "[]", "true"]) {
      const [verdict] = await serverVerdicts(kind, [json]);
      expect(verdict, json).toMatch(new RegExp(`^${kind}\\[0\\]`));
      expect(SCHEMAS[kind].safeParse(JSON.parse(json)).success).toBe(false);
    }
  });

  test("a single endpoint answers 400 where the batch reports an error", async () => {
    const path = kind === "sessions" ? "/sync/session" : "/sync/message";
    const item = fc
      .tuple(valid, fc.option(fc.constantFrom(...BROKEN[kind]), { nil: undefined }))
      .map(([valid, broken]) => (broken === undefined ? valid : { ...valid, [broken.field]: broken.value }));
    await fc.assert(
      fc.asyncProperty(item, async (item) => {
        const json = toJson(item);
        const expected = schemaVerdict(kind, json);
        const { status, body } = await post(path, json);
        expect({ status, body, json }).toMatchObject({ status: expected === undefined ? 200 : 400 });
        if (expected) expect(body).toEqual({ error: expect.stringContaining(expected.field) });
      }),
      { numRuns: 60 },
    );
  });
});

test("a message without a role is refused where the server has none: the schema cannot know", async () => {
  const message = { sessionExternalId: "roles", externalId: "m1" };
  const [unknown] = await serverVerdicts("messages", [toJson(message)]);
  expect(unknown).toMatch(/^messages\[0\] m1: role: /);
  expect(await serverVerdicts("messages", [toJson({ ...message, role: "user" }), toJson(message)])).toEqual([
    undefined,
    undefined,
  ]);
  expect(messageSchema.safeParse(message).success).toBe(true);
});

test("the server's digest is the sum that the client computes, whatever it was sent and in whatever order", async () => {
  const { key } = await createAccount(server);
  const client = new OpenSyncClient({ url: server.url, apiKey: key });
  let sessions = 0;
  const history = fc.record({
    session: validSession,
    messages: fc.uniqueArray(validMessage, { selector: (message) => message.externalId, maxLength: 8 }),
    isHashed: fc.infiniteStream(fc.boolean()),
    isRemoved: fc.infiniteStream(fc.boolean()),
    split: fc.nat({ max: 8 }),
  });
  await fc.assert(
    fc.asyncProperty(history, async (input) => {
      const externalId = `digest-${sessions++}`;
      const session: Session = sessionSchema.parse({ ...input.session, externalId });
      const messages = input.messages.map((message): Message => {
        const { removedAt: _, ...sent } = messageSchema.parse({ ...message, sessionExternalId: externalId });
        const hash = input.isHashed.next().value ? { hash: messageHash(sent) } : {};
        return { ...sent, ...hash, ...(input.isRemoved.next().value && { removedAt: 1 }) };
      });
      const own = sessionHash(session);
      const batches = [
        { messages: messages.slice(input.split).reverse() },
        { sessions: [{ ...session, hash: own }], messages: messages.slice(0, input.split) },
      ];
      for (const batch of batches) expect(await client.pushBatch(batch)).toMatchObject({ errors: [] });
      const { digests } = await client.listSessions({ digests: true });
      expect(digests?.[externalId]).toEqual(sessionDigest(own, messages));
    }),
    { numRuns: 40 },
  );
});
