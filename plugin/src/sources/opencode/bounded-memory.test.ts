import { execFileSync } from "node:child_process";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { copyFixtureStore, type FixtureStore } from "../../testing/opencode-fixture.ts";

const MESSAGES = 4_000;
const PARTS_PER_MESSAGE = 8;
const PART_CHARS = 8_000;
/** What the reading process may keep; it ends with an error when that is not enough. */
const HEAP_MB = 48;
/** What is read: about 256 MB in one session. */
const STORED_BYTES = MESSAGES * PARTS_PER_MESSAGE * PART_CHARS;

let store: FixtureStore;

beforeAll(() => {
  store = copyFixtureStore("1.2.27");
  const database = new DatabaseSync(store.file);
  database.exec("PRAGMA synchronous = OFF; BEGIN; DELETE FROM part; DELETE FROM message");
  const [first] = database.prepare("SELECT id FROM session LIMIT 1").all();
  const message = database.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?)");
  const part = database.prepare("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)");
  const sessionId = String(first?.["id"]);
  const filler = "All work and no play makes Jack a dull boy. ".repeat(PART_CHARS / 40).slice(0, PART_CHARS);
  const tokens = { input: 10, output: 2, reasoning: 0, cache: { read: 0, write: 0 } };
  for (let m = 0; m < MESSAGES; m++) {
    const id = `msg_${String(m).padStart(6, "0")}`;
    const info = { role: m % 2 === 0 ? "user" : "assistant", time: { created: 1000 + m }, tokens, modelID: "m" };
    message.run(id, sessionId, 1000 + m, 1000 + m, JSON.stringify(info));
    for (let p = 0; p < PARTS_PER_MESSAGE; p++) {
      const data = JSON.stringify({ type: "text", text: `${m}.${p} ${filler}` });
      part.run(`prt_${m}_${p}`, id, sessionId, 1000, 1000, data);
    }
  }
  database.exec("COMMIT");
  database.close();
}, 120_000);

afterAll(() => store.remove());

test("a session of 256 MB is read in less memory than it has", () => {
  const program = fileURLToPath(new URL("../../testing/drain-store.ts", import.meta.url));
  const env = { ...store.env, PATH: process.env["PATH"] };
  const printed = execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, program], {
    env,
    encoding: "utf8",
  });
  const { sessions, peakBytes } = z
    .object({ sessions: z.array(z.object({ messages: z.number() })), peakBytes: z.number() })
    .parse(JSON.parse(printed));
  expect(sessions.reduce((sum, { messages }) => sum + messages, 0)).toBe(MESSAGES);
  // All of the process, with what is free but not given back yet; one that reads nothing takes 70 MB.
  expect(peakBytes).toBeLessThan(STORED_BYTES);
}, 120_000);
