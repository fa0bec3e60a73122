import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** How a measured program ended. */
export interface Measured {
  readonly seconds: number;
  /** Most resident memory that it had, in MB (10^6 bytes). */
  readonly peakMegabytes: number;
  readonly stdout: string;
}

const POLL_MS = 50;

/** Runs a program to its end. @throws Error when it fails */
export async function measureProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Measured> {
  const startedMs = performance.now();
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  let peakMegabytes = 0;
  // The system keeps the highest value itself; after the end nobody can ask any more.
  const poll = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid ?? 0));
  }, POLL_MS);
  const exitCode = await ended(child).finally(() => clearInterval(poll));
  if (exitCode !== 0) throw new Error(`${args.join(" ")} ended with ${exitCode}: ${stderr || stdout}`);
  return { seconds: (performance.now() - startedMs) / 1000, peakMegabytes, stdout };
}

/** Most resident memory that a running process has had so far, in MB; 0 when it has ended. Linux only. */
export function peakOf(pid: number): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return (Number(kibibytes ?? 0) * 1024) / 1e6;
  } catch {
    return 0;
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
}
