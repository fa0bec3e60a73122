import { queryOne } from "../../lib/vm.ts";
import type { Write } from "../download.ts";
import { FACTS } from "../formats/session-format.ts";
import { headOf, TEXT } from "../formats/text.ts";
import { messagePage, writeMessages } from "../message-pages.ts";
import { ZipWriter } from "../zip.ts";
import { anonymize } from "./anonymize.ts";
import type { EvalSession } from "./eval-sessions.ts";
import type { EvalOptions } from "./options.ts";

/** Machines are often called after people. */
const EVAL_FACTS: typeof FACTS = [
  ...FACTS.filter(([label]) => label !== "Device"),
  ["Status", "s.evalStatus"],
  ["Tags", "coalesce((SELECT group_concat(value, ', ') FROM json_each(s.tags)), '')"],
  ["Expected", "s.expectedOutput"],
];

const TEXT_FRAME = `SELECT ${headOf(EVAL_FACTS)} AS head, ${TEXT.foot} AS foot FROM sessions s WHERE s.user = {:user} AND s.id = {:session}`;
const TEXT_MESSAGES = messagePage(TEXT.message, "m.removedAt = 0 AND m.role <> 'system'");
const TEXT_MESSAGES_WITH_SYSTEM = messagePage(TEXT.message);

const README = `Sessions of coding agents, one text file each, exported from OpenSync for evaluation.
manifest.json lists them with their agents and models.
`;

/**
 * Writes a zip archive with a text file for each session that has a test case, a manifest and a readme.
 * @param cases number of test cases of each session
 */
export function writeTextFiles(
  app: core.App,
  user: string,
  sessions: readonly EvalSession[],
  cases: readonly number[],
  options: EvalOptions,
  write: Write,
): void {
  const clean = options.isAnonymous ? anonymize : (text: string) => text;
  const messages = options.withSystem ? TEXT_MESSAGES_WITH_SYSTEM : TEXT_MESSAGES;
  const zip = new ZipWriter(write);
  const chosen = sessions.filter((_, index) => (cases[index] ?? 0) > 0);
  const names = fileNames(chosen);
  for (const [index, session] of chosen.entries()) {
    zip.file(names[index] ?? session.id, (writeText) => {
      const frame = queryOne(app, TEXT_FRAME, { user, session: session.id }, { head: "", foot: "" });
      writeText(clean(frame?.head ?? ""));
      writeMessages(app, messages, { user, session: session.id }, (text) => writeText(clean(text)));
      writeText(frame?.foot ?? "");
    });
  }
  zip.file("README.txt", (writeText) => writeText(README));
  zip.file("manifest.json", (writeText) =>
    writeText(`${JSON.stringify(manifest(sessions, chosen, names, cases), null, 2)}\n`),
  );
  zip.end();
}

/** The whole id is in the name: ids of one agent begin alike. What a file system might not take becomes a dash. */
function fileNames(sessions: readonly EvalSession[]): string[] {
  const taken = new Set<string>();
  return sessions.map(({ id, externalId }) => {
    const plain = externalId.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 150);
    const name = taken.has(plain.toLowerCase()) ? `${plain}-${id}` : plain;
    taken.add(name.toLowerCase());
    return `session-${name}.txt`;
  });
}

function manifest(
  sessions: readonly EvalSession[],
  chosen: readonly EvalSession[],
  files: readonly string[],
  cases: readonly number[],
) {
  const sources: Record<string, number> = {};
  for (const { source } of chosen) sources[source] = (sources[source] ?? 0) + 1;
  return {
    opensync_metadata: {
      export_version: "1.0",
      export_date: new Date().toISOString(),
      total_sessions: chosen.length,
      total_test_cases: cases.reduce((sum, count) => sum + count, 0),
      skipped_sessions: sessions.length - chosen.length,
    },
    sources,
    models: [...new Set(chosen.map(({ model }) => model).filter((model) => model !== ""))].sort(),
    files,
  };
}
