import { expect, test } from "vitest";
import { relativeToProject } from "./project-path.ts";
import { summariseTool } from "./tool-summary.ts";

const todo = (content: string, status: string) => ({ content, status });

test.each<{ name: string; args: unknown; title?: string; summary: string }>([
  { name: "a command", args: { command: "npm test", description: "Run the tests" }, summary: "npm test" },
  { name: "a command of several words", args: { command: ["git", "log"] }, summary: "git log" },
  { name: "a command of several lines", args: { command: "a \\\n  b" }, summary: "a \\ b" },
  { name: "a file", args: { filePath: "src/a.ts", oldString: "x" }, summary: "src/a.ts" },
  { name: "a pattern in a folder", args: { pattern: "TODO", path: "src" }, summary: "TODO in src" },
  { name: "a pattern anywhere", args: { pattern: "TODO" }, summary: "TODO" },
  { name: "an address", args: { url: "https://example.com", format: "text" }, summary: "https://example.com" },
  { name: "a sub-agent's task", args: { description: "Find callers", prompt: "long" }, summary: "Find callers" },
  {
    name: "a plan with something in progress",
    args: { todos: [todo("a", "completed"), todo("b", "in_progress"), todo("c", "pending")] },
    summary: "b (1/3 done)",
  },
  { name: "a finished plan", args: { todos: [todo("a", "completed")] }, summary: "1/1 done" },
  { name: "unknown arguments", args: { depth: 3, label: "hello" }, summary: "hello" },
  {
    name: "the agent's title instead of unknown arguments",
    args: { depth: 3 },
    title: "Looks around",
    summary: "Looks around",
  },
  { name: "text", args: "ls -la", summary: "ls -la" },
  { name: "no arguments", args: {}, summary: "" },
  { name: "null", args: null, title: "t", summary: "t" },
  { name: "a list", args: [1, 2], summary: "" },
])("the summary of $name", ({ args, title = "", summary }) => {
  expect(summariseTool(args, title)).toBe(summary);
});

test("a summary is short, however long the argument", () => {
  expect(summariseTool({ command: "x".repeat(10_000) }, "").length).toBeLessThan(310);
});

test.each([
  ["/home/dev/api/src/a.ts", "/home/dev/api", "src/a.ts"],
  ["cat /home/dev/api/a /home/dev/api/b", "/home/dev/api/", "cat a b"],
  ["/home/dev/api-2/a.ts", "/home/dev/api", "/home/dev/api-2/a.ts"],
  ["/etc/hosts", "", "/etc/hosts"],
])("%s in %s is %s", (line, folder, shown) => {
  expect(relativeToProject(line, folder)).toBe(shown);
});
