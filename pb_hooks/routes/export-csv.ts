import { writeCsv } from "../exports/csv.ts";
import { download } from "../exports/download.ts";
import { guardBodyless } from "../lib/guard.ts";
import { Parameters } from "../lib/parameters.ts";
import { requireReader } from "../lib/reader.ts";
import { sessionFilter } from "../reading/session-filter.ts";
import { EVERYTHING, narrowByText } from "../search/narrow.ts";

/** `GET /api/export/csv`: the sessions under the filters of `GET /api/sessions` and its text, all of them, as a table. */
export function handleExportCsv(e: core.RequestEvent): void {
  guardBodyless(e, () => {
    const { userId } = requireReader(e);
    const parameters = new Parameters(e);
    const filter = narrowByText(e.app, parameters, sessionFilter(parameters, userId), userId, EVERYTHING);
    const day = new Date().toISOString().slice(0, 10);
    const file = { contentType: "text/csv; charset=utf-8", fileName: `opensync_sessions_${day}.csv` };
    download(e, file, (write) => writeCsv(e.app, filter, write));
  });
}
