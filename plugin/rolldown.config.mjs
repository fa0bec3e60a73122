import { execFileSync } from "node:child_process";
import { defineConfig } from "rolldown";

/** The commit of the checkout; empty where there is none, as in an image. */
function commit() {
  try {
    const args = ["describe", "--always", "--dirty", "--exclude=*"];
    return execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

const common = {
  platform: "node",
  // What the host provides: OpenCode runs the plugin in Bun, everything else runs in Node.
  external: [/^node:/, /^bun:/],
  // jsonc-parser's `main` is UMD, which finds its own files at run time; its `module` is what can be bundled.
  resolve: { mainFields: ["module", "main"] },
  transform: { target: "es2023" },
};

export default defineConfig([
  {
    ...common,
    input: { plugin: "src/plugin.ts" },
    // One file, since it is copied to a place of its own; no other export, since OpenCode would call it.
    // The first line tells Bun that nothing is left to translate: its translator would take 6 MB of OpenCode's memory.
    output: { dir: "dist", format: "esm", minify: true, codeSplitting: false, postBanner: "// @bun" },
  },
  {
    ...common,
    input: { cli: "src/cli.ts" },
    transform: { ...common.transform, define: { OPENSYNC_COMMIT: JSON.stringify(commit()) } },
    output: { dir: "dist", format: "esm", minify: true, chunkFileNames: "chunks/[name]-[hash].js" },
  },
]);
