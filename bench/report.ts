import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";
import { inRoot } from "../scripts/paths.mjs";

/** One measured figure. */
export interface Row {
  what: string;
  result: string;
  budget?: string;
}

export const perSecond = (speed: number): string => `${Math.round(speed).toLocaleString("en")}/s`;

/** The figures as a Markdown table, under the machine and the day they were measured on. */
export function table(rows: readonly Row[]): string {
  const cpu = cpus()[0]?.model.trim() || "unknown processor";
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const machine = `${cpus().length} cores (${cpu}), ${memory}, ${platform()} ${arch()}, Node.js ${process.version}`;
  const day = new Date().toISOString().slice(0, 10);
  const lines = rows.map(({ what, result, budget }) => `| ${what} | ${result} | ${budget ?? ""} |`);
  return [`Measured on ${day}: ${machine}.`, "", "| what | measured | budget |", "|---|---|---|", ...lines, ""].join(
    "\n",
  );
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
