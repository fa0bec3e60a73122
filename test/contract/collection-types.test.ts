import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { collectionTypes, typesFile } from "../../scripts/generate-types.mjs";

test("the generated collection types are those of the migrated database (`npm run types` writes them)", async () => {
  expect(readFileSync(typesFile, "utf8")).toBe(await collectionTypes(join(inject("template"), "data.db")));
});
