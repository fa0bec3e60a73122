import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FileReply, type FileServer, serveFiles } from "../test/support/file-server.ts";
import { formatTable, tableFile } from "./prices/price-table.mjs";
import { refreshFile } from "./refresh-prices.mjs";

const TODAY = "2026-12-01";

const opus = { cost: { input: 5, output: 25, cache_read: 0.5, cache_write: 6.25 } };
const LIST = {
  anthropic: { models: { "claude-opus-4-8": opus } },
  google: {
    models: {
      "gemini-3-pro": { cost: { input: 2, output: 12, tiers: [{ tier: { size: 200_000 }, input: 4, output: 18 }] } },
      "gemini-2-pro": { cost: { input: 1, output: 9, context_over_200k: { input: 2, output: 14 } } },
      "gemini-speech": { cost: { input: 1, output: 9 }, modalities: { output: ["audio"] } },
      gemma: { cost: { input: 0, output: 0 } },
    },
  },
  openai: {
    models: {
      "gpt-5.5": {
        cost: { input: 5, output: 30, cache_read: 0.5 },
        experimental: {
          modes: { fast: { cost: { input: 12.5, output: 75 }, provider: { body: { service_tier: "priority" } } } },
        },
      },
      "text-embedding-3-small": { cost: { input: 0.02, output: 0 } },
    },
  },
  alibaba: { models: { "qwen-plus": { cost: { input: 0.4, output: 1.2, reasoning: 4 } } } },
  "somebody-else": { models: { "gpt-5.5": { cost: { input: 99, output: 99 } } } },
};

const START = formatTable({
  date: "2026-11-01",
  unit: "",
  sources: [{ name: "a person", url: "https://example.com", license: "MIT", date: "2026-11-01" }],
  rates: [
    { provider: "anthropic", model: "claude-opus-3", input: 15, output: 75 },
    { provider: "anthropic", model: "claude-opus-4-8", input: 6, output: 25, cacheRead: 0.5 },
    { provider: "openai", model: "gpt-5.5", input: 5, output: 30 },
  ],
});

let folder = "";
let file = "";
const servers: FileServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-prices-"));
  file = join(folder, "table.json");
  writeFileSync(file, START);
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

async function refreshFrom(reply: FileReply) {
  const server = await serveFiles({ "/api.json": reply });
  servers.push(server);
  return refreshFile({ file, url: `${server.url}/api.json`, today: TODAY });
}

const table = () => JSON.parse(readFileSync(file, "utf8"));

test("takes new models, begins a new price where a figure changed, completes what was not known, keeps what is gone", async () => {
  const changes = await refreshFrom(JSON.stringify(LIST));
  expect(changes).toEqual([
    "~ anthropic/claude-opus-4-8: 6/25/0.5/-/- -> 5/25/0.5/6.25/10",
    "+ google/gemini-3-pro: 2/12/-/-/-",
    "+ google/gemini-3-pro above 200000: 4/18/-/-/-",
    "+ google/gemini-2-pro: 1/9/-/-/-",
    "+ google/gemini-2-pro above 200000: 2/14/-/-/-",
    "~ openai/gpt-5.5: 5/30/-/-/- completed to 5/30/0.5/-/-",
    "+ openai/gpt-5.5 (fast): 12.5/75/-/-/-",
    "+ openai/gpt-5.5 (priority): 12.5/75/-/-/-",
  ]);
  const { date, sources, rates } = table();
  expect(date).toBe(TODAY);
  expect(sources.map(({ name, date }: { name: string; date: string }) => `${name} ${date}`)).toEqual([
    "a person 2026-11-01",
    `models.dev ${TODAY}`,
  ]);
  expect(rates).toEqual([
    { provider: "anthropic", model: "claude-opus-3", input: 15, output: 75 },
    { provider: "anthropic", model: "claude-opus-4-8", input: 6, output: 25, cacheRead: 0.5 },
    {
      ...{ provider: "anthropic", model: "claude-opus-4-8", from: TODAY },
      ...{ input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25, cacheWrite1h: 10 },
    },
    { provider: "google", model: "gemini-2-pro", input: 1, output: 9 },
    { provider: "google", model: "gemini-2-pro", above: 200_000, input: 2, output: 14 },
    { provider: "google", model: "gemini-3-pro", input: 2, output: 12 },
    { provider: "google", model: "gemini-3-pro", above: 200_000, input: 4, output: 18 },
    { provider: "openai", model: "gpt-5.5", input: 5, output: 30, cacheRead: 0.5 },
    { provider: "openai", model: "gpt-5.5", tier: "fast", input: 12.5, output: 75 },
    { provider: "openai", model: "gpt-5.5", tier: "priority", input: 12.5, output: 75 },
  ]);
});

