import { createHash } from "node:crypto";
import { SetupError } from "./setup-error.mjs";
import { readZipEntry } from "./zip-entry.mjs";

/** Where the official releases lie, one folder a version. */
export const OFFICIAL_RELEASES = "https://github.com/pocketbase/pocketbase/releases/download";

/** The archive is about 12 MB; the limit keeps a wrong address from filling the memory. */
const MAX_ARCHIVE_BYTES = 64 << 20;

/** A way to get PocketBase that cannot be gone here (no network, no such file, no Go): the next one is tried. */
export class UnavailableError extends Error {}

/**
 * The binary out of the official release archive, after its sha256 is compared with the release's own list.
 * @param {object} wanted
 * @param {string} wanted.version such as `0.39.11`
 * @param {string} wanted.platform of Node.js, such as `linux`
 * @param {string} wanted.arch of Node.js, such as `x64`
 * @param {string} wanted.releases address of the folder of all versions: the official one, or a mirror
 * @param {number} wanted.patienceMs how long the server may say nothing
 * @returns {Promise<Buffer>}
 * @throws {UnavailableError} when there is nothing to be had or to check it with
 * @throws {SetupError} when what was served is not what the release lists
 */
export async function fetchRelease({ version, platform, arch, releases, patienceMs }) {
  const archiveName = `pocketbase_${version}_${releasePlatform(platform, arch)}.zip`;
  const folder = `${releases.replace(/\/+$/, "")}/v${version}`;
  const checksums = (await download(`${folder}/checksums.txt`, patienceMs)).toString("utf8");
  const listed = checksums.match(new RegExp(`^([0-9a-f]{64}) [ *]${archiveName.replaceAll(".", "\\.")}$`, "m"))?.[1];
  if (!listed) throw new UnavailableError(`${folder}/checksums.txt does not list ${archiveName}`);
  const archive = await download(`${folder}/${archiveName}`, patienceMs);
  const actual = createHash("sha256").update(archive).digest("hex");
  if (actual !== listed) {
    throw new SetupError(
      `${folder}/${archiveName} is not what its release lists: sha256 ${actual} instead of ${listed}. Nothing was installed.`,
      "Do not use this file. Try again later or from another network; a mirror must serve the release's own files.",
    );
  }
  return unpack(archive, platform === "win32" ? "pocketbase.exe" : "pocketbase", `${folder}/${archiveName}`);
}

/**
 * @param {Buffer} archive
 * @param {string} name
 * @param {string} address
 */
function unpack(archive, name, address) {
  try {
    return readZipEntry(archive, name);
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    const hint = "The release itself is damaged there: try again later, or set POCKETBASE_BIN to a binary of your own.";
    throw new SetupError(`${address} cannot be unpacked: ${message}. Nothing was installed.`, hint, { cause });
  }
}

/**
 * @param {string} platform
 * @param {string} arch
 */
function releasePlatform(platform, arch) {
  const system = new Map([
    ["linux", "linux"],
    ["darwin", "darwin"],
    ["win32", "windows"],
  ]).get(platform);
  const processor = new Map([
    ["x64", "amd64"],
    ["arm64", "arm64"],
    ["arm", "armv7"],
    ["s390x", "s390x"],
    ["ppc64", "ppc64le"],
  ]).get(arch);
  const isReleased = system === "linux" || processor === "amd64" || processor === "arm64";
  if (!system || !processor || !isReleased) throw new UnavailableError(`there is no release for ${platform}-${arch}`);
  return `${system}_${processor}`;
}

/**
 * Gives up when the server says nothing for `patienceMs`, at the start or in the middle.
 * @param {string} address
 * @param {number} patienceMs
 */
async function download(address, patienceMs) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  try {
    const answer = await fetch(address, { signal: patience.signal });
    if (!answer.ok || !answer.body) throw new UnavailableError(`${address} answered ${answer.status}`);
    if (address.startsWith("https:") && !answer.url.startsWith("https:")) {
      throw new UnavailableError(`${address} led to an unencrypted address`);
    }
    /** @type {Uint8Array[]} */
    const chunks = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      timer.refresh();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_ARCHIVE_BYTES) throw new UnavailableError(`${address} is larger than ${MAX_ARCHIVE_BYTES} bytes`);
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    if (cause instanceof UnavailableError) throw cause;
    // What fetch throws says only that it failed; the reason is its cause.
    const failure = /** @type {Error & { cause?: NodeJS.ErrnoException }} */ (cause);
    const reason = patience.signal.aborted
      ? `said nothing for ${patienceMs / 1000} s`
      : `could not be fetched (${failure.cause?.code || failure.cause?.message || failure.message})`;
    throw new UnavailableError(`${address} ${reason}`, { cause });
  } finally {
    clearTimeout(timer);
    patience.abort();
  }
}
