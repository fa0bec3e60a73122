import { request } from "node:http";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type ApiScenario, testScenarios } from "../support/api-scenario.ts";
import { startInstalledServer } from "../support/installation.ts";
import { sharedServer } from "../support/shared.ts";

const page = "<!doctype html><title>OpenSync</title>";
const script = "export const answer = 42;\n".repeat(100);
const packageBytes = new Uint8Array([31, 139, 8, 0, 1, 2, 3]);

const server = sharedServer(() =>
  startInstalledServer({
    "dashboard/index.html": page,
    "dashboard/favicon.svg": "<svg/>",
    "dashboard/assets/app-1a2b3c.js": script,
    "plugin/opencode-sync-plugin-2.0.0.tgz": packageBytes,
    "secret.txt": "not yours",
  }),
);

describe("a route of ours", () => {
  const healthy = (name: string, url: string): ApiScenario => ({
    ...{ name, url, status: 200, contains: ['"status":"ok"', '"version":"2.0.0"'] },
    headers: { Origin: "https://elsewhere.example.com" },
    answerHeaders: { "Access-Control-Allow-Origin": "*" },
  });
  testScenarios(server, [
    healthy("answers", "/health"),
    healthy("answers with a slash at its end", "/health/"),
    healthy("answers with two slashes before it", "//health"),
    healthy("answers below /convex.site", "/convex.site/health"),
    healthy("answers below /convex.site with a slash at its end", "/convex.site/health/"),
    healthy("answers below /v1.convex.site", "/v1.convex.site/health"),
    { name: "answers HEAD", method: "HEAD", url: "/health", status: 200 },
    {
      name: "keeps method and body behind two slashes",
      url: "//api/setup",
      body: "{",
      status: 400,
      contains: ["not valid JSON"],
    },
    {
      name: "is not there for another method",
      method: "PUT",
      url: "/health",
      status: 404,
      contains: ["no route PUT /health"],
    },
  ]);
});

describe("OPTIONS", () => {
  const headers = {
    Origin: "https://elsewhere.example.com",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type",
  };
  const paths = ["/health", "/api/keys", "/sync/batch", "/sync/batch/", "/convex.site/sync/batch", "/no/such/path"];
  testScenarios(
    server,
    paths.map((url) => ({
      ...{ name: `is answered at ${url}`, method: "OPTIONS", url, headers, status: 204 },
      answerHeaders: {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": /POST/,
        "Access-Control-Allow-Headers": /authorization/i,
        "Access-Control-Allow-Credentials": null,
      },
    })),
  );
});

describe("an unknown path", () => {
  const unknown = (method: string, url: string): ApiScenario => ({
    ...{ name: `${method} ${url}`, method, url, status: 404 },
    contains: method === "HEAD" ? [] : [`{"error":"There is no route ${method} ${url}`],
    notContains: [page],
    answerHeaders: { "Content-Type": "application/json" },
  });
  const getPaths = [
    "/sync",
    "/sync/no-such",
    "/sync/batch",
    "/api/no-such",
    "/api/no-such/x",
    "/share/x",
    "/convex.site/x",
    "/v1.convex.site/x",
  ];
  testScenarios(server, [
    ...getPaths.map((url) => unknown("GET", url)),
    ...["POST", "PUT", "PATCH", "DELETE"].flatMap((method) =>
      ["/sync/x", "/api/x", "/share/x", "/x"].map((url) => unknown(method, url)),
    ),
    unknown("HEAD", "/sync/no-such"),
  ]);
});

