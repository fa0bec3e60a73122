import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildHooks } from "./build-hooks.mjs";
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
  hooks: {
    from: ["pb_hooks", "pb_migrations", "client/src"],
    into: "build/pb_hooks",
    build: () => buildHooks(version),
  },
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
    const stamp = fingerprint([
      ...target.from,
      "scripts/build.mjs",
      "scripts/build-hooks.mjs",
      "package.json",
      "package-lock.json",
    ]);
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
