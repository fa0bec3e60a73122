import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Where systems put the browser that the tests drive. */
const CHROMIUM_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * Path of the Chromium to test with: `CHROMIUM_BIN`, or a usual place; undefined on a machine that has none.
 * @returns {string | undefined}
 */
export function findChromium() {
  return [process.env["CHROMIUM_BIN"] ?? "", ...CHROMIUM_PATHS].find((path) => path !== "" && existsSync(path));
}

/** Whether the commands of API.md can be tried. */
export function hasCurl() {
  return succeeds("curl", ["--version"]);
}

/** Whether units for systemd can be verified; its program for that needs no running systemd. */
export function hasSystemdAnalyze() {
  return succeeds("systemd-analyze", ["--version"]);
}

/** Whether a container engine answers. */
export function hasContainerEngine() {
  return succeeds("docker", ["version", "--format", "{{.Server.Version}}"]);
}

/**
 * The command of Docker Compose on this machine, as program and first arguments; undefined where there is none.
 * @returns {readonly [string, ...string[]] | undefined}
 */
export function findCompose() {
  if (succeeds("docker", ["compose", "version"])) return ["docker", "compose"];
  if (succeeds("docker-compose", ["version"])) return ["docker-compose"];
  return undefined;
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function succeeds(program, args) {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/**
 * What the tests cannot do on this machine, a sentence for each program that is missing, with how to get it.
 * @returns {string[]}
 */
export function missingPrograms() {
  const missing = [];
  if (findChromium() === undefined) {
    missing.push(
      "No Chromium: the browser tests did not run. Install it (Debian: apt install chromium) or set CHROMIUM_BIN.",
    );
  }
  if (!hasCurl())
    missing.push("No curl: the commands of API.md were not tried. Install it (Debian: apt install curl).");
  if (process.platform === "linux" && !hasSystemdAnalyze()) {
    missing.push(
      "No systemd-analyze: the unit that `watch` prints was not verified. Install it (Debian: apt install systemd).",
    );
  }
  if (!hasContainerEngine()) {
    missing.push(
      "No container engine: the image was not tested, a local process stood in for it. Install Docker and start it.",
    );
  } else if (findCompose() === undefined) {
    missing.push(
      "No Docker Compose: docker-compose.yml and deploy/ were not tested. Install it (Debian: apt install docker-compose).",
    );
  }
  return missing;
}
