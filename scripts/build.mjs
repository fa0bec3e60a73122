import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installPackages } from "./install.mjs";
import { inRoot, root } from "./paths.mjs";
import { npm, onSupportedNode, run } from "./supported-node.mjs";

/** The one version of server, client and plugin. @type {string} */
export const version = JSON.parse(readFileSync(inRoot("package.json"), "utf8")).version;

/**
 * What is built, from which files. A target whose files did not change is not built again.
 * @type {Record<string, { from: string[], into: string, build: () => Promise<void> }>}
 */
const targets = {
  hooks: { from: ["pb_hooks", "pb_migrations"], into: "build/pb_hooks", build: buildHooks },
  plugin: { from: ["plugin", "client"], into: "build/plugin", build: buildPlugin },
  dashboard: { from: ["dashboard", "client"], into: "build/dashboard", build: buildDashboard },
};

/**
 * Builds the named targets (all without a name); with `onlyStale`, those whose files changed since.
 * @param {string[]} [names]
 */
export async function build(names = Object.keys(targets), { onlyStale = false } = {}) {
  for (const name of names) {
    const target = targets[name];
    if (!target) throw new Error(`There is no "${name}" to build: ${Object.keys(targets).join(", ")}`);
    const stampFile = inRoot("build", `.${name}.stamp`);
    const stamp = fingerprint([...target.from, "scripts/build.mjs", "package.json", "package-lock.json"]);
    const isFresh =
      existsSync(inRoot(target.into)) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp;
    if (onlyStale && isFresh) continue;
    console.log(`Building ${name} …`);
    rmSync(stampFile, { force: true });
    await target.build();
    mkdirSync(dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, stamp);
  }
}

/**
 * The server: the entry and the migrations keep their own text (PocketBase compiles each handler from its source, so
 * they must not be bundled), the library behind them is bundled into one file with its source map.
 */
async function buildHooks() {
  // Imported here, since neither is there before the packages are installed or on an older Node.js.
  const { rolldown } = await import("rolldown");
  const { stripTypeScriptTypes } = await import("node:module");
  /** @type {(input: string, file: string) => Promise<void>} */
  const bundle = async (input, file) => {
    const bundled = await rolldown({
      input: inRoot(input),
      platform: "neutral",
      transform: { target: "es2022", define: { OPENSYNC_VERSION: JSON.stringify(version) } },
    });
    const { output } = await bundled.write({ file: inRoot(file), format: "cjs", sourcemap: true });
    await bundled.close();
    const folder = dirname(inRoot(input));
    const strangers = Object.entries(output[0].modules).filter(
      ([id, m]) => m.renderedLength > 0 && !id.startsWith(folder),
    );
    // One value imported from the client would put zod (167 kB) into every VM: hooks take its types only.
    if (strangers.length > 0) throw new Error(`${input} bundles ${strangers.map(([id]) => id)}: import types only`);
  };
  /** @type {(input: string, file: string) => void} */
  const strip = (input, file) => {
    mkdirSync(dirname(inRoot(file)), { recursive: true });
    writeFileSync(inRoot(file), stripTypeScriptTypes(readFileSync(inRoot(input), "utf8"), { mode: "strip" }));
  };
  for (const folder of ["build/pb_hooks", "build/pb_migrations"]) {
    rmSync(inRoot(folder), { recursive: true, force: true });
  }
  strip("pb_hooks/main.pb.ts", "build/pb_hooks/main.pb.js");
  await bundle("pb_hooks/app.ts", "build/pb_hooks/lib/app.js");
  for (const file of readdirSync(inRoot("pb_migrations")).filter((name) => /^\d.*\.ts$/.test(name))) {
    strip(`pb_migrations/${file}`, `build/pb_migrations/${basename(file, ".ts")}.js`);
  }
  for (const file of listFiles(inRoot("pb_migrations", "lib"))) {
    const name = basename(file, ".ts");
    await bundle(`pb_migrations/lib/${name}.ts`, `build/pb_migrations/lib/${name}.js`);
  }
}

async function buildPlugin() {
  rmSync(inRoot("plugin", "dist"), { recursive: true, force: true });
  await must(
    run(process.execPath, [inRoot("node_modules/rolldown/bin/cli.mjs"), "-c", "rolldown.config.mjs"], {
      cwd: inRoot("plugin"),
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
  chmodSync(inRoot("plugin/dist/cli.js"), 0o755);
  const folder = inRoot("build/plugin");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await must(
    npm(["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
      cwd: inRoot("plugin"),
      stdio: ["ignore", "ignore", "inherit"],
    }),
  );
}

async function buildDashboard() {
  const vite = inRoot("node_modules/vite/bin/vite.js");
  await must(run(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: inRoot("dashboard") }));
}

/** @param {Promise<number>} exit */
async function must(exit) {
  const code = await exit;
  if (code !== 0) throw new Error(`a build step ended with exit code ${code}; it says why above`);
}

/** @param {string[]} paths */
function fingerprint(paths) {
  const hash = createHash("sha256").update(process.version);
  for (const file of paths.flatMap((path) => listFiles(inRoot(path)))) {
    hash.update(file.slice(root.length)).update("\0").update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @type {(path: string) => string[]} */
function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  const inside = readdirSync(path).filter((name) => name !== "node_modules" && name !== "dist");
  return inside.sort().flatMap((name) => listFiles(join(path, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await onSupportedNode();
  await installPackages();
  await build(process.argv.length > 2 ? process.argv.slice(2) : undefined);
}
