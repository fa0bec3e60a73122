import { SNAPSHOTS } from "../prices/staged.ts";
import { COUNT_REPEATED_ITEMS, FIND_KNOWN } from "../sql/known.ts";
import { UPSERT_SNAPSHOT_MESSAGES } from "../sql/message.ts";
import { COUNT_REPEATED, READ_OUTCOME, READ_POSITION } from "../sql/outcome.ts";
import { UPSERT_SNAPSHOT_SESSIONS } from "../sql/session.ts";
import * as stage from "../sql/stage.ts";
import { FOLLOW_MESSAGES } from "../sql/sums.ts";
import * as touched from "../sql/touched.ts";

const LISTS = ["sessions", "messages"] as const;

/** The statements of a request with nothing unusual in it. */
export const USUAL_STATEMENTS: readonly string[] = [
  stage.STAGE_BODY,
  stage.READ_SHAPE,
  FIND_KNOWN,
  COUNT_REPEATED_ITEMS,
  ...LISTS.flatMap((list) => {
    const { stageList, stageFields, countStaged } = stage.STAGE[list];
    const { count, price } = SNAPSHOTS[list];
    return [stageList, stageFields, countStaged, count, price];
  }),
  touched.TOUCH_SESSIONS,
  touched.RESOLVE_SESSIONS,
  touched.COUNT_DELETED,
  READ_POSITION,
  UPSERT_SNAPSHOT_SESSIONS,
  touched.CREATE_MISSING_SESSIONS,
  UPSERT_SNAPSHOT_MESSAGES,
  touched.COUNT_GUESSED,
  touched.GUESS_AGAIN,
  FOLLOW_MESSAGES,
  READ_OUTCOME,
  COUNT_REPEATED,
];
