import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SESSION_ITSELF, sentItemsIn } from "./sent-items.ts";

let base: string;
let folder: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "opensync-sent-"));
  folder = join(base, "sent");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe.each(["later", "at-once"] as const)("written and read %s,", (when) => {
  test("nothing is noted of a session that was never sent", async () => {
    const sent = await sentItemsIn(folder, when).read("s1");
    expect(sent.has("m1")).toBe(false);
  });

  test("what was appended is read by another process, the highest version of each, ids of any form", async () => {
    const strange = "a/b\tc\nd";
    await sentItemsIn(folder, when).append("s1", new Map([["m1", 5]]));
    const more = { m1: 4, m2: 7, [strange]: 1, [SESSION_ITSELF]: 9 };
    await sentItemsIn(folder, when).append("s1", new Map(Object.entries(more)));
    const sent = await sentItemsIn(folder, when).read("s1");
    expect(["m1", "m2", strange, SESSION_ITSELF].map((id) => sent.get(id))).toEqual([5, 7, 1, 9]);
    expect(statSync(join(folder, "s1")).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test("a line that a killed process left unfinished spoils no other", async () => {
    const items = sentItemsIn(folder, when);
    await items.append("s1", new Map([["m1", 5]]));
    const file = join(folder, "s1");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n17952%`);
    await items.append("s1", new Map([["m2", 7]]));
    const sent = await items.read("s1");
    expect([sent.get("m1"), sent.get("m2")]).toEqual([5, 7]);
  });

  test("a session whose id is no file name has a file too", async () => {
    const items = sentItemsIn(folder, when);
    await items.append("../../etc/x", new Map([["m1", 5]]));
    expect((await items.read("../../etc/x")).get("m1")).toBe(5);
  });

  test("a file of many outdated lines is written anew", async () => {
    const items = sentItemsIn(folder, when);
    for (let version = 1; version <= 1_002; version++) await items.append("s1", new Map([["m1", version]]));
    await items.read("s1");
    expect(readFileSync(join(folder, "s1"), "utf8")).toBe("\n1002\tm1");
  });
});
