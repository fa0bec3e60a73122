import { type Message, sessionDetailSchema, sessionPageSchema } from "@opensync/client";
import { beforeAll, describe, expect, test } from "vitest";
import { push } from "../support/push.ts";
import { longSession, manySessions } from "../support/sample-sessions.ts";
import { sharedAccount, sharedServer } from "../support/shared.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

const server = sharedServer();
const ann = sharedAccount(server, { scope: "full" });
const ben = sharedAccount(server);

beforeAll(async () => {
  await push(server, ann.key, manySessions(41, NOW));
  await push(server, ben.key, { sessions: [{ externalId: "bens", title: "Ben's" }] });
  const address = (externalId: string) => `/api/sessions/${server.sessionId(externalId)}`;
  const changes = JSON.stringify({ evalStatus: "golden", evalReady: true, customTitle: "Renamed by hand" });
  await ann.ask(address("ses_many_40"), { method: "PATCH", body: changes });
  for (const externalId of ["ses_many_7", "ses_many_17"]) await ann.ask(address(externalId), { method: "DELETE" });
});

describe("one session", () => {
  const detail = async (path: string) => sessionDetailSchema.parse(await ann.get(path));

  test("is found by its own id and by its agent's, at both addresses", async () => {
    const id = server.sessionId("ses_many_2");
    const answers = [`get?id=${id}`, "get?id=ses_many_2", id, "ses_many_2"];
    for (const path of answers)
      expect((await detail(`/api/sessions/${path}`)).session).toMatchObject({ id, externalId: "ses_many_2" });
  });

  test("of somebody else, or none, is not found", async () => {
    const id = server.sessionId("bens");
    for (const path of [`get?id=${id}`, `${id}`, "get?id=no_such", "get?id=%27%20OR%201=1"]) {
      expect(await ann.ask(`/api/sessions/${path}`)).toEqual({ status: 404, text: '{"error":"Session not found"}\n' });
    }
    expect(await ann.ask("/api/sessions/get")).toMatchObject({
      status: 400,
      text: expect.stringContaining("Missing session ID"),
    });
  });

  test("in the trash is found only when it is asked for there", async () => {
    expect((await ann.ask("/api/sessions/ses_many_7")).status).toBe(404);
    expect((await detail("/api/sessions/ses_many_7?status=deleted")).session.deletedAt).toBeGreaterThan(0);
    expect((await ann.ask("/api/sessions/ses_many_2?status=deleted")).status).toBe(404);
    const trash = sessionPageSchema.parse(await ann.get("/api/sessions?status=deleted"));
    expect(trash.sessions.map(({ externalId }) => externalId).toSorted()).toEqual(["ses_many_17", "ses_many_7"]);
  });

  test("shows the title given by hand, and the agent's beside it", async () => {
    const { session } = await detail("/api/sessions/ses_many_40");
    expect(session).toMatchObject({ title: "Renamed by hand", customTitle: "Renamed by hand", evalStatus: "golden" });
    expect(session.agentTitle).toBe(manySessions(41, NOW).sessions[40]?.title);
  });

  test("of 2,500 messages comes page by page, oldest first, each message once", async () => {
    const long = longSession(2_500, NOW);
    await push(server, ann.key, long);
    const ids: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await detail(`/api/sessions/ses_long?cursor=${encodeURIComponent(cursor)}`);
      ids.push(...page.messages.map(({ externalId }) => externalId));
      cursor = page.nextCursor;
    }
    expect(ids).toEqual(long.messages.map(({ externalId }) => externalId));
  });

  test("ends a page of messages by their size, and always has at least one", async () => {
    const big = (index: number, size: number): Message => ({
      ...{ sessionExternalId: "ses_big", externalId: `big_${index}`, role: "assistant", createdAt: NOW + index },
      textContent: "x".repeat(size),
    });
    for (const [index, size] of [3_500_000, 3_500_000, 3_500_000, 8_000_000, 10].entries()) {
      await push(server, ann.key, { messages: [big(index, size)] });
    }
    const sizes: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await detail(`/api/sessions/ses_big?cursor=${encodeURIComponent(cursor)}`);
      sizes.push(page.messages.length);
      cursor = page.nextCursor;
    }
    expect(sizes).toEqual([3, 2]);
  });

  test("keeps nulls in what tools were given and answered", async () => {
    const parts = [
      { type: "tool-call", content: { id: "c", toolName: "t", args: { a: null, b: [null, { c: null }] } } },
      { type: "x", content: null },
    ];
    await push(server, ann.key, {
      messages: [
        { sessionExternalId: "ses_null", externalId: "m", role: "tool", parts, error: { name: "E", message: "m" } },
      ],
    });
    const { messages } = await detail("/api/sessions/ses_null");
    expect(messages).toMatchObject([{ parts, error: { name: "E", message: "m" } }]);
  });
});
