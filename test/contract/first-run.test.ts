import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PocketBase from "pocketbase";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { superuser } from "../support/pocketbase.ts";
import { type ServerOptions, startServer, type TestServer } from "../support/server.ts";
import { setupLinks } from "../support/setup-link.ts";

const owner = { OPENSYNC_EMAIL: "owner@example.com", OPENSYNC_PASSWORD: "correct horse battery" };

let dataDir: string;
let server: TestServer | undefined;

// An empty folder, as on a machine that never saw OpenSync, where the other tests start from a migrated one.
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "opensync-first-run-"));
  server = undefined;
});
afterEach(async () => {
  await server?.kill();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(options: ServerOptions = {}): Promise<TestServer> {
  await server?.kill();
  server = await startServer({ ...options, dataDir });
  return server;
}

describe("the first start on an empty folder", () => {
  test("prints one setup link, with its token in the fragment, and no link of PocketBase's", async () => {
    const { url, output } = await start();
    const links = setupLinks(output());
    expect(links).toHaveLength(1);
    expect(links[0]).toMatch(new RegExp(`^${url}/setup#token=[0-9A-Za-z]{43}$`));
    expect(output()).not.toMatch(/pbinstall|superuser upsert|superuser@/);
  });

  test("puts the public address into the link", async () => {
    const { output } = await start({ env: { OPENSYNC_URL: "https://box.example.com/opensync/" } });
    expect(setupLinks(output())[0]).toMatch(/^https:\/\/box\.example\.com\/opensync\/setup#token=/);
  });

  test("makes a superuser whom nobody can be", async () => {
    const { url, query } = await start();
    expect(query("SELECT email FROM _superusers")).toEqual([{ email: "superuser@opensync.invalid" }]);
    for (const password of ["", "superuser", "password", "opensync", superuser.password]) {
      const signIn = new PocketBase(url)
        .collection("_superusers")
        .authWithPassword("superuser@opensync.invalid", password);
      await expect(signIn).rejects.toThrow();
    }
  });

  test("makes the owner of the environment before the server answers, and prints no link", async () => {
    const { url, output, query } = await start({ env: owner });
    expect(query("SELECT email, role, verified FROM users")).toEqual([
      { email: "owner@example.com", role: "owner", verified: 1 },
    ]);
    expect(output()).not.toContain("#token=");
    const users = new PocketBase(url).collection("users");
    const { record } = await users.authWithPassword(owner.OPENSYNC_EMAIL, owner.OPENSYNC_PASSWORD);
    expect(record["role"]).toBe("owner");
  });
});

describe("a later start", () => {
  test("prints another link as long as there is no account", async () => {
    const first = setupLinks((await start()).output());
    const second = setupLinks((await start()).output());
    expect(second).toHaveLength(1);
    expect(second).not.toEqual(first);
  });

  test("leaves an account alone, whatever the environment says", async () => {
    await start({ env: owner });
    const { url, output, query } = await start({
      env: { OPENSYNC_EMAIL: "other@example.com", OPENSYNC_PASSWORD: "x" },
    });
    expect(query("SELECT email FROM users")).toEqual([{ email: "owner@example.com" }]);
    expect(output()).not.toContain("#token=");
    await new PocketBase(url).collection("users").authWithPassword(owner.OPENSYNC_EMAIL, owner.OPENSYNC_PASSWORD);
  });

  test("makes no second superuser", async () => {
    const [first] = (await start()).query("SELECT id, password FROM _superusers");
    expect((await start()).query("SELECT id, password FROM _superusers")).toEqual([first]);
  });
});

describe("settings", () => {
  async function settings(env: Record<string, string>): Promise<Record<string, unknown>> {
    const { query } = await start({ env });
    const [row] = query<{ value: string }>("SELECT CAST(value AS TEXT) AS value FROM _params WHERE id = 'settings'");
    return JSON.parse(row?.value ?? "{}");
  }

  test("name the application and its address", async () => {
    const { meta } = await settings({ OPENSYNC_URL: "https://box.example.com/" });
    expect(meta).toMatchObject({ appName: "OpenSync", appURL: "https://box.example.com" });
  });

  test("trust the headers that are named, and keep them when the name is gone", async () => {
    expect((await settings({}))["trustedProxy"]).toMatchObject({ headers: [] });
    const named = { headers: ["X-Forwarded-For", "X-Real-IP"] };
    expect((await settings({ OPENSYNC_TRUSTED_PROXY: "X-Forwarded-For, X-Real-IP" }))["trustedProxy"]).toMatchObject(
      named,
    );
    expect((await settings({}))["trustedProxy"]).toMatchObject(named);
  });

  test("leave the batch API off, and limit what sends mail and what could be guessed", async () => {
    const { batch, rateLimits } = await settings({});
    expect({ batch, rateLimits }).toMatchObject({ batch: { enabled: false }, rateLimits: { enabled: true } });
    expect(JSON.stringify(rateLimits)).toContain(
      '{"label":"*:requestPasswordReset","audience":"","duration":300,"maxRequests":5}',
    );
    // Nothing that a sync or a dashboard asks for.
    expect(JSON.stringify(rateLimits)).not.toMatch(/sync|:list|:view|"\/"|\/api/);
  });
});

describe("an impossible environment ends the start with the reason", () => {
  const cases: [name: string, env: Record<string, string>, reason: string][] = [
    ["a short password", { ...owner, OPENSYNC_PASSWORD: "short" }, "password: expected 10 to 71 characters, got 5"],
    ["a bad address", { ...owner, OPENSYNC_EMAIL: "owner" }, "email: must be a valid email address"],
    [
      "a password alone",
      { OPENSYNC_PASSWORD: owner.OPENSYNC_PASSWORD },
      "needs both OPENSYNC_EMAIL and OPENSYNC_PASSWORD",
    ],
    ["an address alone", { OPENSYNC_EMAIL: owner.OPENSYNC_EMAIL }, "needs both OPENSYNC_EMAIL and OPENSYNC_PASSWORD"],
    ["an address that is no URL", { OPENSYNC_URL: "box.example.com" }, "OPENSYNC_URL must be the address"],
    [
      "a URL with a password",
      { OPENSYNC_URL: "https://me:secret@box.example.com" },
      "OPENSYNC_URL must be the address",
    ],
    [
      "a proxy's address for its header",
      { OPENSYNC_TRUSTED_PROXY: "10.0.0.1" },
      "OPENSYNC_TRUSTED_PROXY must name the header",
    ],
    [
      "no requests for a key",
      { OPENSYNC_REQUESTS_PER_KEY: "0" },
      "OPENSYNC_REQUESTS_PER_KEY must be how many requests",
    ],
  ];
  test.each(cases)("%s", async (_name, env, reason) => {
    const error = await start({ env }).then(
      () => "it started",
      (cause: Error) => cause.message,
    );
    expect(error).toContain("ended with code 1");
    expect(error).toContain(reason);
    for (const secret of ["secret", owner.OPENSYNC_PASSWORD]) expect(error).not.toContain(secret);
  });
});

test("no file and no output holds a secret of the first run", async () => {
  const { output, stop } = await start();
  const token = setupLinks(output())[0]?.split("#token=")[1] ?? "";
  expect(output().split(token)).toHaveLength(2);
  await stop();
  expect(filesHolding(token)).toEqual([]);
  const second = await start({ env: owner });
  await second.stop();
  expect(second.output()).not.toContain(owner.OPENSYNC_PASSWORD);
  expect(filesHolding(owner.OPENSYNC_PASSWORD)).toEqual([]);
});

function filesHolding(secret: string): string[] {
  const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((file) => readFileSync(file).includes(secret));
}
