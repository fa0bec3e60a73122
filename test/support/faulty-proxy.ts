import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "./random.ts";

/** What can happen to a request on its way. */
const FAULTS = [
  /** The connection breaks before the server has seen anything. */
  "drop-before",
  /** It breaks in the middle of the body. */
  "drop-during",
  /** The server has done it, the client never learns. */
  "drop-after",
  /** The answer ends in the middle. */
  "cut-answer",
  /** The server does it twice, one after the other. */
  "duplicate",
  /** The server does it a second time, when the client has long gone on. */
  "late-duplicate",
  "delay",
  /** The connection is closed after the answer without a word, as a proxy does with an idle one. */
  "hang-up",
  "answer-500",
  "answer-503",
  "answer-429",
  /** A gateway's page instead of ours. */
  "answer-html",
] as const;
type Fault = (typeof FAULTS)[number];

/** A proxy that is as bad as the worst line. */
export interface FaultyProxy {
  readonly url: string;
  /** Requests that have arrived so far. */
  requestCount(): number;
  /** How often each fault has happened. */
  faults(): Readonly<Partial<Record<Fault, number>>>;
  /** Waits for what is still on its way, and frees the port. */
  close(): Promise<void>;
}

export interface FaultyProxyOptions {
  /** Address of the server; it may be away. */
  readonly target: string;
  /** Decides about each request, in the order of their arrival. */
  readonly random: Random;
  /** Share of the requests that something happens to, 0 to 1. */
  readonly rate: number;
  /** Called with the number of a request, from 1, when it has been handed to the server and is not answered yet. */
  readonly onRequest?: (number: number) => void;
}

type Received = { readonly method: string; readonly path: string; readonly headers: Headers; readonly body: Buffer };
type Headers = Readonly<Record<string, string>>;
type Answer = { readonly status: number; readonly headers: Headers; readonly body: Buffer };

const LONGEST_DELAY_MS = 300;

/** Starts a faulty proxy on a free port of 127.0.0.1. */
export async function startFaultyProxy(options: FaultyProxyOptions): Promise<FaultyProxy> {
  const { target, random, rate } = options;
  const happened: Partial<Record<Fault, number>> = {};
  const onTheirWay = new Set<Promise<unknown>>();
  let count = 0;
  const proxy = createServer((request, response) => {
    const number = ++count;
    const fault = random.next() < rate ? random.pick(FAULTS) : undefined;
    const delayMs = random.below(LONGEST_DELAY_MS);
    if (fault !== undefined) happened[fault] = (happened[fault] ?? 0) + 1;
    const forward: Forward = (received, part) => {
      const answer = send(target, received, part);
      options.onRequest?.(number);
      return answer;
    };
    // A client or a server that was killed in the middle is what this is for: the other side sees a broken connection.
    const work = receive(request)
      .then((received) => treat(fault, received, response, forward, delayMs))
      .catch(() => response.destroy());
    onTheirWay.add(work);
    void work.finally(() => onTheirWay.delete(work));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requestCount: () => count,
    faults: () => ({ ...happened }),
    close: async () => {
      await Promise.all(onTheirWay);
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** Hands a request to the server; `half` breaks off in the middle of it. */
type Forward = (received: Received, part?: "half") => Promise<Answer>;

async function treat(
  fault: Fault | undefined,
  received: Received,
  response: ServerResponse,
  forward: Forward,
  delayMs: number,
): Promise<void> {
  switch (fault) {
    case "drop-before":
      response.destroy();
      return;
    case "drop-during":
      await forward(received, "half").catch(() => undefined);
      response.destroy();
      return;
    case "drop-after":
      await forward(received);
      response.destroy();
      return;
    case "cut-answer":
      return cut(response, await forward(received));
    case "duplicate":
      await forward(received);
      return reply(response, await forward(received));
    case "late-duplicate":
      reply(response, await forward(received));
      await pause(delayMs);
      await forward(received);
      return;
    case "delay":
      await pause(delayMs);
      return reply(response, await forward(received));
    case "hang-up":
      response.once("finish", () => response.socket?.end());
      return reply(response, await forward(received));
    case "answer-500":
      return reply(response, json(500, { error: "Something broke" }));
    case "answer-503":
      return reply(response, json(503, { error: "The database is busy" }, { "retry-after": "0" }));
    case "answer-429":
      return reply(response, json(429, { error: "Slow down" }, { "retry-after": "1" }));
    case "answer-html":
      return reply(response, page(502, "<html><h1>502 Bad Gateway</h1></html>"));
    default:
      return reply(response, await forward(received));
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const body = await buffer(request);
  const { authorization, "content-type": type } = request.headers;
  return {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    body,
    headers: {
      "content-length": String(body.byteLength),
      ...(authorization === undefined ? {} : { authorization }),
      ...(type === undefined ? {} : { "content-type": type }),
    },
  };
}

/** One connection for each request, so that what breaks one touches no other. */
function send(target: string, { method, path, headers, body }: Received, part?: "half"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(target + path, { method, headers, agent: false });
    request.once("error", reject).once("response", (answer) => {
      buffer(answer).then((answerBody) => {
        const type = answer.headers["content-type"] ?? "application/json";
        const retryAfter = answer.headers["retry-after"];
        const kept = { "content-type": type, ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }) };
        resolve({ status: answer.statusCode ?? 502, headers: kept, body: answerBody });
      }, reject);
    });
    if (part === undefined) request.end(body);
    else request.write(body.subarray(0, Math.ceil(body.byteLength / 2)), () => request.destroy(new Error("cut")));
  });
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": body.byteLength }).end(body);
}

/** Half of the body under the length of the whole. */
function cut(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": body.byteLength });
  response.write(body.subarray(0, Math.floor(body.byteLength / 2)), () => response.destroy());
}

function json(status: number, body: object, headers: Headers = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

function page(status: number, html: string): Answer {
  return { status, headers: { "content-type": "text/html" }, body: Buffer.from(html) };
}
