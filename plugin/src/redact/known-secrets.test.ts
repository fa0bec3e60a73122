import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { secretFiles } from "../sources/opencode/secret-files.ts";
import { KnownSecrets } from "./known-secrets.ts";
import { machineSecrets } from "./machine-secrets.ts";
import { maskText } from "./mask-text.ts";
import { random } from "./testing/planted.ts";

let home: string;
let project: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opensync-secrets-"));
  project = join(home, "work/shop/app");
  mkdirSync(join(home, "work/shop/.git"), { recursive: true });
  mkdirSync(project, { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}

async function masked(text: string, env: Record<string, string> = {}, folder = project) {
  const finder = await machineSecrets({ HOME: home, ...env }).finderFor(folder || undefined, []);
  return maskText(text, [finder]);
}

describe("the environment", () => {
  test.each([
    ["OPENAI_API_KEY", "plain-4711-key"],
    ["MY_SECRET", "supersecretvalue"],
    ["DB_PASSWORD", "correct-horse-1"],
    ["GITHUB_TOKEN", "tok_4711abcd"],
    ["GITHUB_TOKEN_WORK", "tok_4711abcd"],
    ["SMTP_PASS", "hunter2hunter2"],
    ["STRIPE_KEY", "key4711xyz"],
    ["SECRET_KEY_BASE", "a1b2c3d4e5"],
  ])("%s is a secret", async (name, value) => {
    expect(await masked(`<${value}>`, { [name]: value })).toBe(`<[redacted:${name}]>`);
  });

  test.each([
    ["a word", "MY_SECRET", "production"],
    ["two words", "AUTH_TOKEN", "storefront-api"],
    ["a path", "API_KEY", "/home/dev/keys/api.key"],
    ["a file", "TOKEN", "./token.json"],
    ["a number", "TOKEN", "1234567890"],
    ["a date", "SECRET", "2026-11-25"],
    ["an address without password", "SECRET", "https://example.com/path"],
    ["another variable", "API_KEY", "$OTHER_KEY_NAME"],
    ["short", "PASSWORD", "hunter2"],
    ["a name that only speaks of one", "TOKEN_FILE", "my-file-4711"],
    ["a limit", "MAX_TOKENS", "4711-4711-x"],
    ["an id", "CLIENT_ID", "client-4711-abc"],
    ["a public key", "PUBLIC_KEY", "MIGf4711abcd"],
    ["any other name", "HOSTNAME", "host-4711-abc"],
  ])("%s is none: %s=%s", async (_, name, value) => {
    expect(await masked(`<${value}>`, { [name]: value })).toBe(`<${value}>`);
  });

  test("of an address only the password is, also decoded", async () => {
    const env = { DATABASE_URL: "postgres://app:p%40ss4711word@db/shop" };
    expect(await masked("p%40ss4711word p@ss4711word app db shop", env)).toBe(
      "[redacted:DATABASE_URL] [redacted:DATABASE_URL] app db shop",
    );
  });

  test("JSON in a variable is looked into", async () => {
    const env = { OPENCODE_AUTH_CONTENT: '{"mock":{"type":"api","key":"plain-4711-key"}}' };
    expect(await masked("plain-4711-key api", env)).toBe("[redacted:OPENCODE_AUTH_CONTENT] api");
  });

  test("a value that is part of the project's path is no secret: the path stands in fields that nobody masks", async () => {
    const folder = join(home, "work/shop/app-4711-x");
    mkdirSync(folder);
    expect(await masked(`cd ${folder}`, { MY_SECRET: "app-4711-x" }, folder)).toBe(`cd ${folder}`);
  });
});

describe(".env files", () => {
  test("of the project's folder and its parents count, up to the root of the checkout", async () => {
    write("work/shop/app/.env", "A_TOKEN=value-in-app-1\n");
    write("work/shop/app/.env.local", "export B_TOKEN='value-in-local-2' # comment\n");
    write("work/shop/.env.production", 'C_TOKEN="value-in-root-3"\n');
    write("work/shop/.envrc", "export D_TOKEN=value-in-envrc-4\n");
    write("work/shop/app/.env.example", "E_TOKEN=value-in-example-5\n");
    write("work/.env", "F_TOKEN=value-above-6\n");
    const text = "value-in-app-1 value-in-local-2 value-in-root-3 value-in-envrc-4 value-in-example-5 value-above-6";
    expect(await masked(text)).toBe(
      "[redacted:A_TOKEN] [redacted:B_TOKEN] [redacted:C_TOKEN] [redacted:D_TOKEN] value-in-example-5 value-above-6",
    );
    expect(await masked(text, {}, "")).toBe(text);
  });

  test("outside of a checkout only the folder itself counts", async () => {
    write("alone/.env", "A_TOKEN=value-here-1\n");
    write("alone/below/.env", "B_TOKEN=value-below-2\n");
    expect(await masked("value-here-1 value-below-2", {}, join(home, "alone/below"))).toBe(
      "value-here-1 [redacted:B_TOKEN]",
    );
  });

  test("quotes, comments, several lines and blanks are understood", async () => {
    write(
      "work/shop/app/.env",
      `# COMMENT_TOKEN=not-a-value-1\nA_SECRET = spaced value 1\nB_SECRET="with \\"quotes\\" 2"\nC_KEY="line one 4711 of it\nline two 4711 of it"\n`,
    );
    expect(await masked('spaced value 1|with "quotes" 2|line two 4711 of it')).toBe(
      "[redacted:A_SECRET]|[redacted:B_SECRET]|[redacted:C_KEY]",
    );
  });
});

describe("OpenCode's files", () => {
  test("every secret of auth.json and mcp-auth.json, and the keys in its configuration", async () => {
    write(
      ".local/share/opencode/auth.json",
      JSON.stringify({
        anthropic: { type: "oauth", refresh: "refresh-4711-a", access: "access-4711-b", expires: 1 },
        openai: { type: "api", key: "key-4711-c" },
        company: { type: "wellknown", key: "COMPANY_TOKEN", token: "token-4711-d" },
      }),
    );
    write(
      ".local/share/opencode/mcp-auth.json",
      JSON.stringify({
        linear: {
          tokens: {
            accessToken: "mcp-access-4711",
            refreshToken: "mcp-refresh-4711",
            expiresAt: 1,
            scope: "read write all",
          },
          clientInfo: { clientId: "client-4711-id", clientSecret: "client-4711-secret" },
          codeVerifier: "verifier-4711",
          serverUrl: "https://mcp.linear.app/sse",
        },
      }),
    );
    write(
      ".config/opencode/opencode.jsonc",
      `{ // keys
        "provider": { "x": { "options": { "baseURL": "https://x.example/v1", "apiKey": "provider-4711" }, "y": { "apiKey": "{env:Y_KEY}" } } },
        "mcp": { "z": { "headers": { "Authorization": "Bearer header-4711-e" }, "environment": { "Z_TOKEN": "mcp-env-4711" } } },
      }`,
    );
    write("work/shop/opencode.json", '{"provider":{"p":{"options":{"apiKey":"project-4711"}}}}');
    const secrets =
      "refresh-4711-a access-4711-b key-4711-c token-4711-d mcp-access-4711 mcp-refresh-4711 client-4711-secret verifier-4711 provider-4711 header-4711-e mcp-env-4711 project-4711";
    const result = await masked(secrets);
    expect(result.split(" ").filter((word) => !/^\[redacted:opencode-(auth|mcp-auth|config)\]$/.test(word))).toEqual(
      [],
    );
    const harmless =
      "oauth COMPANY_TOKEN client-4711-id https://mcp.linear.app/sse https://x.example/v1 read write all";
    expect(await masked(harmless)).toBe(harmless);
  });
});

test("our own key is known from its file", async () => {
  const key = `os_${random.mixed(40)}`;
  write(".opensync/credentials.json", JSON.stringify({ url: "https://box.example", apiKey: key }));
  expect(await masked(key)).toBe("[redacted:opensync-key]");
});

describe("files are kept in memory", () => {
  test("read again when they have changed, and looked at every two seconds at most", async () => {
    let now = 0;
    const known = new KnownSecrets({
      env: { HOME: home },
      files: (folders) => secretFiles({ HOME: home }, folders),
      now: () => now,
    });
    const find = async (text: string) => maskText(text, [await known.finderFor(project, [])]);
    write("work/shop/app/.env", "A_TOKEN=value-number-1\n");
    expect(await find("value-number-1 value-number-22")).toBe("[redacted:A_TOKEN] value-number-22");
    write("work/shop/app/.env", "A_TOKEN=value-number-22\n");
    expect(await find("value-number-1 value-number-22")).toBe("[redacted:A_TOKEN] value-number-22");
    const finder = await known.finderFor(project, []);
    now = 2_001;
    expect(await find("value-number-1 value-number-22")).toBe("value-number-1 [redacted:A_TOKEN]");
    now = 5_000;
    const same = await known.finderFor(project, []);
    now = 8_000;
    expect(same).not.toBe(finder);
    expect(await known.finderFor(project, [])).toBe(same);
  });

  test("a file that cannot be read, or is no settings file at all, stops nothing", async () => {
    write("work/shop/app/.env", `A_TOKEN=value-number-1\n${"x".repeat(300_000)}`);
    write(".local/share/opencode/auth.json", "{ not json");
    write("work/shop/app/.env.local", "B_TOKEN=value-number-2\n");
    chmodSync(join(project, ".env.local"), 0);
    utimesSync(join(project, ".env"), 1, 1);
    mkdirSync(join(project, ".env.d"));
    expect(await masked("nothing to see")).toBe("nothing to see");
    expect(await masked("nothing to see", {}, "/no/such/folder")).toBe("nothing to see");
  });
});
