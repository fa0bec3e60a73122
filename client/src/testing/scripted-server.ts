import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

/** What the server does with one request. */
export type ScriptedAnswer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Never answers. */
  | "hang"
  /** Sends the head of an answer and never its end. */
  | "hang-in-body"
  /** Breaks the connection. */
  | "drop";

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ScriptedServer {
  readonly url: string;
  /** Every request, in order of arrival. */
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

/**
 * A real HTTP server on a free port that gives these answers in turn. A request too many is answered 418, which no
 * caller survives. Ends with the test.
 * @param answers a body that is not a text is sent as JSON
 */
export async function scriptedServer(...answers: readonly ScriptedAnswer[]): Promise<ScriptedServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
    give(answers[seen.length - 1] ?? { status: 418, body: { error: "one request too many" } }, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return { url: `http://127.0.0.1:${address.port}`, seen, close };
}

function give(answer: ScriptedAnswer, request: IncomingMessage, response: ServerResponse): void {
  if (answer === "hang") return;
  if (answer === "drop") {
    request.socket.destroy();
  } else if (answer === "hang-in-body") {
    response.writeHead(200, { "content-type": "application/json" }).write('{"status":');
  } else {
    const { status, body = {}, headers = {} } = answer;
    response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}
