import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inRoot } from "./paths.mjs";

/**
 * Writes the document of the API, which `GET /api/openapi.json` serves, out of the contract's schemas.
 * @param {string} version
 * @param {string} file
 */
export async function buildOpenApi(version, file) {
  const { rolldown } = await import("rolldown");
  const folder = mkdtempSync(inRoot("build", ".openapi-"));
  try {
    const bundled = await rolldown({ input: inRoot("client/src/openapi/document.ts"), platform: "node" });
    const script = join(folder, "document.mjs");
    await bundled.write({ file: script, format: "esm" });
    await bundled.close();
    const { openApiDocument } = await import(pathToFileURL(script).href);
    writeFileSync(file, JSON.stringify(openApiDocument(version)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
