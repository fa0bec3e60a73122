import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { contentSecurityPolicy } from "./vite/content-security-policy.ts";
import { sonnerWithoutInlineStyle } from "./vite/sonner-without-inline-style.ts";

const inDashboard = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: inDashboard("."),
  plugins: [react(), tailwindcss(), sonnerWithoutInlineStyle(), contentSecurityPolicy()],
  resolve: {
    // Radix locks scrolling through this package, which writes <style> elements that the policy forbids.
    alias: { "react-style-singleton": inDashboard("src/lib/style-singleton.ts") },
  },
  build: {
    outDir: inDashboard("../build/dashboard"),
    emptyOutDir: true,
    // The first browsers with light-dark(): older targets would turn every colour into a pair of variables.
    target: ["chrome123", "firefox121", "safari17.5"],
    // A polyfill would be an inline script; these browsers need none.
    modulePreload: { polyfill: false },
    // An inlined asset is a data: URL, which the policy allows for images only.
    assetsInlineLimit: 0,
  },
});
