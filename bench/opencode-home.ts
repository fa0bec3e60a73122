import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { inRoot } from "../scripts/paths.mjs";
import { randomFrom } from "./random.ts";

/** A home folder in which OpenCode has worked for a long time. */
export interface GeneratedHome {
  readonly home: string;
  /** Size of its database. */
  readonly bytes: number;
  readonly sessions: number;
  readonly messages: number;
  remove(): void;
}

/** Sizes of tool outputs, in characters, and how often each comes: most are short, a few are whole files. */
const OUTPUTS = [
  ...[300, 400, 600, 800, 1_200, 2_000, 3_000, 4_000],
  ...[6_000, 8_000, 12_000, 16_000, 20_000, 25_000, 32_000, 50_000],
];

const STARTED_MS = Date.UTC(2026, 0, 1);
const MESSAGE_MS = 20_000;

/**
 * Makes a home with a database of OpenCode: prompts, and answers with a tool call of any size, 13 kB a message.
 * @param sessions of `messagesEach` messages
 */
export function generateHome(sessions: number, messagesEach: number): GeneratedHome {
  const home = mkdtempSync(join(tmpdir(), "opensync-bench-home-"));
  const folder = join(home, ".local/share/opencode");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "opencode.db");
  copyFileSync(inRoot("test/fixtures/opencode/1.15.13/opencode.db"), file);
  const database = new DatabaseSync(file);
  database.exec("PRAGMA synchronous = OFF; BEGIN; DELETE FROM part; DELETE FROM message");
  fill(database, sessions, messagesEach);
  database.exec("DELETE FROM session WHERE id NOT LIKE 'ses_bench%'; COMMIT");
  database.close();
  return {
    home,
    bytes: statSync(file).size,
    sessions,
    messages: sessions * messagesEach,
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function fill(database: DatabaseSync, sessions: number, messagesEach: number): void {
  const random = randomFrom(0x0c);
  const output = outputs(random);
  const session = database.prepare(
    `INSERT INTO session (id, project_id, slug, directory, title, version, time_created, time_updated, agent, model)
     SELECT ?, id, ?, worktree, ?, '1.15.13', ?, ?, 'build', '{"id":"example-model","providerID":"example"}' FROM project`,
  );
  const message = database.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?)");
  const part = database.prepare("INSERT INTO part VALUES (?, ?, ?, ?, ?, ?)");
  for (let s = 0; s < sessions; s++) {
    const sessionId = `ses_bench${pad(s)}`;
    const startMs = STARTED_MS + s * messagesEach * MESSAGE_MS;
    session.run(sessionId, `slug-${s}`, `Work number ${s}`, startMs, startMs + messagesEach * MESSAGE_MS);
    for (let m = 0; m < messagesEach; m++) {
      const id = `msg_bench${pad(s)}${pad(m)}`;
      const atMs = startMs + m * MESSAGE_MS;
      const { info, parts } = m % 2 === 0 ? prompt(atMs, s, m) : answer(atMs, output(), s, m);
      message.run(id, sessionId, atMs, atMs, JSON.stringify(info));
      for (const [p, data] of parts.entries()) {
        part.run(`prt_bench${pad(s)}${pad(m)}${p}`, id, sessionId, atMs, atMs, JSON.stringify(data));
      }
    }
  }
}

const pad = (value: number) => String(value).padStart(6, "0");

function prompt(atMs: number, session: number, number: number) {
  const model = { providerID: "example", modelID: "example-model" };
  return {
    info: { role: "user", time: { created: atMs }, agent: "build", model },
    parts: [{ type: "text", text: `Please look into case ${session}.${number} and make the tests pass again.` }],
  };
}

function answer(atMs: number, text: string, session: number, number: number) {
  const tokens = { input: 1_200, output: 155, reasoning: 25, cache: { read: 8_000 + session, write: 0 } };
  const state = {
    status: "completed",
    input: { command: `npm test -- case-${session}-${number}`, description: "Run the tests" },
    // OpenCode stores the output of a shell command twice.
    ...{ output: text, metadata: { output: text, exit: 0 } },
    ...{ title: "Run the tests", time: { start: atMs, end: atMs + 900 } },
  };
  return {
    info: {
      ...{ role: "assistant", mode: "build", agent: "build", modelID: "example-model", providerID: "example" },
      ...{ path: { cwd: "/home/dev/alpha", root: "/home/dev/alpha" }, cost: 0.0066, tokens, finish: "tool-calls" },
      time: { created: atMs, completed: atMs + 1_000 },
    },
    parts: [
      { type: "step-start", snapshot: "aaff74984cccd156a469afa7d9ab10e4777beb24" },
      { type: "text", text: `The case ${session}.${number} fails since the clock moved. I run the tests first.` },
      { type: "tool", callID: `call_${session}_${number}`, tool: "bash", state },
      { type: "step-finish", reason: "tool-calls", cost: 0.0066, tokens },
    ],
  };
}

/** Outputs of tests and tools: lines with a number, words of a program, and no two alike. */
function outputs(random: () => number): () => string {
  const words = Array.from({ length: 4_000 }, () => Math.floor(random() * 2 ** 30).toString(36));
  const word = () => words[Math.floor(random() * random() * words.length)] ?? "";
  const line = () =>
    `${Math.floor(random() * 1_000)}: src/${word()}/${word()}.ts ${word()} ${word()} = ${word()}(${word()});`;
  // Made once and cut anywhere: making each by itself would take longer than what is measured.
  const lines = Array.from({ length: 40_000 }, line);
  return () => {
    const length = OUTPUTS[Math.floor(random() * OUTPUTS.length)] ?? 400;
    const from = Math.floor(random() * (lines.length - 3_000));
    return lines
      .slice(from, from + Math.ceil(length / 40))
      .join("\n")
      .slice(0, length);
  };
}
