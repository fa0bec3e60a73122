#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { canRun, explainOldNode, runInOpenCode } from "./old-node.ts";

// An old Node gets as far as this and no further: everything else is imported once it is known to run here.
if (canRun(process.versions)) {
  const { main } = await import("./program.ts");
  process.exitCode = await main(fileURLToPath(new URL(".", import.meta.url)));
} else {
  const code = await runInOpenCode(fileURLToPath(import.meta.url), process.argv.slice(2), process.env);
  if (code === undefined) process.stderr.write(explainOldNode(process.versions.node));
  process.exitCode = code ?? 1;
}
