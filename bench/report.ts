import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { inRoot } from "../scripts/paths.mjs";

/** One measured figure. */
export interface Row {
  what: string;
  result: string;
  budget?: string;
}

/** How fast something went, and at what cost. */
export interface Speed {
  /** Things a second of the clock. */
  readonly perSecond: number;
  /** Seconds of processor time for 10,000 things: other work on the machine changes it less. 0 = not known. */
  readonly processorSeconds: number;
}

/** `2,658/s (3.44 s of processor time for 10,000)` */
export function speedText({ perSecond: speed, processorSeconds }: Speed): string {
  const cost = processorSeconds > 0 ? ` (${processorSeconds.toFixed(2)} s of processor time for 10,000)` : "";
  return `${perSecond(speed)}${cost}`;
}

export const perSecond = (speed: number): string => `${Math.round(speed).toLocaleString("en")}/s`;

/** The figures as a Markdown table, under the machine and the day they were measured on. */
export function table(rows: readonly Row[]): string {
  const cpu = cpus()[0]?.model.trim() || "unknown processor";
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const machine = `${cpus().length} cores (${cpu}), ${memory}, ${platform()} ${arch()}, Node.js ${process.version}`;
  const day = new Date().toISOString().slice(0, 10);
  const lines = rows.map(({ what, result, budget }) => `| ${what} | ${result} | ${budget ?? ""} |`);
  const load = (loadavg()[2] ?? 0).toFixed(1);
  return [
    `Measured on ${day}: ${machine}; load of the last quarter of an hour ${load}.`,
    "",
    "| what | measured | budget |",
    "|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}

/** Replaces the part of docs/benchmarks.md between its two marks. */
export function writeReport(text: string): void {
  const file = inRoot("docs", "benchmarks.md");
  const page = readFileSync(file, "utf8");
  const marks = /(<!-- measured -->\n)[\s\S]*(<!-- \/measured -->)/;
  if (!marks.test(page)) throw new Error(`${file} has lost its marks <!-- measured --> … <!-- /measured -->`);
  writeFileSync(
    file,
    page.replace(marks, (_, open: string, close: string) => `${open}\n${text}\n${close}`),
  );
}
