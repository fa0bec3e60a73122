import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A disk of its own on which nothing is free; only root may make one. */
export interface FullDisk {
  remove(): void;
}

/** Small enough to fill at once, large enough for a few names. */
const SIZE = "64k";

/** Puts a full disk in the place of a folder. @throws Error when this process may not */
export function mountFullDisk(folder: string): FullDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder], { stdio: "pipe" });
  fill(join(folder, "filling"));
  return { remove: () => execFileSync("umount", [folder], { stdio: "pipe" }) };
}

/** Whether this process may mount. CI may, so that there nothing is left out. */
export function canMountDisk(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "opensync-disk-"));
  try {
    mountFullDisk(folder).remove();
    return true;
  } catch {
    return process.env["CI"] === "true";
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(file: string): void {
  try {
    for (;;) appendFileSync(file, "x".repeat(1024));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
}
