import { expect, test } from "vitest";
import { isPlaceholderTitle, titleFromPrompt } from "./placeholder-title.ts";

test.each(["New session - 2026-11-21T00:42:13.195Z", "Child session - 2025-01-02T03:04:05.678Z", "", null, undefined])(
  "%j says nothing",
  (title) => {
    expect(isPlaceholderTitle(title)).toBe(true);
  },
);

test.each(["Fix the login", "New session - tomorrow", "Re: New session - 2026-11-21T00:42:13.195Z"])(
  "%j is a title",
  (title) => {
    expect(isPlaceholderTitle(title)).toBe(false);
  },
);

test.each([
  { name: "nothing", prompt: undefined, title: undefined },
  { name: "white space", prompt: " \n\t", title: undefined },
  { name: "its first line that says something", prompt: "\n  Fix the login  \nIt fails.", title: "Fix the login" },
  { name: "exact limit", prompt: "x".repeat(100), title: "x".repeat(100) },
  { name: "limit plus one", prompt: "x".repeat(101), title: `${"x".repeat(99)}…` },
  { name: "whole characters", prompt: "🙂".repeat(101), title: `${"🙂".repeat(99)}…` },
])("the title of a prompt is $name", ({ prompt, title }) => {
  expect(titleFromPrompt(prompt)).toBe(title);
});
