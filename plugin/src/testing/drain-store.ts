/**
 * Reads everything of OpenCode's stores, in a process of its own: under Node, or under OpenCode's Bun.
 *
 *   node drain-store.ts        (XDG_DATA_HOME says where)
 *
 * Prints `{sessions, hashes, peakBytes}`: what the session list is, the sum of all hashes, the peak of resident memory.
 */
import { messageHash, sessionHash } from "@opensync/client/digest";
import { openCode } from "../sources/opencode/index.ts";

const reader = await openCode.open(process.env);
const sessions: { id: string; messages: number }[] = [];
let hashes = 0;
for (const { externalId } of await reader.listSessions(0)) {
  const session = await reader.readSession(externalId);
  if (session !== undefined) hashes += sessionHash(session);
  let messages = 0;
  for await (const message of reader.readMessages(externalId)) {
    hashes += messageHash(message);
    messages++;
  }
  sessions.push({ id: externalId, messages });
}
const unreadable = reader.unreadable.map(({ message }) => message);
reader.close();
// Linux and macOS count resident memory differently (kB, bytes); Node and Bun hand on Linux's kB.
const unit = process.platform === "darwin" && "Bun" in globalThis ? 1 : 1024;
console.log(JSON.stringify({ sessions, hashes, unreadable, peakBytes: process.resourceUsage().maxRSS * unit }));
