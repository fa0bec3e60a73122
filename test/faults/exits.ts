/** Ways out of a real OpenCode, and what must be there afterwards. */
import { expect } from "vitest";
import type { MockModel } from "../support/mock-model.ts";
import {
  type Finished,
  type OpenCodeHome,
  openCodeBinary,
  runCli,
  runOpenCode,
  startOpenCode,
} from "../support/opencode.ts";
import { type ProcessInfo, processesWith } from "../support/processes.ts";
import type { TestServer } from "../support/server.ts";
import { startTerminal, type Terminal } from "../support/terminal.ts";
import { until } from "../support/until.ts";
import { rowsOfServer, rowsOfStore } from "./compare.ts";

/** The plugin takes at most four seconds of an exit; the rest is room for a busy machine. What is excluded is a hang. */
export const MAX_DELAY_MS = 12_000;

export const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const satisfies NodeJS.Signals[];

const ANSWERED = 'Look [[tool:bash {"command":"ls","description":"Look"}]][[say:Seen.]]';
export const UNANSWERED = "Wait [[hang]]";

/** A start of OpenCode takes two seconds, and most of a minute on a machine that does much else. */
export const START_MS = 150_000;

/** How a run ended. */
export type Ending = Omit<Finished, "durationMs"> & {
  readonly signal: NodeJS.Signals | null;
  /** From the last that it said, or from the signal. */
  readonly tookMs: number;
};

export const processesOf = (home: OpenCodeHome) => processesWith("HOME", home.home);

/** Until OpenCode has ended what it starts itself for its snapshots: they may outlive it. */
export const untilAlone = (home: OpenCodeHome) =>
  until("only OpenCode itself runs", () => processesOf(home).length === 1, 60_000);

/** Until nothing is being sent: whatever finishes an upload ends by itself, whether it gets to its end or not. */
export const untilNobodySends = (home: OpenCodeHome) =>
  until("nothing of the home runs", () => processesOf(home).length === 0, 60_000);

/** Everything in the store is on the server, as it is there, once nothing sends any more. */
export async function expectEverything(
  home: OpenCodeHome,
  server: TestServer,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  await untilNobodySends(home);
  expect(await runCli(home, ["verify", "--deep"], { env })).toMatchObject({ exitCode: 0, stdout: "" });
  expect(rowsOfServer(server)).toEqual(await rowsOfStore(home.env));
}

/** Runs OpenCode to its end. */
export async function endRun(home: OpenCodeHome): Promise<Ending> {
  const { child, finished } = startOpenCode(home, ["run", ANSWERED]);
  let saidAtMs = Number.NaN;
  child.stdout?.on("data", () => {
    saidAtMs = performance.now();
  });
  const { exitCode, stdout, stderr } = await finished;
  return { exitCode, signal: child.signalCode, stdout, stderr, tookMs: performance.now() - saidAtMs };
}

/** Runs OpenCode until the model has begun to answer, and ends it with the signal. */
export async function interruptRun(home: OpenCodeHome, model: MockModel, signal: NodeJS.Signals): Promise<Ending> {
  const before = model.requestCount();
  const { child, finished } = startOpenCode(home, ["run", UNANSWERED]);
  let said = "";
  child.stderr?.on("data", (text: string) => (said += text));
  // Title and answer are asked for; then OpenCode says which model is at work.
  await until("the model answers", () => model.requestCount() >= before + 2 && said.includes("mock-1"), START_MS);
  await untilAlone(home);
  const askedAtMs = performance.now();
  child.kill(signal);
  const { exitCode, stdout, stderr } = await finished;
  return { exitCode, signal: child.signalCode, stdout, stderr, tookMs: performance.now() - askedAtMs };
}

/** As without us, and not much later. */
export function expectAsWithoutUs({ tookMs, ...ending }: Ending, { tookMs: bareMs, ...expected }: Ending): void {
  expect(ending).toEqual(expected);
  expect(tookMs - bareMs).toBeLessThan(MAX_DELAY_MS);
}

/** Asks something in the terminal interface, and waits until the answer is in the store. */
export async function converse(home: OpenCodeHome, model: MockModel, answer = "Hello there."): Promise<Terminal> {
  const before = model.requestCount();
  const terminal = startTerminal(home, ["--prompt", `From the terminal [[say:${answer}]]`]);
  try {
    await terminal.pressUntil("\r", "the model is asked", () => model.requestCount() > before);
    const isAnswered = async () => JSON.stringify(await rowsOfStore(home.env)).includes(`"${answer}"`);
    await until("the answer is in the store", isAnswered, 120_000);
    return terminal;
  } catch (error) {
    terminal.kill();
    throw error;
  }
}

/** Ends OpenCode itself, not the terminal around it, nor a process that finishes an upload. */
export function endOpenCode(home: OpenCodeHome, signal: NodeJS.Signals): void {
  const program = openCodeBinary(home.version);
  const isProgram = ({ command }: ProcessInfo) => command === program || command.startsWith(`${program} --prompt`);
  process.kill(processesOf(home).find(isProgram)?.pid ?? expect.fail("OpenCode runs"), signal);
}

/** Ways to leave the terminal interface. */
export const WAYS_OUT: readonly (readonly [how: string, leave: (terminal: Terminal, home: OpenCodeHome) => unknown])[] =
  [
    ["with Ctrl-C", (terminal) => terminal.press("\x03")],
    ["with /exit", (terminal) => terminal.pressUntil("/exit\r", "it ends", () => terminal.hasEnded())],
    ["by SIGTERM", (_, home) => endOpenCode(home, "SIGTERM")],
    ["by SIGHUP", (_, home) => endOpenCode(home, "SIGHUP")],
    ["by a terminal that is closed", (terminal) => terminal.kill()],
  ];

/** Leaves the terminal interface: in time, and without a word of ours on the screen. */
export async function expectToLeave(
  terminal: Terminal,
  home: OpenCodeHome,
  leave: (typeof WAYS_OUT)[number][1],
): Promise<void> {
  const askedAtMs = performance.now();
  await leave(terminal, home);
  await until("it has ended", () => terminal.hasEnded(), 30_000);
  expect(performance.now() - askedAtMs).toBeLessThan(MAX_DELAY_MS);
  // The name of the folder that the test made for itself is on the screen; no other word of ours is.
  expect(terminal.screen()).not.toMatch(/opensync(?!-opencode-)/i);
}

/** A next start: it talks with the model, and brings what earlier ones left behind. */
export async function startAgain(home: OpenCodeHome): Promise<void> {
  expect(await runOpenCode(home, "Again [[say:Here.]]")).toMatchObject({ exitCode: 0 });
}

/** @param env a way to the server, if the one in the home does not lead there */
export async function syncAll(home: OpenCodeHome, env: Readonly<Record<string, string>> = {}): Promise<void> {
  expect(await runCli(home, ["sync", "--all"], { env })).toMatchObject({ exitCode: 0, stderr: "" });
}
