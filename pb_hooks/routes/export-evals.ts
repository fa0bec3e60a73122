import { download } from "../exports/download.ts";
import { findEvals, hasReady } from "../exports/evals/eval-sessions.ts";
import { DEEPEVAL, type EvalWriter, OPENAI, PROMPTFOO } from "../exports/evals/formats.ts";
import { readEvalOptions } from "../exports/evals/options.ts";
import { writeTextFiles } from "../exports/evals/text-files.ts";
import { countCases, writeEvals } from "../exports/evals/write-evals.ts";
import { notFound } from "../lib/errors.ts";
import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";

const WRITERS: Readonly<Record<"deepeval" | "openai" | "promptfoo", EvalWriter>> = {
  deepeval: DEEPEVAL,
  openai: OPENAI,
  promptfoo: PROMPTFOO,
};

/**
 * `GET /api/export/evals`: the sessions that are marked as ready for evals, as test cases. Parameters:
 * `readEvalOptions`. 404 when none is ready, or none of those fits.
 */
export function handleExportEvals(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const options = readEvalOptions(new Parameters(e));
    if (!hasReady(e.app, userId)) throw notFound("No eval-ready sessions found");
    const sessions = findEvals(e.app, userId, options);
    if (sessions.length === 0) throw notFound("No sessions match the specified filters");
    const cases = countCases(e.app, userId, sessions, options);
    const headers = {
      "X-Export-Sessions": String(sessions.length),
      "X-Export-TestCases": String(cases.reduce((sum, count) => sum + count, 0)),
    };
    const name = `opensync-${options.format}-${new Date().toISOString().slice(0, 10)}`;
    if (options.format === "filesystem") {
      const file = { contentType: "application/zip", fileName: `${name}.zip`, headers };
      download(e, file, (write) => writeTextFiles(e.app, userId, sessions, cases, options, write));
    } else {
      const writer = WRITERS[options.format];
      const file = { contentType: writer.contentType, fileName: `${name}.${writer.ending}`, headers };
      download(e, file, (write) => writeEvals(e.app, userId, sessions, options, writer, write));
    }
  });
}
