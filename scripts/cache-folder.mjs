import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Makes a folder of the cache whole, or leaves nothing: it is filled beside its place and then moved there in one step.
 * A run that dies half-way leaves only its own unfinished folder, which the next run removes; of two runs at one time
 * the later one keeps what the earlier one has put there.
 * @param {string} folder absolute path
 * @param {(folder: string) => boolean} isWhole whether the folder can be used as it is; false where there is none
 * @param {(unfinished: string) => Promise<void>} fill puts everything into the empty folder that it is given
 * @throws what `fill` throws, after the unfinished folder is removed
 */
export async function fillFolder(folder, isWhole, fill) {
  removeLeftovers(folder);
  const unfinished = `${folder}.${process.pid}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    await fill(unfinished);
    putInPlace(unfinished, folder, isWhole);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * @param {string} unfinished
 * @param {string} folder
 * @param {(folder: string) => boolean} isWhole
 */
function putInPlace(unfinished, folder, isWhole) {
  if (isWhole(folder)) return;
  // A broken folder is moved aside and not emptied in place: whoever reads it now never sees it half removed.
  const aside = `${folder}.${process.pid}.broken`;
  if (existsSync(folder)) renameSync(folder, aside);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run was quicker between the two steps; what it put there is as good as ours.
    if (!isWhole(folder)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/**
 * Removes what runs that no longer live have left beside the folder.
 * @param {string} folder
 */
function removeLeftovers(folder) {
  if (!existsSync(dirname(folder))) return;
  for (const name of readdirSync(dirname(folder))) {
    const [, pid] = name.match(/\.(\d+)\.(?:unfinished|broken)$/) ?? [];
    if (pid === undefined || !name.startsWith(`${basename(folder)}.`) || isAlive(Number(pid))) continue;
    rmSync(join(dirname(folder), name), { recursive: true, force: true });
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process: it lives.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
