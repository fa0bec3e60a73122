import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { tableFile } from "../../scripts/prices/price-table.mjs";
import { candidatesOf } from "./names.ts";

const table = z
  .object({ rates: z.array(z.object({ provider: z.string(), model: z.string() })) })
  .parse(JSON.parse(readFileSync(tableFile, "utf8")));
const listed = new Set(
  table.rates.map(({ provider, model }) => `${provider}/${model.toLowerCase().replaceAll(".", "-")}`),
);

/** What the list has for a name, looked up as plainly as possible. */
function found(provider: string, model: string): string | undefined {
  const candidates = candidatesOf(provider, model);
  if (!candidates) return undefined;
  const isSeller = (name: string) =>
    candidates.providers.length === 0 || candidates.providers.includes(name.split("/")[0] ?? "");
  for (const name of candidates.models) {
    const matches = [...listed].filter((each) => each.endsWith(`/${name}`) && isSeller(each));
    if (matches.length > 0) return matches.length === 1 ? matches[0] : undefined;
  }
  return undefined;
}

type Case = readonly [provider: string, model: string, found: string | undefined];

const FOUND: readonly Case[] = [
  ["anthropic", "claude-opus-4-8", "anthropic/claude-opus-4-8"],
  ["Anthropic", " Claude-Opus-4-8 ", "anthropic/claude-opus-4-8"],
  ["", "claude-opus-4-8", "anthropic/claude-opus-4-8"],
  ["anthropic", "claude-opus-4.8", "anthropic/claude-opus-4-8"],
  ["anthropic", "claude-opus-4-8[1m]", "anthropic/claude-opus-4-8"],
  ["anthropic", "claude-sonnet-4-6-20260115", "anthropic/claude-sonnet-4-6"],
  ["anthropic", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5-20250929"],
  ["", "anthropic/claude-opus-4.8:thinking", "anthropic/claude-opus-4-8"],
  ["openrouter", "anthropic/claude-opus-4.8", "anthropic/claude-opus-4-8"],
  ["", "openrouter/anthropic/claude-opus-4.8", "anthropic/claude-opus-4-8"],
  ["github-copilot", "claude-opus-4.8", "anthropic/claude-opus-4-8"],
  ["amazon-bedrock", "anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5-20250929"],
  ["amazon-bedrock", "global.anthropic.claude-opus-4-8-v1:0", "anthropic/claude-opus-4-8"],
  ["google-vertex-anthropic", "claude-opus-4-5@20251101", "anthropic/claude-opus-4-5"],
  ["openai", "gpt-5.5", "openai/gpt-5-5"],
  ["openai", "gpt-5.5-2026-04-23", "openai/gpt-5-5"],
  ["openai", "gpt-4o-2024-05-13", "openai/gpt-4o-2024-05-13"],
  ["azure", "gpt-5.5", "openai/gpt-5-5"],
  ["google", "models/gemini-2.5-pro", "google/gemini-2-5-pro"],
  ["moonshot", "kimi-k2.6", "moonshotai/kimi-k2-6"],
  ["z-ai", "glm-5.2", "zai/glm-5-2"],
  ["minimax", "MiniMax-M3", "minimax/minimax-m3"],
];

const NOT_FOUND: readonly Case[] = [
  ["anthropic", "claude-sonnet-5-5-mini", undefined],
  ["anthropic", "claude-opus-4-88", undefined],
  ["anthropic", "claude-opus-4", undefined],
  ["anthropic", "opus-4-8", undefined],
  ["anthropic", "my-claude-opus-4-8", undefined],
  ["anthropic", "claude-opus-4-8-20261399", undefined],
  ["openai", "gpt-5.5-turbo", undefined],
  ["openai", "gpt-5.55", undefined],
  ["openai", "ft:gpt-4o:acme::abc", undefined],
  ["openai", "claude-opus-4-8", undefined],
  ["openai", "anthropic/claude-opus-4-8", undefined],
  ["openrouter", "deepseek/deepseek-v4-pro", undefined],
  ["openrouter", "anthropic/claude-opus-4.8:free", undefined],
  ["groq", "qwen3-max", undefined],
  ["ollama", "deepseek-v4-pro:latest", undefined],
  ["amazon-bedrock", "us.anthropic.claude-opus-4-8-v1:0", undefined],
  ["", "", undefined],
  ["anthropic", "<synthetic>", undefined],
  ["cursor", "default", undefined],
  ["", "/", undefined],
  ["", "x".repeat(201), undefined],
];

describe("a name that agents use is found", () => {
  test.for(FOUND)("%s %s", ([provider, model, expected]) => expect(found(provider, model)).toBe(expected));
});

describe("a name that only resembles one has no price", () => {
  test.for(NOT_FOUND)("%s %s", ([provider, model, expected]) => expect(found(provider, model)).toBe(expected));
});

test("no two makers of the list have a model of the same name, so that a name without a provider means one", () => {
  const names = [...listed].map((name) => name.slice(name.indexOf("/") + 1));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
