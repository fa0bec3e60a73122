import { writeArchive } from "../exports/archive/write-archive.ts";
import { download } from "../exports/download.ts";
import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";

/**
 * `GET /api/archive`: all of the account's sessions and messages as one file of JSON lines, the ones in the trash too.
 * `?after=<externalId>` goes on behind the last session of an archive that broke off.
 */
export function handleArchive(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const after = new Parameters(e).text("after", 512);
    const day = new Date().toISOString().slice(0, 10);
    const file = { contentType: "application/x-ndjson", fileName: `opensync-archive-${day}.jsonl` };
    download(e, file, (write) => writeArchive(e.app, userId, after, write));
  });
}
