import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

const fixtures = fileURLToPath(new URL("../../../test/fixtures/opencode", import.meta.url));

/** A private copy of a recorded database: SQLite writes files beside the one that it opens. */
export type FixtureStore = {
  readonly file: string;
  /** Makes OpenCode's reader look at the copy. */
  readonly env: { readonly OPENCODE_DB: string };
  readonly remove: () => void;
};

/** Copies the database that one version of OpenCode wrote. */
export function copyFixtureStore(version: "1.2.27" | "1.15.13"): FixtureStore {
  const folder = mkdtempSync(join(tmpdir(), "opensync-fixture-"));
  const file = join(folder, "opencode.db");
  copyFileSync(join(fixtures, version, "opencode.db"), file);
  return { file, env: { OPENCODE_DB: file }, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const eventSchema = z.object({ id: z.string(), type: z.string(), properties: z.record(z.string(), z.unknown()) });

/** An event as a plugin gets it, with the name of its file. */
export type FixtureEvent = z.infer<typeof eventSchema> & { readonly name: string };

/** The recorded events of 1.18.33 whose file name begins like this, in the order of their names. */
export function readFixtureEvents(prefix = ""): FixtureEvent[] {
  const folder = join(fixtures, "1.18.33/events");
  const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith(".json"));
  return names.sort().map((file) => {
    const event = eventSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    return { ...event, name: file.replace(/\.json$/, "") };
  });
}
