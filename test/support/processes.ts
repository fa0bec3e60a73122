import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine, as Linux tells it. */
export interface ProcessInfo {
  readonly pid: number;
  /** The program and its arguments, with spaces between them. */
  readonly command: string;
}

/** Processes that were started with this variable in their environment, also those whose parent has ended. Linux only. */
export function processesWith(name: string, value: string): ProcessInfo[] {
  const wanted = `${name}=${value}`;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(wanted))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).split("\0").join(" ").trim() }));
}

/** Empty when the process has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
