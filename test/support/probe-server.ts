import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { inRoot } from "../../scripts/paths.mjs";
import { createInstallation, startOn } from "./installation.ts";
import type { TestServer } from "./server.ts";

/**
 * A server with routes of a test's own beside the usual ones, for what no route of ours shows: they call the hooks'
 * library inside PocketBase's VM.
 * @param routes method and path → body of a handler, JavaScript, with `e` and `lib` (everything that pb_hooks/lib exports)
 */
export async function startProbeServer(routes: Readonly<Record<string, string>>): Promise<TestServer> {
  const installation = createInstallation({});
  await bundleLibrary(installation.hooksDir);
  const registrations = Object.entries(routes).map(([route, body]) => {
    const [method, path] = route.split(" ");
    const handler = `(e) => { const lib = require(__hooks + "/lib/probe.js"); ${body} }`;
    return `routerAdd(${JSON.stringify(method)}, ${JSON.stringify(path)}, ${handler}, $apis.bodyLimit(0));`;
  });
  writeFileSync(join(installation.hooksDir, "probe.pb.js"), registrations.join("\n"));
  return startOn(installation);
}

async function bundleLibrary(hooksDir: string): Promise<void> {
  const entry = join(hooksDir, "lib", "probe-entry.ts");
  const files = ["activity", "body", "errors", "guard", "keys", "vm"];
  writeFileSync(
    entry,
    files.map((file) => `export * from ${JSON.stringify(inRoot("pb_hooks", "lib", `${file}.ts`))};`).join("\n"),
  );
  const bundled = await rolldown({ input: entry, platform: "neutral", transform: { target: "es2022" } });
  await bundled.write({ file: join(hooksDir, "lib", "probe.js"), format: "cjs" });
  await bundled.close();
  rmSync(entry);
}
