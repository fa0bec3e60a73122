import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What is answered for one path: a body, or a way to answer by oneself. */
export type FileReply = Buffer | string | ((request: IncomingMessage, response: ServerResponse) => void);

/** A web server of the test's own. */
export interface FileServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves exactly these paths (with their first slash) on a free port; anything else is 404. */
export function serveFiles(files: Record<string, FileReply>): Promise<FileServer> {
  const server = createServer((request, response) => {
    const reply = files[request.url ?? ""];
    if (reply === undefined) response.writeHead(404).end();
    else if (typeof reply === "function") reply(request, response);
    else response.end(reply);
  });
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address !== "object") throw new Error("the server has no port");
      resolve({ url: `http://127.0.0.1:${address.port}`, stop });
    });
  });
}
