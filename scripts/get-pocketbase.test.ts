import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FileReply, type FileServer, serveFiles } from "../test/support/file-server.ts";
import { type ZipFile, zipArchive } from "../test/support/zip-archive.ts";
import { cachedPocketBase, ensurePocketBase, pocketbaseVersion } from "./get-pocketbase.mjs";

const version = pocketbaseVersion();
const archiveName = `pocketbase_${version}_linux_amd64.zip`;
/** Stands for the binary: all that is asked of it here is its version. */
const binary = `#!/bin/sh\necho "pocketbase version ${version}"\n`;
const content = Buffer.from(binary);
const archive = archiveOf({ name: "pocketbase", content });
const cutOff = archive.subarray(0, archive.length - 30);
const damaged = archiveOf({ name: "pocketbase", content, packed: deflateRawSync(Buffer.from(binary.toUpperCase())) });
const empty = archiveOf({ name: "other", content });

let folder: string;
let cache: string;
let said: string[];
const servers: FileServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-get-"));
  cache = join(folder, "cache");
  said = [];
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe("the official release", () => {
  test("is unpacked into the cache when its checksum is the listed one", async () => {
    const releases = await serve({ "checksums.txt": checksums(archive), [archiveName]: archive });
    expect(await ensure({ OPENSYNC_POCKETBASE_RELEASES: releases })).toEqual({ path: path(), how: "release" });
    expect(execFileSync(path(), { encoding: "utf8" })).toContain(version);
    expect(said).toEqual([`PocketBase ${version}: got by release, kept in ${dirname(path())}`]);
  });

  test("is not asked again once the binary is in the cache", async () => {
    const releases = await serve({ "checksums.txt": checksums(archive), [archiveName]: archive });
    await ensure({ OPENSYNC_POCKETBASE_RELEASES: releases });
    expect(await ensure({ OPENSYNC_POCKETBASE_RELEASES: await refusedAddress() })).toEqual({
      path: path(),
      how: "cache",
    });
  });

  test.each([
    ["wrong checksum", checksums(Buffer.from("another file")), archive, "is not what its release lists: sha256"],
    ["archive cut off by the server", checksums(archive), cutOff, "is not what its release lists: sha256"],
    ["listed archive that is itself cut off", checksums(cutOff), cutOff, "is cut off"],
    ["damaged content", checksums(damaged), damaged, "is damaged"],
    ["archive without the binary", checksums(empty), empty, "has no file pocketbase"],
  ])("%s: stops, goes no other way and leaves nothing behind", async (_, list, served, message) => {
    const releases = await serve({ "checksums.txt": list, [archiveName]: served });
    await expect(ensure({ OPENSYNC_POCKETBASE_RELEASES: releases, PATH: pathWithGo() })).rejects.toThrow(message);
    expect(readdirSync(cache)).toEqual([]);
    expect(said).toEqual([]);
  });

  test.each([
    ["a 404", {}, "checksums.txt answered 404"],
    ["a list without the archive", { "checksums.txt": checksums(archive, "another.zip") }, "does not list"],
    ["a listed archive that is not there", { "checksums.txt": checksums(archive) }, `${archiveName} answered 404`],
    ["a connection that ends in the middle", { "checksums.txt": hangUp }, "could not be fetched"],
    ["a server that says nothing", { "checksums.txt": () => {} }, "said nothing for 0.2 s"],
  ])("%s: the next way is gone, and why is said", async (_, files, reason) => {
    const releases = await serve(files);
    const result = await ensure({ OPENSYNC_POCKETBASE_RELEASES: releases, PATH: pathWithGo() });
    expect(result).toEqual({ path: path(), how: "go build" });
    expect(said[0]).toContain("is not to be had by release");
    expect(said[0]).toContain(reason);
    expect(said.at(-1)).toContain("got by go build");
  });

  test("no network and no Go: the error says what a person can do", async () => {
    await expect(ensure({ OPENSYNC_POCKETBASE_RELEASES: await refusedAddress(), PATH: folder })).rejects.toMatchObject({
      message: expect.stringMatching(/release: .*ECONNREFUSED.*go build: Go is not installed/),
      hint: expect.stringMatching(/OPENSYNC_POCKETBASE_RELEASES.*Go 1.25.*POCKETBASE_BIN/),
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  test("a platform that has no release is built", async () => {
    const options = {
      env: { PATH: pathWithGo() },
      cache,
      platform: "freebsd",
      arch: "x64",
      say: (line: string) => said.push(line),
    };
    expect((await ensurePocketBase(options)).how).toBe("go build");
    expect(said[0]).toContain("there is no release for freebsd-x64");
  });
});

test("an old Go is named as the reason", async () => {
  const env = { OPENSYNC_POCKETBASE_RELEASES: await refusedAddress(), PATH: pathWithGo("go1.19.8") };
  await expect(ensure(env)).rejects.toThrow("Go 1.19.8 is too old (1.25 is needed)");
});

test("a half-written cache is mended", async () => {
  const releases = await serve({ "checksums.txt": checksums(archive), [archiveName]: archive });
  await ensure({ OPENSYNC_POCKETBASE_RELEASES: releases });
  writeFileSync(path(), binary.slice(0, 20));
  expect((await ensure({ OPENSYNC_POCKETBASE_RELEASES: releases })).how).toBe("release");
  expect(said).toContain(`The cached PocketBase ${version} is damaged or half written: getting it again.`);
  expect(readFileSync(path(), "utf8")).toBe(binary);
  expect(readdirSync(cache)).toEqual([version]);
});

test("what a run that died has left is removed, what a living one works on is not", async () => {
  const releases = await serve({ "checksums.txt": checksums(archive), [archiveName]: archive });
  const dead = Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
  for (const pid of [dead, process.ppid]) mkdirSync(join(cache, `${version}.${pid}.unfinished`), { recursive: true });
  await ensure({ OPENSYNC_POCKETBASE_RELEASES: releases });
  expect(readdirSync(cache).sort()).toEqual([version, `${version}.${process.ppid}.unfinished`]);
});

test("runs at the same time end with one whole binary", async () => {
  const releases = await serve({ "checksums.txt": checksums(archive), [archiveName]: archive });
  const script = `import { ensurePocketBase } from ${JSON.stringify(new URL("get-pocketbase.mjs", import.meta.url).href)};
    await ensurePocketBase({ env: { OPENSYNC_POCKETBASE_RELEASES: ${JSON.stringify(releases)} }, cache: ${JSON.stringify(cache)},
      platform: "linux", arch: "x64" });`;
  const run = () =>
    new Promise<Error | null>((resolve) => {
      execFile(process.execPath, ["--input-type=module", "-e", script], (error) => resolve(error));
    });
  expect(await Promise.all([run(), run(), run(), run()])).toEqual([null, null, null, null]);
  expect(readdirSync(cache)).toEqual([version]);
  expect((await ensure({})).how).toBe("cache");
});

describe("POCKETBASE_BIN", () => {
  test("is used as it is", async () => {
    const own = script("own", binary);
    expect(await ensure({ POCKETBASE_BIN: own })).toEqual({ path: own, how: "POCKETBASE_BIN" });
    expect(said).toEqual([`PocketBase: ${own}, as POCKETBASE_BIN says`]);
    expect(existsSync(cache)).toBe(false);
  });

  test("of another version is used with a word about it", async () => {
    await ensure({ POCKETBASE_BIN: script("own", 'echo "pocketbase version 0.1.2"') });
    expect(said[1]).toContain(`calls itself 0.1.2; everything here is tested with ${version}`);
  });

  test.each([
    ["a path where nothing is", () => join(folder, "nothing")],
    ["a program that is not PocketBase", () => script("own", "echo hello")],
    ["a file that cannot be run", () => join(folder, "own.txt")],
  ])("%s stops with an error that names it", async (_, own) => {
    writeFileSync(join(folder, "own.txt"), "text");
    await expect(ensure({ POCKETBASE_BIN: own() })).rejects.toThrow(`POCKETBASE_BIN is ${own()}, and that is not`);
  });
});

function ensure(env: Record<string, string>) {
  return ensurePocketBase({
    env,
    cache,
    platform: "linux",
    arch: "x64",
    patienceMs: 200,
    say: (line) => said.push(line),
  });
}

function path(): string {
  return cachedPocketBase(cache, "linux");
}

/** A shell script in the test's own folder. */
function script(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A PATH whose `go` writes the test's binary wherever it is told to build. */
function pathWithGo(goVersion = "go1.26.0"): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "pocketbase"), binary);
  script(
    "bin/go",
    `case "$1" in version) echo "go version ${goVersion} linux/amd64";; build) while [ "$1" != -o ]; do shift; done; cp ${bin}/pocketbase "$2";; esac`,
  );
  return `${bin}:/usr/bin:/bin`;
}

function hangUp(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-length": 1000 }).write("0123456789", () => response.destroy());
}

/** A release server with these files of the version; returns its address. */
async function serve(files: Record<string, FileReply>): Promise<string> {
  const paths = Object.entries(files).map(([name, reply]) => [`/v${version}/${name}`, reply] as const);
  const server = await serveFiles(Object.fromEntries(paths));
  servers.push(server);
  return server.url;
}

/** An address where nothing listens any more. */
async function refusedAddress(): Promise<string> {
  const server = await serveFiles({});
  await server.stop();
  return server.url;
}

function checksums(archive: Buffer, name = archiveName): string {
  const other = `${"0".repeat(64)}  pocketbase_${version}_darwin_arm64.zip\n`;
  return `${other}${createHash("sha256").update(archive).digest("hex")}  ${name}\n`;
}

/** An archive as the release has it: some text, then the binary. */
function archiveOf(file: ZipFile): Buffer {
  return zipArchive([{ name: "LICENSE.md", content: Buffer.from("MIT") }, file]);
}
