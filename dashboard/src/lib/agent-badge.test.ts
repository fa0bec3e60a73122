import { expect, test } from "vitest";
import { agentBadge } from "./agent-badge.ts";

test("a known agent has its name and colour", () => {
  expect(agentBadge("claude-code")).toEqual({ code: "CC", name: "Claude Code", tone: "amber" });
});

test("an unknown agent keeps its own name, in grey", () => {
  expect(agentBadge("my-agent")).toEqual({ code: "MY", name: "my-agent", tone: "grey" });
});

test("no agent at all is not taken for any", () => {
  expect(agentBadge("")).toMatchObject({ name: "unknown agent", tone: "grey" });
});
