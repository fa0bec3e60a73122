import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout's own folder; every other path of the scripts is made from it. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * A path inside the checkout.
 * @param {string[]} parts
 */
export const inRoot = (...parts) => join(root, ...parts);
