/** A transaction may commit a little after the time it has stamped: a look for what is newer goes back by this much. */
export const COMMIT_OVERLAP_MS = 5_000;
