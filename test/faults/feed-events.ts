/**
 * A program: the built plugin inside the Bun of OpenCode, fed with events. Reads lines of JSON from stdin,
 * `{"sessions": [[session, message, …], …], "count": 20000, "yields": true}`, feeds so many events that are spread over
 * these, and answers each line with one. `"end"` disposes the plugin and ends the program.
 * Arguments: path of plugin.js, folder of recorded events.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { z } from "zod";

const [plugin = "", folder = ""] = process.argv.slice(2);
const orderSchema = z.object({ sessions: z.array(z.array(z.string()).min(1)), count: z.number(), yields: z.boolean() });

/** What OpenCode sends while a turn goes on; the rest is rare. */
const recorded = readdirSync(folder)
  .filter((name) => /^(message\.(updated|part\.updated|part\.delta)|session\.(updated|status|idle))\b/.test(name))
  .sort()
  .map((name) => readFileSync(join(folder, name), "utf8"));

/** One event for each of these ids and each recorded one, so that nothing is made while the time is taken. */
function eventsFor(sessions: readonly (readonly string[])[], count: number): unknown[] {
  return Array.from({ length: count }, (_, n) => {
    const [session = "", ...messages] = sessions[n % sessions.length] ?? [];
    const message = messages[n % Math.max(1, messages.length)] ?? `msg_${n}`;
    const text = recorded[n % recorded.length] ?? "{}";
    return JSON.parse(text.replaceAll(/ses_[0-9A-Za-z]+/g, session).replaceAll(/msg_[0-9A-Za-z]+/g, message));
  });
}

const rssAtStart = process.memoryUsage().rss;
const { default: entry } = await import(pathToFileURL(plugin).href);
const hooks = await entry.server({});
console.log(JSON.stringify({ ready: true, rssMiB: (process.memoryUsage().rss - rssAtStart) / 2 ** 20 }));

for await (const line of createInterface({ input: process.stdin })) {
  if (line === '"end"') break;
  const { sessions, count, yields } = orderSchema.parse(JSON.parse(line));
  const events = eventsFor(sessions, count);
  const rssBefore = process.memoryUsage().rss;
  let busyMs = 0;
  for (let at = 0; at < events.length; at += 100) {
    const startedMs = performance.now();
    for (const event of events.slice(at, at + 100)) hooks.event({ event });
    busyMs += performance.now() - startedMs;
    if (yields) await new Promise((resolve) => setImmediate(resolve));
  }
  const rssMiB = (process.memoryUsage().rss - rssBefore) / 2 ** 20;
  console.log(JSON.stringify({ microsecondsPerEvent: (busyMs * 1000) / count, rssMiB }));
}
await hooks.dispose();
console.log(JSON.stringify({ disposed: true, rssMiB: process.memoryUsage().rss / 2 ** 20 }));
process.exit(0);
