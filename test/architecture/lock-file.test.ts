import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { inRoot } from "../../scripts/paths.mjs";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.looseObject({
      resolved: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const lockFiles = ["package-lock.json", "scripts/node/package-lock.json"];
const readLock = (file: string) => lockSchema.parse(JSON.parse(readFileSync(inRoot(file), "utf8"))).packages;

test.each(lockFiles)("%s names no download address, so that everybody's own registry serves it", (file) => {
  const addresses = Object.values(readLock(file)).filter(({ resolved }) => /^https?:/.test(resolved ?? ""));
  expect(addresses).toEqual([]);
});

// A platform package that could not be resolved when the lock was written is left out silently; `npm ci` then fails on
// every machine, not only on that platform.
test.each(lockFiles)("%s holds an entry for every optional package of every platform", (file) => {
  const packages = readLock(file);
  const isInstalled = (folder: string, name: string): boolean => {
    if (`${folder}/node_modules/${name}`.replace(/^\//, "") in packages) return true;
    const parent = folder.lastIndexOf("/node_modules/");
    return folder !== "" && isInstalled(parent < 0 ? "" : folder.slice(0, parent), name);
  };
  const missing = Object.entries(packages).flatMap(([folder, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {})
      .filter((name) => !isInstalled(folder, name))
      .map((name) => `${folder}: ${name}`),
  );
  expect(missing).toEqual([]);
});

test("what ships to users is under a licence that allows it", () => {
  const permissive =
    /^\(?(MIT|MIT-0|ISC|0BSD|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|Unlicense|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0)\b/;
  const shipped = Object.entries(readLock("package-lock.json")).filter(
    ([folder, { dev }]) => folder.startsWith("node_modules/") && dev !== true,
  );
  const other = shipped.filter(
    ([, { license, resolved }]) => resolved === undefined && !permissive.test(license ?? ""),
  );
  expect(other.map(([folder, { license }]) => `${folder}: ${license}`)).toEqual([]);
});
