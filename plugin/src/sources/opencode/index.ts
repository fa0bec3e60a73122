import type { Source } from "../source.ts";
import { locateDatabases } from "./locate.ts";
import { openStore } from "./read.ts";

/** OpenCode 1.2-1.18: https://opencode.ai. */
export const openCode: Source = {
  id: "opencode",
  name: "OpenCode",
  locate: locateDatabases,
  open: openStore,
};
