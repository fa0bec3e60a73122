/**
 * A program: the built plugin inside the Bun of OpenCode, fed with events. Reads lines of JSON from stdin,
 * `{"sessions": [[session, message, …], …], "count": 20000, "yields": true}`, feeds so many events that are spread over
 * these, and answers each line with one. The plugin is loaded before the first of them. `"memory"` tells how much the
 * process has grown at most since then, `"end"` disposes the plugin and ends the program.
 * Arguments: path of plugin.js, folder of recorded events.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { z } from "zod";

/** The part of its runtime that this program needs. */
declare const Bun: { readonly gc: (isThorough: boolean) => void };

const [plugin = "", folder = ""] = process.argv.slice(2);
const orderSchema = z.union([
  z.literal("memory"),
  z.literal("end"),
  z.object({ sessions: z.array(z.array(z.string()).min(1)), count: z.number(), yields: z.boolean() }),
]);

const SAMPLE_MS = 25;

/** What OpenCode sends while a turn goes on; the rest is rare. */
const recorded = readdirSync(folder)
  .filter((name) => /^(message\.(updated|part\.updated|part\.delta)|session\.(updated|status|idle))\b/.test(name))
  .sort()
  .map((name) => readFileSync(join(folder, name), "utf8"));

/** Events for these ids, made before the time is taken; each kind once, so that they are no memory to speak of. */
function eventsFor(sessions: readonly (readonly string[])[], count: number): unknown[] {
  const made = new Map<string, unknown>();
  return Array.from({ length: count }, (_, n) => {
    const [session = "", ...messages] = sessions[n % sessions.length] ?? [];
    const message = messages[n % Math.max(1, messages.length)] ?? `msg_${n}`;
    const kind = n % recorded.length;
    const key = `${kind} ${session} ${message}`;
    const text = recorded[kind] ?? "{}";
    const event =
      made.get(key) ??
      JSON.parse(text.replaceAll(/ses_[0-9A-Za-z]+/g, session).replaceAll(/msg_[0-9A-Za-z]+/g, message));
    made.set(key, event);
    return event;
  });
}

/** Memory that is this process's own, MiB: pages of the program itself are there once, whoever uses them. */
function ownMiB(): number {
  try {
    const [, kibibytes] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return Number(kibibytes) / 1024;
  } catch {
    return process.memoryUsage().rss / 2 ** 20;
  }
}

/** Waits until what the program itself has dropped is given back to the system: it would hide what comes. */
async function settledMiB(): Promise<number> {
  for (let before = ownMiB(); ; ) {
    Bun.gc(true);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const now = ownMiB();
    if (Math.abs(now - before) < 0.5) return now;
    before = now;
  }
}

// What OpenCode uses all the time is there already when it loads a plugin.
await fetch("http://127.0.0.1:9/").catch(() => undefined);

type Hooks = { readonly event: (input: { event: unknown }) => unknown; readonly dispose: () => Promise<unknown> };

async function load(): Promise<Hooks> {
  const { default: entry } = await import(pathToFileURL(plugin).href);
  return entry.server({});
}

let hooks: Hooks | undefined;
let baseMiB = 0;
let peakMiB = 0;
const look = () => {
  peakMiB = Math.max(peakMiB, ownMiB() - baseMiB);
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = orderSchema.parse(JSON.parse(line));
  if (order === "end") break;
  if (order === "memory") {
    look();
    console.log(JSON.stringify({ memoryMiB: peakMiB }));
    continue;
  }
  const events = eventsFor(order.sessions, order.count);
  if (hooks === undefined) {
    baseMiB = await settledMiB();
    setInterval(look, SAMPLE_MS).unref();
    hooks = await load();
  }
  let busyMs = 0;
  for (let at = 0; at < events.length; at += 100) {
    const startedMs = performance.now();
    for (const event of events.slice(at, at + 100)) hooks.event({ event });
    busyMs += performance.now() - startedMs;
    if (order.yields) await new Promise((resolve) => setImmediate(resolve));
  }
  console.log(JSON.stringify({ microsecondsPerEvent: (busyMs * 1000) / order.count }));
}
await hooks?.dispose();
console.log(JSON.stringify({ disposed: true }));
process.exit(0);
