import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Writes a file that only its owner can read (0600, in a folder of 0700). Whoever reads it sees the old text or the
 * new one, never a part, also after a power cut.
 * @throws Error of the file system; then nothing has changed
 */
export async function writePrivateFile(file: string, text: string): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // mkdir changes nothing about a folder that an older version made readable for others.
  await chmod(folder, 0o700);
  await replaceFile(file, text, 0o600);
}

/**
 * Replaces a file in one step: a temporary file beside it, flushed, then renamed.
 * @param mode permissions of the new file
 */
export async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  const fresh = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const handle = await open(fresh, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** The text of a file, or undefined when there is none. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

/** As `readIfThere`, while the process waits. */
export function readIfThereSync(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    return undefinedIfMissing(error);
  }
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
