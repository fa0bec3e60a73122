import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { buildOpenApi } from "./build-openapi.mjs";
import { inRoot } from "./paths.mjs";

/**
 * Builds the server into `build/pb_hooks` and `build/pb_migrations`. The entry and the migrations only lose their types
 * (PocketBase compiles each handler from its source, so they must not be bundled); the library behind the entry, and
 * each one behind the migrations, is bundled into one file.
 * @param {string} version goes into the bundle as OPENSYNC_VERSION
 */
export async function buildHooks(version) {
  mkdirSync(inRoot("build"), { recursive: true });
  const fresh = mkdtempSync(inRoot("build", ".hooks-"));
  try {
    await stripTypes("pb_hooks/main.pb.ts", join(fresh, "pb_hooks/main.pb.js"));
    await bundle("pb_hooks/app.ts", join(fresh, "pb_hooks/lib/app.js"), version);
    await buildOpenApi(version, join(fresh, "pb_hooks/openapi.json"));
    cpSync(inRoot("pb_hooks/prices/table.json"), join(fresh, "pb_hooks/prices/table.json"));
    for (const name of sources("pb_migrations").filter((name) => /^\d/.test(name))) {
      await stripTypes(`pb_migrations/${name}.ts`, join(fresh, `pb_migrations/${name}.js`));
    }
    for (const name of sources("pb_migrations/lib")) {
      await bundle(`pb_migrations/lib/${name}.ts`, join(fresh, `pb_migrations/lib/${name}.js`), version);
    }
    // Swapped in at the end: a server that starts during a build finds the old files or the new ones, never half of them.
    for (const folder of ["pb_hooks", "pb_migrations"]) {
      rmSync(inRoot("build", folder), { recursive: true, force: true });
      renameSync(join(fresh, folder), inRoot("build", folder));
    }
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/**
 * @param {string} input a script: no import, no export
 * @param {string} file
 */
async function stripTypes(input, file) {
  const { transformSync } = await import("rolldown/utils");
  const source = readFileSync(inRoot(input), "utf8");
  const { code, errors } = transformSync(input, source, { target: "es2022", sourceType: "script" });
  if (errors.length > 0) throw new Error(`${input}: ${errors.map(({ message }) => message).join("; ")}`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}

/**
 * @param {string} input
 * @param {string} file
 * @param {string} version
 */
async function bundle(input, file, version) {
  const { rolldown } = await import("rolldown");
  const bundled = await rolldown({
    input: inRoot(input),
    platform: "neutral",
    transform: { target: "es2022", define: { OPENSYNC_VERSION: JSON.stringify(version) } },
  });
  // Without a source map: PocketBase would read it into memory, 2 MB. Names and lines of the bundle stay readable.
  const { output } = await bundled.write({ file, format: "cjs" });
  await bundled.close();
  const folder = dirname(inRoot(input));
  const strangers = Object.entries(output[0].modules)
    .filter(([id, { renderedLength }]) => renderedLength > 0 && !id.startsWith(folder))
    .map(([id]) => id);
  // One value imported from the client would put zod (167 kB) into every VM: hooks take its types only.
  if (strangers.length > 0) throw new Error(`${input} bundles ${strangers.join(", ")}: import types only`);
}

/**
 * Names, without the ending, of the TypeScript files directly in a folder, sorted.
 * @param {string} folder
 */
function sources(folder) {
  const files = readdirSync(inRoot(folder)).filter((name) => /^[^.]+\.ts$/.test(name));
  return files.map((name) => basename(name, ".ts")).sort();
}
