import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findCompose, hasContainerEngine, missingPrograms } from "./find-programs.mjs";

let folder: string;

/** A machine on which these programs are, and no others. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opensync-programs-"));
  vi.stubEnv("PATH", folder);
  vi.stubEnv("CHROMIUM_BIN", script("chromium"));
  script("curl");
  script("systemd-analyze");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text = ""): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("a machine with everything misses nothing", () => {
  script("docker");
  expect(hasContainerEngine()).toBe(true);
  expect(findCompose()).toEqual(["docker", "compose"]);
  expect(missingPrograms()).toEqual([]);
});

test("the old program for Compose will do", () => {
  script("docker", '[ "$1" != compose ]');
  script("docker-compose");
  expect(findCompose()).toEqual(["docker-compose"]);
  expect(missingPrograms()).toEqual([]);
});

test("without an engine one line says what stood in for it, and how to get one", () => {
  script("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
  expect(hasContainerEngine()).toBe(false);
  expect(missingPrograms()).toEqual([
    expect.stringMatching(/^No container engine: the image was not tested, a local process stood in.* Install Docker/),
  ]);
});

test("without curl one line says what was not tried", () => {
  script("docker");
  rmSync(join(folder, "curl"));
  expect(missingPrograms()).toEqual([expect.stringMatching(/^No curl: the commands of API\.md .* Install it/)]);
});

test("without Compose one line says what was not tested, and how to get it", () => {
  script("docker", '[ "$1" != compose ]');
  expect(missingPrograms()).toEqual([
    expect.stringMatching(/^No Docker Compose: docker-compose\.yml .* not tested\. Install it/),
  ]);
});
