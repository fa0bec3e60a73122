import type { Commands } from "./run.ts";

/** All commands, in the order of the help; each is loaded when it is wanted. */
export const COMMANDS: Commands = {
  login: async () => (await import("./login.ts")).login,
  doctor: async () => (await import("./doctor.ts")).doctor,
  verify: async () => (await import("./verify.ts")).verify,
  sync: async () => (await import("./sync.ts")).sync,
  watch: async () => (await import("./watch.ts")).watch,
  status: async () => (await import("./status.ts")).status,
  config: async () => (await import("./config.ts")).config,
  redact: async () => (await import("./redact.ts")).redact,
  logout: async () => (await import("./logout.ts")).logout,
  version: async () => (await import("./version.ts")).version,
  help: async () => (await import("./help.ts")).help,
};
