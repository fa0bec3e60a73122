import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ensurePocketBase } from "./get-pocketbase.mjs";
import { installPackages } from "./install.mjs";
import { inRoot, root } from "./paths.mjs";
import { onSupportedNode, run } from "./supported-node.mjs";

/** The checks that read the code without running it. */
const checks = [
  { name: "format and lint", args: [inRoot("node_modules/@biomejs/biome/bin/biome"), "check", "."] },
  // --force, since tsc otherwise repeats an old answer after a file was added.
  { name: "types", args: [inRoot("node_modules/typescript/bin/tsc"), "-b", "--force"] },
  { name: "dead code", args: [inRoot("node_modules/knip/bin/knip.js")] },
];

/**
 * Runs every check, each to its end.
 * @param {string} pocketbase the binary, which writes the types of its own VM
 * @returns {Promise<{ name: string, passed: boolean }[]>}
 */
export async function check(pocketbase) {
  if (!existsSync(inRoot("build/types/types.d.ts"))) {
    execFileSync(pocketbase, ["migrate", "up", `--dir=${inRoot("build/types")}`, "--dev=false"], {
      cwd: inRoot("scripts"),
      stdio: "pipe",
    });
  }
  const results = [];
  for (const { name, args } of checks) {
    console.log(`Checking ${name} …`);
    const passed = (await run(process.execPath, args, { cwd: root })) === 0;
    results.push({ name, passed });
  }
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await onSupportedNode();
  await installPackages();
  const { path } = await ensurePocketBase();
  process.exit((await check(path)).every(({ passed }) => passed) ? 0 : 1);
}
