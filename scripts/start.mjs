import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "./build.mjs";
import { ensurePocketBase } from "./get-pocketbase.mjs";
import { installPackages } from "./install.mjs";
import { ensureFree, localUrl } from "./listen-address.mjs";
import { inRoot } from "./paths.mjs";
import { serveArguments } from "./serve-arguments.mjs";
import { onSupportedNode, run } from "./supported-node.mjs";

await onSupportedNode();
if (existsSync(inRoot(".env"))) process.loadEnvFile(inRoot(".env"));
const http = process.env["OPENSYNC_HTTP"] || "127.0.0.1:8090";
const url = localUrl(http);
await ensureFree(http);
await installPackages();
await build(undefined, { onlyStale: true });
const { path: pocketbase } = await ensurePocketBase();

const environment = { ...process.env, OPENSYNC_URL: process.env["OPENSYNC_URL"] || url };
const data = process.env["OPENSYNC_DATA"] || inRoot("pb_data");
const server = run(pocketbase, serveArguments({ http, data }), { env: environment });
void announce();
process.exit(await server);

/** Says where to go once the server answers: PocketBase's own lines name its admin page only. */
async function announce() {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const isUp = await fetch(`${url}/health`)
      .then(({ ok }) => ok)
      .catch(() => false);
    if (isUp) {
      console.log(`\nOpenSync is ready: ${url} (Ctrl-C stops it)`);
      return console.log("The address with /_/ is PocketBase's own, for administration: see SETUP.md.");
    }
    await pause(50);
  }
}
