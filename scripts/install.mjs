import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { inRoot, root } from "./paths.mjs";
import { npm } from "./supported-node.mjs";

const stampFile = inRoot("node_modules", ".opensync-stamp");

/**
 * Installs the locked packages where they are not installed yet. Install scripts never run: none of ours is needed, and
 * a native build would fail where there is no compiler. A stamp keeps a warm start from asking npm anything.
 */
export async function installPackages() {
  const stamp = createHash("sha256")
    .update(readFileSync(inRoot("package-lock.json")))
    .update(process.version)
    .digest("hex");
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  console.log("Installing packages …");
  const code = await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: root });
  if (code !== 0) {
    console.error("Installing the packages failed (npm says why above). Mend that and run the same command again.");
    process.exit(code);
  }
  writeFileSync(stampFile, stamp);
}
