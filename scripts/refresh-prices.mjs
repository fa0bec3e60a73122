import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MODELS_DEV, readModelsDev } from "./prices/models-dev.mjs";
import { formatTable, refreshTable, tableFile } from "./prices/price-table.mjs";
import { explainSetupErrors, SetupError } from "./setup-error.mjs";

/**
 * Asks the source and rewrites the file. Whatever goes wrong, the file stays as it was.
 * @param {{ file: string, url: string, today: string }} options
 * @returns {Promise<string[]>} what changed
 */
export async function refreshFile({ file, url, today }) {
  const rates = readModelsDev(parseJson(await download(url), url));
  const known = JSON.parse(readFileSync(file, "utf8"));
  const { table, changes } = refreshTable(known, rates, { ...MODELS_DEV, url, date: today });
  if (changes.length > 0) {
    writeFileSync(`${file}.new`, formatTable(table));
    renameSync(`${file}.new`, file);
  }
  return changes;
}

/** @param {string} url */
async function download(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    return await response.text();
  } catch (cause) {
    // What fetch throws says only that it failed; the reason is its cause.
    const failure = /** @type {Error & { cause?: NodeJS.ErrnoException }} */ (cause);
    const reason = [failure.message, failure.cause?.code].filter(Boolean).join(", ");
    throw new SetupError(
      `${url} could not be fetched (${reason}). The price table stays as it was.`,
      "Check the network and run the same command again.",
      { cause },
    );
  }
}

/**
 * @param {string} text
 * @param {string} url
 * @returns {unknown}
 */
function parseJson(text, url) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answered no JSON: ${text.slice(0, 60)}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  explainSetupErrors();
  const changes = await refreshFile({
    file: tableFile,
    url: MODELS_DEV.url,
    today: new Date().toISOString().slice(0, 10),
  });
  console.log(changes.length === 0 ? "The price table is up to date." : changes.join("\n"));
}
