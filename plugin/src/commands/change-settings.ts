import { resolve } from "node:path";
import type { Settings } from "../config/settings.ts";
import { UsageError } from "../io/cli-errors.ts";
import { whyRefused } from "../redact/own-patterns.ts";
import type { Given, Option } from "./command.ts";

/** Options of `config` that change what leaves this machine. */
export const SETTING_OPTIONS: Readonly<Record<string, Option>> = {
  redact: { type: "boolean", description: "Mask secrets (the default); --no-redact: send what is there" },
  pattern: {
    type: "string",
    valueHint: "<name=regex>",
    description: "Mask also what this expression matches in a line",
  },
  "forget-pattern": { type: "string", valueHint: "<name>", description: "Forget one of your own patterns" },
  exclude: { type: "string", valueHint: "<folder>", description: "Keep sessions in this folder on this machine" },
  include: { type: "string", valueHint: "<folder>", description: "Undo --exclude" },
  pause: {
    type: "string",
    valueHint: "<time>",
    description: "Send nothing for 30m, 8h, 3d, or until a date; it is sent afterwards",
  },
  resume: { type: "boolean", description: "End a pause" },
};

/**
 * The settings with what was given changed.
 * @returns undefined when nothing was given
 * @throws UsageError when something given cannot be
 */
export function changedSettings(given: Given, settings: Settings, nowMs: number): Settings | undefined {
  if (!Object.keys(SETTING_OPTIONS).some((name) => given[name] !== undefined)) return undefined;
  return {
    redaction: typeof given["redact"] === "boolean" ? given["redact"] : settings.redaction,
    patterns: changedPatterns(given, settings.patterns),
    excluded: changedFolders(given, settings.excluded),
    pausedUntilMs: changedPause(given, settings.pausedUntilMs, nowMs),
  };
}

function changedPatterns(given: Given, patterns: Settings["patterns"]): Settings["patterns"] {
  const { pattern: added, "forget-pattern": forgotten } = given;
  const kept = typeof forgotten === "string" ? without(patterns, (own) => own.name === forgotten, forgotten) : patterns;
  if (typeof added !== "string") return kept;
  const [name = ""] = added.split("=", 1);
  const own = { name, pattern: added.slice(name.length + 1) };
  const reason = own.pattern === "" ? "it has the form name=expression" : whyRefused(own);
  if (reason !== undefined) throw wrong(`the pattern cannot be used: ${reason}`);
  return [...kept.filter((other) => other.name !== name), own];
}

function changedFolders(given: Given, excluded: Settings["excluded"]): Settings["excluded"] {
  const { exclude, include } = given;
  const folder = typeof include === "string" ? resolve(include) : undefined;
  const kept = folder === undefined ? excluded : without(excluded, (other) => other === folder, folder);
  return typeof exclude === "string" ? [...new Set([...kept, resolve(exclude)])].sort() : kept;
}

function without<Item>(items: readonly Item[], isIt: (item: Item) => boolean, shown: string): readonly Item[] {
  if (!items.some(isIt)) throw wrong(`${shown} is not in the settings`);
  return items.filter((item) => !isIt(item));
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

function changedPause({ pause, resume }: Given, pausedUntilMs: number, nowMs: number): number {
  if (resume === true) return 0;
  if (typeof pause !== "string") return pausedUntilMs;
  const [, count, unit = ""] = /^(\d{1,5})([mhd])$/.exec(pause) ?? [];
  const untilMs = count === undefined ? Date.parse(pause) : nowMs + Number(count) * (UNITS[unit] ?? 0);
  if (Number.isNaN(untilMs)) throw wrong(`"${pause}" is not a time: give 30m, 8h, 3d, or a date`);
  if (untilMs <= nowMs) throw wrong(`${new Date(untilMs).toISOString()} is over already`);
  return untilMs;
}

function wrong(message: string): UsageError {
  return new UsageError({ message, hint: "See: opencode-sync config --help" });
}
