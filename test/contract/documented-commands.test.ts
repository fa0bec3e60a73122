import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import PocketBase from "pocketbase";
import { expect, test } from "vitest";
import { inRoot, root } from "../../scripts/paths.mjs";
import { pocketbasePath } from "../support/pocketbase.ts";
import { sharedServer } from "../support/shared.ts";

const server = sharedServer();

test("the command of SETUP.md for the admin page works as it is printed, while the server runs", async () => {
  const page = readFileSync(inRoot("SETUP.md"), "utf8");
  const [, printed = ""] = /```sh\n(\S+pocketbase superuser [^`]+)```/.exec(page) ?? [];
  expect(printed).toMatch(/^\.cache\/pocketbase\/0\.39\.11\/pocketbase .* --dir=pb_data /s);
  const command = printed
    .replace(".cache/pocketbase/0.39.11/pocketbase", `'${pocketbasePath()}' --dev=false`)
    .replace("--dir=pb_data", `--dir='${server.dataDir}'`);
  await promisify(execFile)("sh", ["-euc", command], { cwd: root });

  const client = new PocketBase(server.url);
  await client.collection("_superusers").authWithPassword("you@example.com", "a long password");
  expect(client.authStore.isSuperuser).toBe(true);
});
