import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "./launch.ts";

/** What a server can be like before which nobody may have to wait. */
export const TROUBLES = [
  /** Nothing listens there. */
  "is away",
  /** It accepts, and never says a word. */
  "never answers",
  /** It has done it at once, and says so when everybody has gone. */
  "answers after 20 s",
  /** It has done it at once, and says so byte by byte. */
  "answers a byte at a time",
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** A way to a server that is as slow as it is told to be. */
export interface SlowServer {
  readonly url: string;
  /** From the next request on. */
  be(what: Trouble | "is well"): Promise<void>;
  close(): Promise<void>;
}

const LATE_MS = 20_000;

/** An answer of 60 bytes takes half a minute. */
const BETWEEN_BYTES_MS = 500;

/** Stands in front of a server, on a free port of 127.0.0.1, and lets everything through until it is told otherwise. */
export async function startSlowServer(target: string): Promise<SlowServer> {
  const port = await freePort();
  const closed = new AbortController();
  let state: Trouble | "is well" = "is well";
  const proxy = createServer((request, response) => {
    // Who does not wait for the answer breaks the connection: what all of this is for.
    answer(state, request, response, target, closed.signal).catch(() => response.destroy());
  });
  const listen = () => new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
  const stop = () => {
    proxy.closeAllConnections();
    return new Promise((resolve) => proxy.close(resolve));
  };
  await listen();
  return {
    url: `http://127.0.0.1:${port}`,
    be: async (what) => {
      if (what === "is away" && proxy.listening) await stop();
      if (what !== "is away" && !proxy.listening) await listen();
      state = what;
    },
    close: async () => {
      closed.abort();
      if (proxy.listening) await stop();
    },
  };
}

async function answer(
  state: Trouble | "is well",
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  if (state === "never answers") return;
  const { status, body } = await forward(request, target);
  if (state === "answers after 20 s") await pause(LATE_MS, undefined, { signal });
  response.writeHead(status, { "content-type": "application/json", "content-length": body.byteLength });
  if (state === "answers a byte at a time") {
    for (const byte of body) {
      response.write(Uint8Array.of(byte));
      await pause(BETWEEN_BYTES_MS, undefined, { signal });
    }
    response.end();
  } else response.end(body);
}

async function forward(request: IncomingMessage, target: string): Promise<{ status: number; body: Buffer }> {
  const { method = "GET", url = "/", headers } = request;
  const sent = await buffer(request);
  return new Promise((resolve, reject) => {
    httpRequest(target + url, { method, headers: { ...headers, "content-length": sent.byteLength }, agent: false })
      .once("error", reject)
      .once("response", (answered) => {
        buffer(answered).then((body) => resolve({ status: answered.statusCode ?? 502, body }), reject);
      })
      .end(sent);
  });
}
