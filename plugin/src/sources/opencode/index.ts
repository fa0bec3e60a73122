import type { Environment } from "../../environment.ts";
import type { HistorySource } from "../source.ts";
import { locateJsonTrees } from "./json-layout.ts";
import { openJsonTrees } from "./json-tree.ts";
import { dataFolder, locateDatabases } from "./locate.ts";
import { createPastObserver } from "./past-checkout.ts";
import { openStores } from "./read.ts";

/** OpenCode, from 0.5 on: https://opencode.ai. What is known of each version: `EVIDENCE.md`. */
export const openCode: HistorySource = {
  id: "opencode",
  name: "OpenCode",
  locate: (env: Environment) => [...locateDatabases(env), ...locateJsonTrees(dataFolder(env))],
  open: async (env: Environment) => openStores(env, openJsonTrees(dataFolder(env))),
  pastObserver: createPastObserver,
};
