import { MIN_PASSWORD_LENGTH, setupAnswerSchema } from "@opensync/client";
import PocketBase from "pocketbase";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type ApiScenario, runScenario, testScenarios } from "../support/api-scenario.ts";
import { createUser, startServer, type TestServer } from "../support/server.ts";
import { setupLinks, setupToken } from "../support/setup-link.ts";
import { sharedServer } from "../support/shared.ts";

const password = "correct horse battery";

function claimBody(server: TestServer, overrides: Record<string, unknown>): Record<string, unknown> {
  return { token: setupToken(server), email: "owner@example.com", password, ...overrides };
}

describe("the setup link", () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.stop());

  /** A request that would make the first account. */
  const claim = (overrides: Record<string, unknown> = {}): ApiScenario => ({
    ...{ name: "claims the server", url: "/api/setup", body: claimBody(server, overrides) },
    ...{ status: 201, rows: { users: 1 } },
  });

  test("creates the owner and signs in as PocketBase does", async () => {
    const answer = await runScenario(server, claim({ name: "Ada" }));
    const { token, record } = setupAnswerSchema.parse(JSON.parse(answer.text));
    expect(record).toMatchObject({ email: "owner@example.com", name: "Ada", role: "owner", collectionName: "users" });
    expect(Object.keys(record)).not.toContain("password");
    expect(Object.keys(record)).not.toContain("tokenKey");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");

    const client = new PocketBase(server.url);
    client.authStore.save(token);
    expect((await client.collection("users").authRefresh()).record.id).toBe(record.id);
    const signedIn = await new PocketBase(server.url)
      .collection("users")
      .authWithPassword("owner@example.com", password);
    expect(signedIn.record.id).toBe(record.id);
  });

  test("works once", async () => {
    const first = claim();
    await runScenario(server, first);
    await runScenario(server, { ...first, status: 410, contains: ["sign in instead"], rows: {} });
    await runScenario(server, { ...claim({ email: "second@example.com" }), status: 410, rows: {} });
  });

  test("of many who open the link at the same moment one becomes the owner", async () => {
    const token = setupToken(server);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        fetch(`${server.url}/api/setup`, {
          method: "POST",
          body: JSON.stringify({ token, email: `racer-${n}@example.com`, password }),
        }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 410, 410, 410, 410, 410, 410, 410]);
    expect(server.query("SELECT role FROM users")).toEqual([{ role: "owner" }]);
  });

  test("the link is void as soon as an account exists, however it was made", async () => {
    const request = claim();
    await createUser(server);
    await runScenario(server, { ...request, status: 410, contains: ["already has an account"], rows: {} });
  });

  test("a refused request does not use the link up", async () => {
    await runScenario(server, { ...claim({ password: "short" }), status: 400, rows: {} });
    await runScenario(server, claim());
  });

  test("a restart without accounts prints a new link and voids the old one", async () => {
    const old = claim();
    const { dataDir } = server;
    await server.kill();
    server = await startServer({ dataDir });
    const [link] = setupLinks(server.output());
    expect(link).toBeDefined();
    await runScenario(server, { ...old, status: 401, contains: ["restart it and open that link"], rows: {} });
    await runScenario(server, claim());
  });
});

describe("a request that is refused", () => {
  const server = sharedServer();
  const refused = (name: string, overrides: Record<string, unknown>, status: number, text: string): ApiScenario => ({
    name,
    url: "/api/setup",
    body: () => claimBody(server, overrides),
    status,
    contains: [text],
    notContains: () => [setupToken(server), password],
  });
  testScenarios(server, [
    refused("a wrong token is refused and told how to get a new link", { token: "x".repeat(43) }, 401, "restart it"),
    refused("no token is refused like a wrong one", { token: null }, 401, "restart it"),
    refused(
      "a wrong token with a bad password says nothing about the password",
      { token: "x", password: "1" },
      401,
      "restart it",
    ),
    refused(
      "a password of 9 characters is too short",
      { password: "p".repeat(MIN_PASSWORD_LENGTH - 1) },
      400,
      "password: expected 10 to 71 characters, got 9",
    ),
    refused(
      "a password of 72 characters is too long",
      { password: "p".repeat(72) },
      400,
      "password: expected 10 to 71",
    ),
    refused("no password is refused", { password: null }, 400, "password: expected 10 to 71 characters, got 0"),
    refused("an address without @ is refused", { email: "owner" }, 400, "email: must be a valid email address"),
    refused("no address is refused", { email: "" }, 400, "email: expected the address to sign in with"),
    refused("a number as password is refused", { password: 1234567890 }, 400, "password: expected text, got integer"),
    refused(
      "a name of 201 characters is refused",
      { name: "n".repeat(201) },
      400,
      "name: expected at most 200 characters",
    ),
    {
      name: "a body that is not JSON is refused",
      url: "/api/setup",
      body: "{",
      status: 400,
      contains: ["not valid JSON"],
    },
    {
      name: "a list is refused",
      url: "/api/setup",
      body: "[]",
      status: 400,
      contains: ["must be a JSON object, got array"],
    },
    { name: "3 MB of [ are too large", url: "/api/setup", body: "[".repeat(3e6), status: 413, contains: ["64 KiB"] },
    {
      name: "60 kB of [ are refused",
      url: "/api/setup",
      body: "[".repeat(6e4),
      status: 400,
      contains: ["not valid JSON"],
    },
    { name: "there is nothing to read", url: "/api/setup", status: 404, contains: ["no route GET /api/setup"] },
  ]);
});
