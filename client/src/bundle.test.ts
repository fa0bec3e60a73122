import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

/** The client as a browser gets it, everything in it used. */
async function bundleForBrowsers() {
  const input = fileURLToPath(new URL("./index.ts", import.meta.url));
  await using bundle = await rolldown({ input, platform: "browser" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  return output;
}

test("the client is one small file for a browser: nothing of Node, no undici, no full zod", async () => {
  const [entry, ...others] = await bundleForBrowsers();
  expect(others).toEqual([]);
  expect(entry.imports).toEqual([]);
  const modules = entry.moduleIds.map((id) => id.replaceAll("\\", "/"));
  expect(modules.filter((id) => /node_modules\/undici|zod\/v4\/classic|src\/(digest|node|testing)\//.test(id))).toEqual(
    [],
  );
  // Measured: 18.1 kB, of which 15.1 are what pushing needs; the rest are the shapes of what is read and curated, which
  // a program that does not use them does not get. The whole dashboard has 250 kB.
  expect(gzipSync(entry.code).byteLength).toBeLessThan(22_000);
});
