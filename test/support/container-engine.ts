import { execFileSync } from "node:child_process";
import { hasContainerEngine } from "../../scripts/find-programs.mjs";

/**
 * The container engine of this machine, or undefined where none answers: tests then run against a local process.
 * @throws when CI=true and there is none, since nothing may be left out there
 */
export function containerEngine(): "docker" | undefined {
  if (hasContainerEngine()) return "docker";
  if (process.env["CI"] === "true") {
    throw new Error("no container engine answers, and CI=true allows none to be missing: .ci/docker-engine starts one");
  }
  return undefined;
}

/**
 * The command of Docker Compose on this machine, as program and first arguments; undefined where there is none.
 * @throws when CI=true and there is none
 */
export function composeCommand(): readonly [string, ...string[]] | undefined {
  if (succeeds("docker", ["compose", "version"])) return ["docker", "compose"];
  if (succeeds("docker-compose", ["version"])) return ["docker-compose"];
  if (process.env["CI"] === "true")
    throw new Error("there is no Docker Compose, and CI=true allows none to be missing");
  return undefined;
}

function succeeds(program: string, args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
