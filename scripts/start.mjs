import { existsSync } from "node:fs";
import { build } from "./build.mjs";
import { ensurePocketBase } from "./get-pocketbase.mjs";
import { installPackages } from "./install.mjs";
import { inRoot } from "./paths.mjs";
import { serveArguments } from "./serve-arguments.mjs";
import { onSupportedNode, run } from "./supported-node.mjs";

await onSupportedNode();
if (existsSync(inRoot(".env"))) process.loadEnvFile(inRoot(".env"));
await installPackages();
await build(undefined, { onlyStale: true });
const { path: pocketbase } = await ensurePocketBase();

const http = process.env["OPENSYNC_HTTP"] || "127.0.0.1:8090";
const environment = { ...process.env, OPENSYNC_URL: process.env["OPENSYNC_URL"] || `http://${http}` };
const data = process.env["OPENSYNC_DATA"] || inRoot("pb_data");
process.exit(await run(pocketbase, serveArguments({ http, data }), { env: environment }));
