import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { isClientError } from "../errors/client-error.ts";
import { OpenSyncClient } from "../opensync-client.ts";
import { scriptedServer } from "../testing/scripted-server.ts";
import { createUndiciFetch } from "./undici-fetch.ts";

const HEALTHY = { status: 200, body: { status: "ok", timestamp: 1 } } as const;

/** A real forwarding proxy that leads every name to one server, and remembers what it was asked for. */
async function proxyTo(targetUrl: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const proxy = createServer(async (request, response) => {
    asked.push(request.url ?? "");
    const { pathname } = new URL(request.url ?? "");
    const answer = await fetch(targetUrl + pathname);
    response.writeHead(answer.status).end(await answer.text());
  });
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const { hostname, port } = new URL(targetUrl);
    const upstream = connect(Number(port), hostname, () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    upstream.pipe(socket).pipe(upstream);
    socket.on("error", () => upstream.destroy());
    upstream.on("error", () => socket.destroy());
  });
  const url = await listen(proxy);
  return { url, asked };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

function clientWith(url: string, env: Record<string, string>): OpenSyncClient {
  const undici = createUndiciFetch(env);
  onTestFinished(() => undici.close());
  return new OpenSyncClient({ url, fetch: undici.fetch, retry: { attempts: 1 } });
}

describe("undici's fetch", () => {
  test("works as the client's fetch without any proxy", async () => {
    const server = await scriptedServer(HEALTHY);
    expect((await clientWith(server.url, {}).health()).status).toBe("ok");
  });

  test.each(["HTTP_PROXY", "http_proxy"])("goes through the proxy that %s names", async (name) => {
    const server = await scriptedServer(HEALTHY);
    const proxy = await proxyTo(server.url);
    await clientWith("http://box.invalid", { [name]: proxy.url }).health();
    expect(proxy.asked).toEqual(["http://box.invalid/health"]);
  });

  test("tunnels https through the proxy that HTTPS_PROXY names", async () => {
    const server = await scriptedServer();
    const proxy = await proxyTo(server.url);
    const error: unknown = await clientWith("https://box.invalid", { HTTPS_PROXY: proxy.url })
      .health()
      .catch((reason: unknown) => reason);
    // The target speaks no TLS: that the tunnel was asked for is what counts.
    expect(isClientError(error) && error.kind).toBe("network");
    expect(proxy.asked).toEqual(["CONNECT box.invalid:443"]);
  });

  test("goes around the proxy where NO_PROXY says so", async () => {
    const proxy = await proxyTo("http://127.0.0.1:9");
    const call = clientWith("http://box.invalid", { HTTP_PROXY: proxy.url, NO_PROXY: "invalid" }).health();
    await expect(call).rejects.toMatchObject({ kind: "network" });
    expect(proxy.asked).toEqual([]);
  });

  test("never asks a proxy for this machine itself", async () => {
    const server = await scriptedServer(HEALTHY);
    const proxy = await proxyTo("http://127.0.0.1:9");
    await clientWith(server.url, { HTTP_PROXY: proxy.url, NO_PROXY: "example.com" }).health();
    expect(proxy.asked).toEqual([]);
  });

  test("reports a broken connection as the runtime's own fetch does", async () => {
    const server = await scriptedServer("drop");
    await expect(clientWith(server.url, {}).health()).rejects.toMatchObject({
      kind: "network",
      code: "UND_ERR_SOCKET",
    });
  });
});

/** A certificate of nobody's authority, for 127.0.0.1, made for this test alone and good for a hundred years. */
const CERTIFICATE = fileURLToPath(new URL("../testing/fixtures/tls-cert.pem", import.meta.url));
const CERTIFICATE_KEY = fileURLToPath(new URL("../testing/fixtures/tls-key.pem", import.meta.url));

/** What a program of its own says that asks a server for its health: Node reads NODE_EXTRA_CA_CERTS only at its start. */
async function healthInProcess(url: string, env: Record<string, string>): Promise<string> {
  const program = `
    import { OpenSyncClient } from ${JSON.stringify(new URL("../index.ts", import.meta.url).href)};
    import { createUndiciFetch } from ${JSON.stringify(new URL("./undici-fetch.ts", import.meta.url).href)};
    const { fetch, close } = createUndiciFetch({});
    const client = new OpenSyncClient({ url: ${JSON.stringify(url)}, fetch });
    console.log(await client.health().then((health) => health.status, (error) => error.code));
    await close();`;
  const run = promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { env });
  return (await run).stdout.trim();
}

describe("a server with a certificate of one's own authority", () => {
  test.each<[name: string, env: Record<string, string>, outcome: string]>([
    ["is refused", {}, "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["is trusted when NODE_EXTRA_CA_CERTS names it", { NODE_EXTRA_CA_CERTS: CERTIFICATE }, "ok"],
  ])("%s", async (_name, env, outcome) => {
    const tls = { cert: readFileSync(CERTIFICATE), key: readFileSync(CERTIFICATE_KEY) };
    const server = createTlsServer(tls, (_request, response) => response.end(JSON.stringify(HEALTHY.body)));
    const url = (await listen(server)).replace("http:", "https:");
    expect(await healthInProcess(url, env)).toBe(outcome);
  });
});
