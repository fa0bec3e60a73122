import { build } from "./build.mjs";
import { ensurePocketBase } from "./get-pocketbase.mjs";
import { installPackages } from "./install.mjs";
import { inRoot, root } from "./paths.mjs";
import { onSupportedNode, run } from "./supported-node.mjs";

await onSupportedNode();
await installPackages();
await build(undefined, { onlyStale: true });
const { path: pocketbase } = await ensurePocketBase();
const tsx = inRoot("node_modules/tsx/dist/cli.mjs");
process.exit(
  await run(process.execPath, [tsx, inRoot("bench/main.ts"), ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, POCKETBASE_BIN: pocketbase },
  }),
);
