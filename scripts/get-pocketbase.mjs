import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fillFolder } from "./cache-folder.mjs";
import { inRoot } from "./paths.mjs";
import { fetchRelease, OFFICIAL_RELEASES, UnavailableError } from "./pocketbase-release.mjs";
import { SetupError } from "./setup-error.mjs";

/** Minor version of Go 1. Older ones cannot even read the go.mod; later ones fetch the Go that it asks for themselves. */
const OLDEST_GO = 21;

/** The version that everything here is made for: the one in tools/pocketbase/go.mod, the only place that names it. */
export function pocketbaseVersion() {
  const pinned = readFileSync(inRoot("tools", "pocketbase", "go.mod"), "utf8");
  const version = pinned.match(/github\.com\/pocketbase\/pocketbase v(\S+)/)?.[1];
  if (!version) throw new Error("tools/pocketbase/go.mod does not say which PocketBase it pins");
  return version;
}

/**
 * Where the binary lies once `ensurePocketBase` has put it into the cache.
 * @param {string} [cache] folder of all cached versions
 * @param {string} [platform] of Node.js, such as `linux`
 */
export function cachedPocketBase(cache = inRoot(".cache", "pocketbase"), platform = process.platform) {
  return join(cache, pocketbaseVersion(), platform === "win32" ? "pocketbase.exe" : "pocketbase");
}

/**
 * The PocketBase binary, the first way that works: the one that POCKETBASE_BIN names, the cached one, the official
 * release (OPENSYNC_POCKETBASE_RELEASES names a mirror), or built with Go from the pinned module. Says which one it
 * was, and why an earlier way could not be gone.
 * @param {object} [options] the real ones unless given
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.cache] folder of all cached versions
 * @param {string} [options.platform] of Node.js, such as `linux`
 * @param {string} [options.arch] of Node.js, such as `x64`
 * @param {number} [options.patienceMs] how long the release server may say nothing
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<{ path: string, how: "POCKETBASE_BIN" | "cache" | "release" | "go build" }>}
 * @throws {SetupError} when POCKETBASE_BIN is wrong, when a download is not what the release lists, or when no way works
 */
export async function ensurePocketBase({
  env = process.env,
  cache = inRoot(".cache", "pocketbase"),
  platform = process.platform,
  arch = process.arch,
  patienceMs = 10_000,
  say = console.log,
} = {}) {
  const version = pocketbaseVersion();
  const own = env["POCKETBASE_BIN"];
  if (own) return { path: ownBinary(own, version, say), how: "POCKETBASE_BIN" };
  const path = cachedPocketBase(cache, platform);
  if (isWhole(dirname(path), basename(path))) return { path, how: "cache" };
  if (existsSync(path)) say(`The cached PocketBase ${version} is damaged or half written: getting it again.`);

  const how = await firstWay(
    {
      release: async (file) => {
        const releases = env["OPENSYNC_POCKETBASE_RELEASES"] || OFFICIAL_RELEASES;
        writeFileSync(file, await fetchRelease({ version, platform, arch, releases, patienceMs }));
      },
      "go build": (file) => goBuild(version, file, env, say),
    },
    { path, version, say },
  );
  return { path, how };
}

/**
 * Goes the ways in their order until one has put the binary into its place.
 * @template {string} How
 * @param {Record<How, (file: string) => Promise<void>>} ways each writes the binary to the file that it is given
 * @param {{ path: string, version: string, say: (line: string) => void }} target
 * @returns {Promise<How>}
 */
async function firstWay(ways, { path, version, say }) {
  const [folder, name] = [dirname(path), basename(path)];
  const reasons = [];
  for (const how of /** @type {How[]} */ (Object.keys(ways))) {
    /** @param {string} unfinished */
    const fill = async (unfinished) => {
      await ways[how](join(unfinished, name));
      seal(join(unfinished, name), version, how);
    };
    try {
      await fillFolder(folder, (home) => isWhole(home, name), fill);
      say(`PocketBase ${version}: got by ${how}, kept in ${folder}`);
      return how;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      reasons.push(`${how}: ${error.message}`);
      say(`PocketBase ${version} is not to be had by ${how}: ${error.message}`);
    }
  }
  throw new SetupError(
    `There is no way to PocketBase ${version} from here. ${reasons.join(". ")}.`,
    "Do one of these: allow access to github.com; set OPENSYNC_POCKETBASE_RELEASES to a mirror of its releases; " +
      "install Go 1.25 or newer; or set POCKETBASE_BIN to a PocketBase binary that you have.",
  );
}

