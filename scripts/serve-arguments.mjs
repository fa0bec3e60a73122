import { inRoot } from "./paths.mjs";

/**
 * The arguments of `pocketbase serve`, the same for a person, the tests and the benchmarks.
 *
 * `--dev=false` is said because a binary in a temporary folder switches development mode on by itself and then prints
 * every SQL statement with its values; `--hooksPool` is above the number of requests that run JavaScript at one time; each VM in it takes 0.3 MB.
 * @param {{ http: string, data: string }} where the address to listen on and the folder of the data
 */
export function serveArguments({ http, data }) {
  return ["serve", `--http=${http}`, ...commonArguments(data), "--hooksPool=20"];
}

/**
 * What every PocketBase command of ours needs: where the data, the hooks, the migrations and the dashboard are.
 * @param {string} data
 */
export function commonArguments(data) {
  return [
    `--dir=${data}`,
    `--hooksDir=${inRoot("build", "pb_hooks")}`,
    `--migrationsDir=${inRoot("build", "pb_migrations")}`,
    `--publicDir=${inRoot("build", "dashboard")}`,
    "--dev=false",
    "--hooksWatch=false",
    "--automigrate=false",
  ];
}
