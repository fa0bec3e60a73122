import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "./build.mjs";
import { ensurePocketBase } from "./get-pocketbase.mjs";
import { installPackages } from "./install.mjs";
import { inRoot } from "./paths.mjs";
import { commonArguments } from "./serve-arguments.mjs";
import { onSupportedNode } from "./supported-node.mjs";

/** The one generated file in git: the types of the collections, for the PocketBase SDK. */
export const typesFile = inRoot("client", "src", "pocketbase-types.ts");

/**
 * The text of the types file for a migrated data folder.
 * @param {string} databaseFile its data.db
 * @returns {Promise<string>}
 */
export async function collectionTypes(databaseFile) {
  const { DatabaseSync } = await import("node:sqlite");
  const { generateFromSchema } = await import("pocketbase-typegen");
  const database = new DatabaseSync(databaseFile, { readOnly: true });
  const rows = database.prepare("SELECT * FROM _collections ORDER BY name").all();
  database.close();
  const collections = rows.map((row) => ({
    ...row,
    system: Boolean(row["system"]),
    fields: JSON.parse(String(row["fields"])),
    indexes: JSON.parse(String(row["indexes"])),
  }));
  return generateFromSchema(collections, { sdk: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await onSupportedNode();
  await installPackages();
  await build(["hooks"], { onlyStale: true });
  const { path: pocketbase } = await ensurePocketBase();
  const folder = mkdtempSync(join(tmpdir(), "opensync-types-"));
  try {
    execFileSync(pocketbase, ["migrate", "up", ...commonArguments(folder)], { stdio: "pipe" });
    const text = await collectionTypes(join(folder, "data.db"));
    const isStale = readFileSync(typesFile, { encoding: "utf8", flag: "a+" }) !== text;
    if (isStale) writeFileSync(typesFile, text);
    console.log(isStale ? `Wrote ${typesFile}` : "The types are up to date.");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
