import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { json } from "node:stream/consumers";
import { z } from "zod";

/**
 * A server of version 1, as strict as Convex: what its validators do not name is refused, null is no value, and an
 * object with a key that Convex does not take is none. It is reached as a proxy, so that clients can use addresses of
 * Convex: `http_proxy=<url>`.
 */
export interface V1Server {
  /** Of the proxy. */
  readonly url: string;
  readonly sessions: ReadonlyMap<string, V1Session>;
  readonly messages: ReadonlyMap<string, V1Message>;
  /** What was refused, and why. */
  readonly refused: readonly string[];
  close(): Promise<void>;
}

const text = z.string().optional();
const number = z.number().optional();

const sessionSchema = z.strictObject({
  externalId: z.string().min(1),
  ...{ title: text, projectPath: text, projectName: text, model: text, provider: text, source: text },
  ...{ promptTokens: number, completionTokens: number, cost: number, durationMs: number, createdAt: number },
});
type V1Session = z.infer<typeof sessionSchema>;

const partSchema = z.strictObject({
  type: z.string(),
  content: z.unknown().refine(isConvexValue, "not a Convex value"),
});
const messageSchema = z.strictObject({
  sessionExternalId: z.string(),
  externalId: z.string(),
  role: z.enum(["user", "assistant", "system", "tool", "unknown"]),
  ...{ textContent: text, model: text, source: text },
  ...{ promptTokens: number, completionTokens: number, durationMs: number, createdAt: number },
  parts: z.array(partSchema).optional(),
});
type V1Message = z.infer<typeof messageSchema>;

/** Keys are ASCII, not empty, not longer than 1,024 characters, and do not begin with `$`. */
function isConvexValue(value: unknown): boolean {
  if (value === undefined) return false;
  if (typeof value !== "object" || value === null) return true;
  if (Array.isArray(value)) return value.every(isConvexValue);
  return Object.entries(value).every(
    ([key, member]) => /^(?!\$)[\x20-\x7e]{1,1024}$/.test(key) && isConvexValue(member),
  );
}

/** @param key the one that it knows */
export async function startV1Server(key: string): Promise<V1Server> {
  const sessions = new Map<string, V1Session>();
  const messages = new Map<string, V1Message>();
  const refused: string[] = [];
  const refuse = (response: ServerResponse, name: string, why: string) => {
    refused.push(`${name}: ${why}`);
    answer(response, 500, { error: why });
  };
  const server = createServer(async (request, response) => {
    const name = `${request.method} ${new URL(request.url ?? "/", "http://v1").pathname}`;
    if (name === "GET /health") return answer(response, 200, { status: "ok", timestamp: Date.now() });
    if (request.headers.authorization !== `Bearer ${key}`) return answer(response, 401, { error: "Invalid API key" });
    if (name === "GET /sync/sessions/list") return answer(response, 200, { sessionIds: [...sessions.keys()] });
    if (name === "POST /sync/session") {
      const { data, error } = sessionSchema.safeParse(await bodyOf(request));
      if (data === undefined) return refuse(response, name, z.prettifyError(error));
      sessions.set(data.externalId, { ...sessions.get(data.externalId), ...data });
      return answer(response, 200, { ok: true, sessionId: `k${sessions.size}` });
    }
    if (name === "POST /sync/message") {
      const { data, error } = messageSchema.safeParse(await bodyOf(request));
      if (data === undefined) return refuse(response, name, z.prettifyError(error));
      messages.set(data.externalId, data);
      return answer(response, 200, { ok: true, messageId: `m${messages.size}` });
    }
    refused.push(`${name}: no such route`);
    response.writeHead(404, { "content-type": "text/plain" }).end(`No HttpAction routed for ${name}`);
  });
  const port = await listen(server);
  // A client may ask a proxy for a tunnel instead of an answer: it leads to this server.
  server.on("connect", (_request: IncomingMessage, socket: Socket) => {
    const tunnel = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    for (const end of [tunnel, socket]) end.on("error", () => end.destroy());
    tunnel.pipe(socket).pipe(tunnel);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    sessions,
    messages,
    refused,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** What is no JSON is no object of any schema either. */
const bodyOf = (request: IncomingMessage): Promise<unknown> => json(request).catch(() => undefined);

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address !== "object") throw new Error("the server has no port");
      resolve(address.port);
    });
  });
}
