import type { OwnSession } from "../message-pages.ts";
import { anonymize } from "./anonymize.ts";
import { type EvalSession, readTurns } from "./eval-sessions.ts";
import type { EvalWriter } from "./formats.ts";
import type { EvalOptions } from "./options.ts";
import { type TestCase, testCases } from "./test-cases.ts";

/** Calls `take` with every test case of a session, without the names of people if that was asked for. */
function eachCase(
  app: core.App,
  user: string,
  session: EvalSession,
  options: EvalOptions,
  take: (session: EvalSession, testCase: TestCase) => void,
): void {
  const withTools = options.withContext && options.format === "deepeval";
  const clean = cleaner(options);
  const named = { ...session, project: clean(session.project), expectedOutput: clean(session.expectedOutput) };
  for (const testCase of casesOf(app, { user, session: session.id }, options, withTools)) take(named, testCase);
}

/** The cases of a session, as they are written: how long a text is depends on what is taken out of it. */
function casesOf(app: core.App, session: OwnSession, options: EvalOptions, withTools: boolean): TestCase[] {
  const clean = cleaner(options);
  const turns = readTurns(app, session, withTools).filter(({ role }) => options.withSystem || role !== "system");
  const shown = turns.map((turn) => ({ ...turn, said: clean(turn.said), whole: clean(turn.whole) }));
  return testCases(shown, options);
}

function cleaner({ isAnonymous }: EvalOptions): (text: string) => string {
  return isAnonymous ? anonymize : (text) => text;
}

/** How many test cases the sessions make. Only one session is in memory at a time. */
export function countCases(
  app: core.App,
  user: string,
  sessions: readonly EvalSession[],
  options: EvalOptions,
): number[] {
  return sessions.map(({ id }) => casesOf(app, { user, session: id }, options, false).length);
}

/** Writes the test cases of sessions. */
export function writeEvals(
  app: core.App,
  user: string,
  sessions: readonly EvalSession[],
  options: EvalOptions,
  writer: EvalWriter,
  write: (text: string) => void,
): void {
  write(writer.head);
  let isFirst = true;
  for (const session of sessions) {
    eachCase(app, user, session, options, (named, testCase) => {
      write((isFirst ? "" : writer.separator) + writer.write(named, testCase, options));
      isFirst = false;
    });
  }
  write(writer.foot);
}