test("gives the same file for the same answer, whatever the order of its members, and writes nothing the second time", async () => {
  await refreshFrom(JSON.stringify(LIST));
  const written = () => readFileSync(file, "utf8").replaceAll(/:\d+\/api/g, "/api");
  const first = written();
  expect(await refreshFrom(JSON.stringify(LIST))).toEqual([]);
  writeFileSync(file, START);
  const reversed = Object.fromEntries(Object.entries(LIST).reverse());
  await refreshFrom(JSON.stringify(reversed));
  expect(written()).toBe(first);
});

test("says where it could not get the list, and what to do", async () => {
  const gone = await serveFiles({});
  await gone.stop();
  await expect(refreshFile({ file, url: `${gone.url}/api.json`, today: TODAY })).rejects.toMatchObject({
    message: expect.stringMatching(
      /\/api\.json could not be fetched \(.*ECONNREFUSED\)\. The price table stays as it was\./,
    ),
    hint: expect.stringContaining("Check the network"),
  });
  expect(readFileSync(file, "utf8")).toBe(START);
});

describe("leaves the file alone when the answer is", () => {
  const withOpus = (value: unknown) => JSON.stringify({ ...LIST, anthropic: { models: { "claude-opus-4-8": value } } });
  test.for<readonly [string, FileReply, string]>([
    ["an error", (_, response) => response.writeHead(500).end("{}"), "answered 500"],
    ["a page", "<html>maintenance</html>", "answered no JSON: <html>"],
    ["cut off", JSON.stringify(LIST).slice(0, -20), "answered no JSON"],
    ["broken off", (_, response) => response.write("{", () => response.destroy()), "terminated"],
    ["something else", "[]", "the answer: expected an object"],
    ["empty", "{}", "the answer has no anthropic"],
    ["without models", JSON.stringify({ ...LIST, openai: {} }), "models of openai: expected an object"],
    [
      "with a negative price",
      withOpus({ cost: { input: -5, output: 25 } }),
      "claude-opus-4-8 input: expected a number",
    ],
    [
      "with a price per token",
      withOpus({ cost: { input: "0.000005", output: 25 } }),
      "expected a number from 0 to 10000",
    ],
    ["with a price in cents", withOpus({ cost: { input: 5, output: 250_000 } }), "output: expected a number from 0 to"],
    ["without a price of output", withOpus({ cost: { input: 5 } }), "claude-opus-4-8 output: expected a number"],
    [
      "with two models of one name",
      JSON.stringify({ ...LIST, openai: { models: { "gpt-4.1": opus, "gpt-4-1": opus } } }),
      "would be the same name",
    ],
  ])("%s", async ([, reply, message]) => {
    await expect(refreshFrom(reply)).rejects.toThrow(message);
    expect(readFileSync(file, "utf8")).toBe(START);
    expect(readdirSync(folder)).toEqual(["table.json"]);
  });
});

test("the shipped table is written as the script writes it, names its sources, and has the models that agents use", () => {
  const text = readFileSync(tableFile, "utf8");
  const shipped = JSON.parse(text);
  expect(formatTable(shipped)).toBe(text);
  expect(shipped.date).toMatch(/^2026-\d\d-\d\d$/);
  expect(shipped.sources.length).toBeGreaterThan(0);
  const count = (provider: string) =>
    shipped.rates.filter((rate: { provider: string }) => rate.provider === provider).length;
  for (const provider of [
    "alibaba",
    "anthropic",
    "deepseek",
    "google",
    "mistral",
    "moonshotai",
    "openai",
    "xai",
    "zai",
  ]) {
    expect(count(provider), provider).toBeGreaterThan(3);
  }
});
