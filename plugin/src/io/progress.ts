import type { Terminal } from "./terminal.ts";

/** Shows how far something has come, on stderr. */
export type Progress = {
  /**
   * @param done so many of the total
   * @param detail what else is worth saying, for example "12 sent"
   */
  readonly update: (done: number, detail: string) => void;
  /** Takes the line away. */
  readonly end: () => void;
};

/** Often enough to look alive, seldom enough to cost nothing. */
const REDRAW_MS = 100;

/** A log wants to know that it goes on, not each step. */
const LINE_MS = 10_000;

/** A rate over less than this is noise. */
const MIN_RATE_MS = 1_000;

/**
 * Starts showing: one line that is drawn over on a terminal, else a line every ten seconds, so that what takes less
 * says nothing.
 * @param what the things counted, plural
 * @param now epoch ms
 */
export function startProgress(terminal: Terminal, what: string, total: number, now: () => number): Progress {
  const startedMs = now();
  let shownMs = terminal.canRedraw ? Number.NEGATIVE_INFINITY : startedMs;
  return {
    update: (done, detail) => {
      const nowMs = now();
      if (nowMs - shownMs < (terminal.canRedraw ? REDRAW_MS : LINE_MS)) return;
      shownMs = nowMs;
      const line = progressLine({ what, total, done, detail, elapsedMs: nowMs - startedMs });
      if (terminal.canRedraw) terminal.redraw(line);
      else terminal.say(line);
    },
    end: () => {
      if (terminal.canRedraw) terminal.redraw("");
    },
  };
}

/** For example `120 of 5,000 sessions, 40/s, 2:02 left, 12 sent`. */
function progressLine(at: { what: string; total: number; done: number; detail: string; elapsedMs: number }): string {
  const { what, total, done, detail, elapsedMs } = at;
  const parts = [`${count(done)} of ${count(total)} ${what}`];
  if (done > 0 && elapsedMs >= MIN_RATE_MS) {
    const perSecond = (done * 1_000) / elapsedMs;
    parts.push(`${perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond))}/s`);
    parts.push(`${clock((total - done) / perSecond)} left`);
  }
  return [...parts, ...(detail === "" ? [] : [detail])].join(", ");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** @returns `m:ss`, or `h:mm:ss` */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const padded = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`;
}
