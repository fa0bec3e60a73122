import type { Source } from "../source.ts";
import { locateStores } from "./locate.ts";
import { observePast } from "./past-checkout.ts";
import { openStore } from "./read.ts";

/** OpenCode, from 0.5 on: https://opencode.ai. What is known of each version: `EVIDENCE.md`. */
export const openCode: Source = {
  id: "opencode",
  name: "OpenCode",
  locate: locateStores,
  open: openStore,
  observePast,
};