describe("PocketBase's own routes go on working", () => {
  const own = (url: string, status: number, contains: string): ApiScenario => ({
    ...{ name: url, url, status, contains: [contains] },
  });
  testScenarios(server, [
    own("/api/health", 200, "API is healthy"),
    own("/api/collections/sessions/records", 200, '"items":[]'),
    own("/api/collections/users/auth-methods", 200, '"password":'),
    own("/api/collections/no_such_collection/records", 404, '"status":404'),
    own("/api/settings", 401, '"status":401'),
    own("/_/", 200, "<!doctype html>"),
    {
      name: "POST /api/realtime",
      url: "/api/realtime",
      body: { clientId: "none" },
      status: 404,
      contains: ["client id"],
    },
    {
      name: "POST /api/batch",
      url: "/api/batch",
      body: { requests: [] },
      status: 403,
      contains: ["atch requests are not allowed"],
    },
  ]);
});

describe("the dashboard", () => {
  const html = (url: string): ApiScenario => ({
    ...{ name: `shows its page at ${url}`, url, status: 200, contains: [page] },
    answerHeaders: { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache" },
  });
  const missing = (url: string): ApiScenario => ({
    ...{
      name: `has no ${url}`,
      url,
      status: 404,
      contains: ['{"error":"There is no such file."}'],
      notContains: [page, "not yours"],
    },
    answerHeaders: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
  testScenarios(server, [
    ...["/", "/setup", "/sessions/abc", "/settings/keys?x=1.js", "/health-report", "/syncing"].map(html),
    ...["/no-such.js", "/sessions/favicon.ico", "/assets/no-such-1a2b.js", "/.env", "/assets/", "/..%2fsecret.txt"].map(
      missing,
    ),
    {
      ...{ name: "serves a file beside the page", url: "/favicon.svg", status: 200, contains: ["<svg/>"] },
      answerHeaders: { "Content-Type": "image/svg+xml", "Cache-Control": "no-cache" },
    },
    {
      ...{ name: "has its assets cached for a year", url: "/assets/app-1a2b3c.js", status: 200, contains: [script] },
      answerHeaders: {
        "Content-Type": /javascript/,
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
      },
    },
  ]);

  test("has its assets compressed on the wire", async () => {
    const asset = await get("/assets/app-1a2b3c.js", { "Accept-Encoding": "gzip" });
    expect(asset.headers["content-encoding"]).toBe("gzip");
    expect(asset.headers["vary"]).toContain("Accept-Encoding");
    expect(gunzipSync(asset.body).toString()).toBe(script);
  });

  test.each(["/", "/assets/app-1a2b3c.js"])("does not send %s again unchanged", async (path) => {
    const first = await get(path, {});
    const again = await get(path, { "If-Modified-Since": String(first.headers["last-modified"]) });
    expect({ status: again.status, bytes: again.body.length }).toEqual({ status: 304, bytes: 0 });
  });
});

describe("the plugin package", () => {
  const served = (url: string, cacheControl: string): ApiScenario => ({
    ...{ name: `is served at ${url}`, url, status: 200 },
    answerHeaders: {
      "Content-Type": "application/gzip",
      "Content-Length": String(packageBytes.length),
      "Cache-Control": cacheControl,
      "Content-Encoding": null,
    },
  });
  testScenarios(server, [
    served("/plugin.tgz", "no-cache"),
    served("/plugin-2.0.0.tgz", "public, max-age=31536000, immutable"),
    ...["/plugin-2.0.1.tgz", "/plugin-latest.tgz"].map((url) => ({
      ...{ name: `names its version at ${url}`, url, status: 404, contains: ["version 2.0.0", "/plugin-2.0.0.tgz"] },
      answerHeaders: { "Cache-Control": "no-store" },
    })),
  ]);
  test("arrives byte for byte", async () => {
    const answer = await fetch(`${server.url}/plugin.tgz`);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(packageBytes);
  });
});

test("a server without dashboard and package says how to get them", async () => {
  const other = await startInstalledServer({});
  const errors = await Promise.all(["/", "/plugin.tgz"].map(async (path) => (await fetch(other.url + path)).text()));
  expect(errors[0]).toContain("npm run build dashboard");
  expect(errors[1]).toContain("npm run build plugin");
  await other.stop();
});

/** As `fetch`, but without decompressing. */
function get(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(server.url + path, { headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on("error", reject)
      .end();
  });
}
