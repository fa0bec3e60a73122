import type { TestServer } from "./server.ts";

/** The setup links in a server's output. */
export function setupLinks(output: string): string[] {
  return output.match(/https?:\/\/\S+\/setup#token=\S+/g) ?? [];
}

/** The token of the newest setup link that the server has printed. */
export function setupToken(server: TestServer): string {
  const token = setupLinks(server.output()).at(-1)?.split("#token=")[1];
  if (!token) throw new Error(`the server printed no setup link:\n${server.output()}`);
  return token;
}
