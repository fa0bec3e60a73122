import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";

const fixtures = fileURLToPath(new URL("../../../test/fixtures/opencode", import.meta.url));

/** Versions whose recorded stores are kept. */
export const FIXTURE_VERSIONS = ["0.5.29", "1.1.65", "1.2.27", "1.15.13"] as const;
export type FixtureVersion = (typeof FIXTURE_VERSIONS)[number];

/** A private copy of a recorded store: SQLite writes files beside the one that it opens. */
export type FixtureStore = {
  /** OpenCode's data folder. */
  readonly folder: string;
  /** The database; up to 1.1 there is none. */
  readonly file: string;
  /** Makes OpenCode's reader look at the copy, and at nothing of the developer's own. */
  readonly env: { readonly XDG_DATA_HOME: string };
  readonly remove: () => void;
};

/** Makes a data folder with what these versions of OpenCode wrote; none: an empty one. */
export function copyFixtureStore(...versions: readonly FixtureVersion[]): FixtureStore {
  const home = mkdtempSync(join(tmpdir(), "opensync-fixture-"));
  const folder = join(home, "opencode");
  mkdirSync(folder);
  for (const version of versions) cpSync(join(fixtures, version), folder, { recursive: true });
  return {
    folder,
    file: join(folder, "opencode.db"),
    env: { XDG_DATA_HOME: home },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
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
