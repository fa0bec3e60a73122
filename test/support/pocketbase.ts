import { existsSync } from "node:fs";
import { inRoot } from "../../scripts/paths.mjs";

/** The superuser of every test database. */
export const superuser = { email: "superuser@example.com", password: "superuser-password" };

/** The PocketBase binary that `npm test` has made ready. */
export function pocketbasePath(): string {
  const path = process.env["POCKETBASE_BIN"] ?? inRoot(".cache", "pocketbase", "0.39.11", "pocketbase");
  if (!existsSync(path)) throw new Error(`there is no PocketBase at ${path}: run \`npm test\`, which gets it`);
  if (!existsSync(inRoot("build", "pb_hooks", "main.pb.js"))) {
    throw new Error("the hooks are not built: run `npm test`, which builds them, or `node scripts/build.mjs`");
  }
  return path;
}
