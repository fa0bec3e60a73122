import { findCompose, hasContainerEngine } from "../../scripts/find-programs.mjs";

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
  const compose = findCompose();
  if (compose === undefined && process.env["CI"] === "true") {
    throw new Error("there is no Docker Compose, and CI=true allows none to be missing");
  }
  return compose;
}
