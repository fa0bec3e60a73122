import { expect, test } from "vitest";
import { startProgress } from "./progress.ts";
import { createTestTerminal } from "./test-terminal.ts";

test("on a terminal one line is drawn over, at most ten times a second, and taken away at the end", () => {
  const terminal = createTestTerminal({ isTerminal: true });
  let nowMs = 0;
  const progress = startProgress(terminal, "sessions", 5_000, () => nowMs);
  progress.update(0, "0 sent");
  nowMs = 50;
  progress.update(1, "1 sent");
  nowMs = 2_000;
  progress.update(80, "12 sent");
  nowMs = 300_000;
  progress.update(90, "");
  progress.end();
  expect(terminal.stderr()).toBe(
    "\r0 of 5,000 sessions, 0 sent\r80 of 5,000 sessions, 40/s, 2:03 left, 12 sent\r90 of 5,000 sessions, 0.3/s, 4:32:47 left\r",
  );
  expect(terminal.stdout()).toBe("");
});

test("in a pipe there is a line every ten seconds", () => {
  const terminal = createTestTerminal();
  let nowMs = 0;
  const progress = startProgress(terminal, "sessions", 200, () => nowMs);
  for (nowMs = 0; nowMs <= 21_000; nowMs += 500) progress.update(nowMs / 500, "");
  progress.end();
  expect(terminal.stderr()).toBe("20 of 200 sessions, 2.0/s, 1:30 left\n40 of 200 sessions, 2.0/s, 1:20 left\n");
});

test("nothing is said with --quiet", () => {
  const terminal = createTestTerminal({ isTerminal: true });
  terminal.setTalk("quiet");
  const progress = startProgress(terminal, "sessions", 2, () => 0);
  progress.update(1, "");
  progress.end();
  expect(terminal.stderr()).toBe("");
});
