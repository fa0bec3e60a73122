import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

const common = {
  platform: "node",
  // What the host provides: OpenCode runs the plugin in Bun, everything else runs in Node.
  external: [/^node:/, /^bun:/],
  transform: { target: "es2023", define: { OPENSYNC_VERSION: JSON.stringify(version) } },
};

export default defineConfig([
  {
    ...common,
    input: { plugin: "src/plugin.ts" },
    // One file, since it is copied to a place of its own; no other export, since OpenCode would call it.
    output: { dir: "dist", format: "esm", minify: true, codeSplitting: false },
  },
  {
    ...common,
    input: { cli: "src/cli.ts" },
    output: { dir: "dist", format: "esm", minify: true, chunkFileNames: "chunks/[name]-[hash].js" },
  },
]);
