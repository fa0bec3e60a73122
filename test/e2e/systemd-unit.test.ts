import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemdUnit } from "../../plugin/src/commands/service-file.ts";
import { hasSystemdAnalyze } from "../../scripts/find-programs.mjs";

/** Names of folders in which somebody may have Node. */
const ODD_NAMES = ["plain", "a b", "100%n", "$HOME", '"quoted"', "o'brien", "back\\slash", "semi;colon", "größe-目录"];

// `npm test` says where this is left out; in CI it fails.
const names = hasSystemdAnalyze() || process.env["CI"] === "true" ? ODD_NAMES : [];

test.each(names)("systemd takes the unit of a Node in a folder named %s, and finds it", (name) => {
  const base = mkdtempSync(join(tmpdir(), "opensync-unit-"));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, name);
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, "node"));
  const command = [join(folder, "node"), join(folder, "cli.js"), "watch"] as const;
  const file = join(base, "opencode-sync.service");
  writeFileSync(file, systemdUnit({ command, env: { OPENSYNC_HOME: folder } }).text);
  // Its runtime folder stands for the one that a signed-in user has.
  const env = { PATH: process.env["PATH"], HOME: base, XDG_RUNTIME_DIR: base };
  const said = execFileSync("systemd-analyze", ["verify", "--user", "--man=no", file], { env, stdio: "pipe" });
  expect(said.toString()).toBe("");
});
