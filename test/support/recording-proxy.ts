import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

/** A server that passes everything on and keeps what was sent. */
export interface RecordingProxy {
  readonly url: string;
  /** Every request line, header and body, as it was on the wire. */
  readonly sent: readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy in front of a server, on a free port. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const sent: string[] = [];
  const proxy = createServer(async (request, response) => {
    const body = await buffer(request);
    sent.push(`${request.method} ${request.url}\n${headersOf(request)}\n\n${body.toString("utf8")}`);
    const answer = await fetch(`${target}${request.url}`, {
      method: request.method ?? "GET",
      headers: { authorization: request.headers.authorization ?? "", "content-type": "application/json" },
      ...(body.byteLength > 0 ? { body: new Uint8Array(body) } : {}),
    });
    response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    close: () => {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}

/** Without the one header that must carry the key. */
function headersOf(request: IncomingMessage): string {
  const headers = Object.entries(request.headers).filter(([name]) => name !== "authorization");
  return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
}
