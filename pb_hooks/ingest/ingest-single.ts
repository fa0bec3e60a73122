import { badRequest, gone } from "../lib/errors.ts";
import type { KeyOwner } from "../lib/keys.ts";
import type { ListName } from "../sql/stage.ts";
import { DELETED } from "../sql/touched.ts";
import { ingest } from "./ingest.ts";

/**
 * Stores a body that is one item.
 * @returns the id of its row
 * @throws HttpError 400 when it is not valid, 410 when its session was deleted on the dashboard
 */
export function ingestSingle(app: core.App, key: KeyOwner, body: string, list: ListName): string {
  const { problems, rowId } = ingest(app, key, body, list);
  const text = problems[0]?.text;
  if (text === DELETED) throw gone(`This session was ${DELETED}.`);
  if (text !== undefined) throw badRequest(text);
  return rowId;
}
