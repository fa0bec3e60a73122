import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { inRoot, root } from "./paths.mjs";

/** Set by our own programs for each other, or fixed when they are built: nothing that a person sets. */
const INTERNAL = ["COMMIT", "DETACHED", "INSTALL", "RUNS_ON", "VERSION"].map((name) => `OPENSYNC_${name}`);

const example = readFileSync(inRoot(".env.example"), "utf8");

test(".env.example names every setting that the code reads, and no other", () => {
  const sources = globSync(["{pb_hooks,plugin/src,scripts}/**/*.{ts,mjs}", "docker-compose.yml"], { cwd: root }).filter(
    (file) => !file.endsWith(".test.ts"),
  );
  const read = sources.flatMap((file) => readFileSync(inRoot(file), "utf8").match(/\bOPENSYNC_[A-Z_]+\b/g) ?? []);
  expect(named(example)).toEqual(
    named([...read, "POCKETBASE_BIN"].filter((name) => !INTERNAL.includes(name)).join(" ")),
  );
});

test(".env.example sets nothing, and says a sentence about each setting", () => {
  for (const block of example.trim().split(/\n\n+/)) {
    if (block.includes("=")) expect(block).toMatch(/^# .+\.\n#[A-Z_]+=\S*$/);
    else expect(block).toMatch(/^# /);
  }
});

function named(text: string): string[] {
  return [...new Set(text.match(/\b(?:OPENSYNC|POCKETBASE)_[A-Z_]+\b/g))].sort();
}
