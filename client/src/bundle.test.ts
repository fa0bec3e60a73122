import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

const index = fileURLToPath(new URL("./index.ts", import.meta.url));

/** The client as a browser gets it, everything in it used. */
async function bundleForBrowsers() {
  await using bundle = await rolldown({ input: index, platform: "browser" });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  return output;
}

/** What a program gets that uses only these names. */
async function bundleOf(...names: string[]) {
  const entry = `export { ${names.join(", ")} } from ${JSON.stringify(index)};`;
  const virtual = {
    name: "entry",
    resolveId: (id: string) => (id === "entry" ? id : null),
    load: (id: string) => (id === "entry" ? entry : null),
  };
  await using bundle = await rolldown({ input: "entry", platform: "browser", plugins: [virtual] });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  return output[0].code;
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

test("a program that only pushes gets no shape of what is pushed, curated or used: the plugin is one, in the agent's memory", async () => {
  const everything = await bundleOf("OpenSyncClient", "messageSchema", "changeSession", "searchSessions", "readUsage");
  const pushing = await bundleOf("OpenSyncClient", "chunkItems");
  // Each a member of one shape: a message, what people add to a session, what is found, a usage.
  for (const member of ["textContent", "evalNotes", "snippet", "unpriced"]) {
    expect(everything.includes(`${member}:`), member).toBe(true);
    expect(pushing.includes(`${member}:`), member).toBe(false);
  }
});
