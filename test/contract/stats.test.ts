import { statsSchema } from "@opensync/client";
import { describe, expect, test } from "vitest";
import { createAccount } from "../support/account.ts";
import { push } from "../support/push.ts";
import { sharedServer } from "../support/shared.ts";
import { response, session } from "../support/usage.ts";

const server = sharedServer();
const newReader = () => createAccount(server, { scope: "full" });

describe("GET /api/stats", () => {
  test("gives the first version's figures, copies once", async () => {
    const reader = await newReader();
    const at = Date.UTC(2026, 5, 1, 10);
    await push(server, reader.key, {
      sessions: [
        session("a", { model: "opus", durationMs: 1_000 }),
        session("b", { model: "opus", durationMs: 500, forkedFrom: "a" }),
        session("old", { promptTokens: 70, completionTokens: 7, cost: 0.25 }),
      ],
      messages: [
        response("a", "1", at, { responseId: "r" }),
        response("b", "2", at, { responseId: "r" }),
        response("a", "3", at, { model: "haiku" }),
      ],
    });
    expect(statsSchema.parse(await reader.get("/api/stats"))).toEqual({
      sessionCount: 3,
      messageCount: 2,
      totalTokens: 277,
      totalCost: 1.25,
      totalDurationMs: 1_500,
      modelUsage: {
        haiku: { tokens: 100, cost: 0.5, sessions: 0 },
        opus: { tokens: 100, cost: 0.5, sessions: 2 },
        unknown: { tokens: 77, cost: 0.25, sessions: 1 },
      },
    });
  });

  test("of nobody's sessions is zero", async () => {
    const reader = await newReader();
    expect(statsSchema.parse(await reader.get("/api/stats"))).toEqual({
      ...{ sessionCount: 0, messageCount: 0, totalTokens: 0, totalCost: 0, totalDurationMs: 0, modelUsage: {} },
    });
  });
});
