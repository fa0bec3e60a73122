import type { Source } from "../source.ts";
import { locateDatabases } from "./locate.ts";
import { openStores } from "./read.ts";

/**
 * OpenCode as its plugin needs it: the databases alone. A version that can load the plugin keeps its sessions there; the
 * files of older ones do not change any more, and looking for them would cost time in OpenCode's own process.
 */
export const liveOpenCode: Source = {
  id: "opencode",
  name: "OpenCode",
  locate: locateDatabases,
  open: (env) => openStores(env, []),
};
