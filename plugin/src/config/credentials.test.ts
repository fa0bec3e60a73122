import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clearCredentials, readCredentials, writeCredentials } from "./credentials.ts";

const url = "https://opensync.example.com";
const apiKey = "os_0123456789abcdef0123456789abcdef";
let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opensync-credentials-"));
  file = join(home, ".opensync/credentials.json");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const save = (text: string) => {
  mkdirSync(join(home, ".opensync"), { recursive: true });
  writeFileSync(file, text);
};

test("what is written is read again, by nobody but the owner, and nothing is left beside it", async () => {
  mkdirSync(join(home, ".opensync"));
  chmodSync(join(home, ".opensync"), 0o755);
  await writeCredentials({ HOME: home }, { url, apiKey });
  expect(await readCredentials({ HOME: home })).toMatchObject({ url, apiKey });
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ url, apiKey });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, ".opensync")).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(home, ".opensync"))).toEqual(["credentials.json"]);
});

test.each([
  { name: "version 1", text: JSON.stringify({ convexUrl: url, apiKey }), env: {}, found: { url, apiKey } },
  {
    name: "both names, where the new one counts",
    text: JSON.stringify({ convexUrl: "x", url, apiKey }),
    env: {},
    found: { url, apiKey },
  },
  { name: "unknown members", text: JSON.stringify({ url, apiKey, colour: 1 }), env: {}, found: { url, apiKey } },
  {
    name: "the environment first",
    text: JSON.stringify({ url, apiKey }),
    env: { OPENSYNC_URL: "u", OPENSYNC_API_KEY: "k" },
    found: { url: "u", apiKey: "k" },
  },
  {
    name: "half from the environment",
    text: JSON.stringify({ url }),
    env: { OPENSYNC_API_KEY: "k" },
    found: { url, apiKey: "k" },
  },
  {
    name: "an empty variable is none",
    text: JSON.stringify({ url, apiKey }),
    env: { OPENSYNC_URL: "" },
    found: { url, apiKey },
  },
])("credentials are found: $name", async ({ text, env, found }) => {
  save(text);
  expect(await readCredentials({ HOME: home, ...env })).toMatchObject(found);
});

test.each(["{}", JSON.stringify({ url }), JSON.stringify({ apiKey }), JSON.stringify({ url: "", apiKey: "" })])(
  "nobody is signed in with %s",
  async (text) => {
    save(text);
    expect(await readCredentials({ HOME: home })).toBeUndefined();
  },
);

test.each(["{half", "[]", JSON.stringify({ url, apiKey: 7 })])(
  "a damaged file is named, not quoted: %s",
  async (text) => {
    save(text);
    const failure = readCredentials({ HOME: home });
    await expect(failure).rejects.toMatchObject({ kind: "config", hint: "Write it anew with: opencode-sync login" });
    await expect(failure).rejects.toThrow(`${file} is not valid`);
  },
);

test("OPENSYNC_HOME moves the folder", async () => {
  await writeCredentials({ OPENSYNC_HOME: join(home, "elsewhere") }, { url, apiKey });
  expect(readdirSync(home)).toEqual(["elsewhere"]);
});

test("clearing says whether there was something", async () => {
  await writeCredentials({ HOME: home }, { url, apiKey });
  expect(await clearCredentials({ HOME: home })).toBe(true);
  expect(await clearCredentials({ HOME: home })).toBe(false);
  expect(await readCredentials({ HOME: home })).toBeUndefined();
});