/**
 * @param {string} path
 * @param {string} version
 * @param {(line: string) => void} say
 */
function ownBinary(path, version, say) {
  const actual = reportedVersion(path);
  if (actual === undefined) {
    throw new SetupError(
      `POCKETBASE_BIN is ${path}, and that is not a PocketBase binary that runs here.`,
      "Set it to the full path of one, or unset it to have the right version fetched.",
    );
  }
  say(`PocketBase: ${path}, as POCKETBASE_BIN says`);
  if (actual !== version) say(`  It calls itself ${actual}; everything here is tested with ${version}.`);
  return path;
}

/**
 * Marks a finished binary as whole: it runs, and its checksum lies beside it.
 * @param {string} path
 * @param {string} version
 * @param {string} how
 */
function seal(path, version, how) {
  chmodSync(path, 0o755);
  const actual = reportedVersion(path);
  if (actual !== version) {
    throw new SetupError(
      `The PocketBase that ${how} gave ${actual === undefined ? "does not run here" : `is ${actual}, not ${version}`}.`,
      "Check that programs may be run from this folder, or set POCKETBASE_BIN to a PocketBase binary that you have.",
    );
  }
  writeFileSync(join(dirname(path), "SHA256"), sha256(path));
}

/**
 * @param {string} folder
 * @param {string} name
 */
function isWhole(folder, name) {
  const sum = join(folder, "SHA256");
  return existsSync(sum) && existsSync(join(folder, name)) && readFileSync(sum, "utf8") === sha256(join(folder, name));
}

/** @param {string} file */
function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/**
 * The binary loads the hooks and migrations that it finds beside its working directory before it answers anything, and
 * a broken one there would end it: it is pointed at a folder that does not exist.
 * @param {string} path
 * @returns {string | undefined} undefined when it is no PocketBase or does not run
 */
function reportedVersion(path) {
  const nowhere = join(dirname(path), "none");
  const flags = ["--version", `--dir=${nowhere}`, `--hooksDir=${nowhere}`, `--migrationsDir=${nowhere}`];
  try {
    const said = execFileSync(path, flags, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return said.match(/^pocketbase version (\S+)/)?.[1];
  } catch {
    return undefined;
  }
}

/**
 * go.sum checks every module, so this needs no trust in where they come from.
 * @param {string} version
 * @param {string} output
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} say
 */
async function goBuild(version, output, env, say) {
  const go = goVersion(env);
  if (!go) throw new UnavailableError("Go is not installed");
  if (Number(go.split(".")[1]) < OLDEST_GO) throw new UnavailableError(`Go ${go} is too old (1.25 is needed)`);
  say(`Building PocketBase ${version} with Go ${go}, which takes a minute or two …`);
  // Usage is cut into days of people's time zones, also on a system without tzdata.
  const flags = [
    "-trimpath",
    "-tags",
    "timetzdata",
    "-ldflags",
    `-s -w -X github.com/pocketbase/pocketbase.Version=${version}`,
  ];
  const build = spawn("go", ["build", ...flags, "-o", output, "github.com/pocketbase/pocketbase/examples/base"], {
    cwd: inRoot("tools", "pocketbase"),
    env: { ...env, CGO_ENABLED: "0", GOWORK: "off" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve, reject) => build.once("exit", resolve).once("error", reject));
  if (code !== 0) throw new UnavailableError("the build failed (Go says why above)");
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} such as `1.26.8`
 */
function goVersion(env) {
  try {
    const said = execFileSync("go", ["version"], {
      encoding: "utf8",
      env: { ...env, GOTOOLCHAIN: "local" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return said.match(/go(\d+\.\d+\S*)/)?.[1];
  } catch {
    return undefined;
  }
}
