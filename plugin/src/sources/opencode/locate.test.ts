import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCode } from "./index.ts";
import { liveOpenCode } from "./live.ts";
import { dataFolder } from "./locate.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "opensync-locate-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

test.each([
  { name: "below the home", env: { HOME: "/home/dev" }, platform: "linux", folder: "/home/dev/.local/share/opencode" },
  {
    name: "in the data home",
    env: { HOME: "/h", XDG_DATA_HOME: "/data" },
    platform: "linux",
    folder: "/data/opencode",
  },
  { name: "as on Linux", env: { HOME: "/Users/dev" }, platform: "darwin", folder: "/Users/dev/.local/share/opencode" },
  {
    name: "below the profile, whatever HOME a shell sets",
    env: { HOME: "/c/Users/dev", USERPROFILE: "/profile" },
    platform: "win32",
    folder: "/profile/.local/share/opencode",
  },
] as const)("OpenCode's data are $name on $platform", ({ env, platform, folder }) => {
  expect(dataFolder(env, platform)).toBe(folder);
});

test("all places that may hold sessions are found, the released channel's database first", () => {
  const folder = join(home, "opencode");
  mkdirSync(join(folder, "storage/session"), { recursive: true });
  mkdirSync(join(folder, "project"));
  for (const name of ["opencode-dev.db", "opencode.db", "opencode.db-wal", "opencode.db.bak", "my-opencode.db"]) {
    writeFileSync(join(folder, name), "");
  }
  const databases = [join(folder, "opencode.db"), join(folder, "opencode-dev.db")];
  expect(openCode.locate({ XDG_DATA_HOME: home })).toEqual([
    ...databases,
    join(folder, "storage/session"),
    join(folder, "project"),
  ]);
  expect(liveOpenCode.locate({ XDG_DATA_HOME: home })).toEqual(databases);
});

test("a machine without OpenCode has none, and a named database that is not there is none", () => {
  expect(openCode.locate({ XDG_DATA_HOME: home })).toEqual([]);
  expect(openCode.locate({ XDG_DATA_HOME: home, OPENCODE_DB: "other.db" })).toEqual([]);
});
