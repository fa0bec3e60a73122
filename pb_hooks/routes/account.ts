import type { DeleteAccountAnswer, DeleteDataAnswer } from "@opensync/client";
import { countPending, emptyTrash } from "../curation/empty-trash.ts";
import { COUNT_OWN, DISOWN_ALL, PURGE_ALL, READ_STAMP } from "../curation/sql.ts";
import { printSetupLink } from "../jobs/first-run.ts";
import { hasUsers } from "../lib/accounts.ts";
import { signalActivity } from "../lib/activity.ts";
import { conflict, forbidden } from "../lib/errors.ts";
import { type Fields, readFields } from "../lib/fields.ts";
import { guard } from "../lib/guard.ts";
import { forgetKey } from "../lib/keys.ts";
import { FAILED_CONFIRMATIONS, giveBack, take } from "../lib/rate-limit.ts";
import { requireUser } from "../lib/reader.ts";
import { respondJson } from "../lib/respond.ts";
import { execute, queryAll, queryOne } from "../lib/vm.ts";

/** What a later sync does; the answer says it, because people expect the one or the other. */
const COMES_BACK =
  "Agents' machines that are still signed in send their sessions anew with the next `opencode-sync sync --all`.";
const STAYS_AWAY = "The ids of the deleted sessions are kept, so that no sync brings one of them back.";

/** The service through which somebody signs in. Bind `user`. */
const SIGNS_IN_WITH = "SELECT provider FROM _externalAuths WHERE recordRef = {:user} ORDER BY created DESC LIMIT 1";

/**
 * `POST /api/account/delete-data {password, keepTombstones?}` with a user's token: deletes all sessions and messages of
 * the account, at once and for good; account and keys stay. Without `keepTombstones` nothing is left, and a later full
 * sync starts from nothing; with it the ids stay and refuse what was deleted.
 * Answers `{ok, sessions, messages, pending, note}`.
 */
export function handleDeleteData(e: core.RequestEvent): void {
  guard(e, () => {
    const user = requireUser(e);
    const fields = readFields(e);
    const keepsTombstones = fields.flag("keepTombstones");
    confirmPassword(e.app, user, fields);
    const counts = readCounts(e.app, user.id);
    e.app.runInTransaction((txApp) => {
      giveUp(txApp, user.id, keepsTombstones);
      signalActivity(txApp, user.id);
    });
    e.app.logger().warn("All data of an account was deleted.", "user", user.id, "sessions", counts.sessions);
    emptyTrash(e.app);
    const note = keepsTombstones ? STAYS_AWAY : COMES_BACK;
    const answer: DeleteDataAnswer = { ok: true, ...counts, pending: countPending(e.app, user.id), note };
    respondJson(e, answer);
  });
}

/**
 * `DELETE /api/account {password}` with a user's token: deletes the account, its keys and all of its data.
 * Answers `{ok, sessions, messages, pending}`. With the last account the server prints a new setup link. 409 for the only owner of a server that others use too.
 */
export function handleDeleteAccount(e: core.RequestEvent): void {
  guard(e, () => {
    const user = requireUser(e);
    confirmPassword(e.app, user, readFields(e));
    const counts = readCounts(e.app, user.id);
    const keys = queryAll(e.app, "SELECT hash FROM api_keys WHERE user = {:user}", { user: user.id }, { hash: "" });
    e.app.runInTransaction((txApp) => {
      refuseLastOwner(txApp, user.id);
      giveUp(txApp, user.id, false);
      txApp.delete(user);
    });
    e.app.logger().warn("An account was deleted.", "user", user.id, "sessions", counts.sessions);
    for (const { hash } of keys) forgetKey(e.app, hash);
    // Nobody could come in any more until the next start.
    if (!hasUsers(e.app)) printSetupLink(e.app);
    emptyTrash(e.app);
    const answer: DeleteAccountAnswer = { ok: true, ...counts, pending: countPending(e.app, user.id) };
    respondJson(e, answer);
  });
}

/** A fresh token would prove nothing: whoever took one over can renew it. */
function confirmPassword(app: core.App, user: core.Record, fields: Fields): void {
  take(app, FAILED_CONFIRMATIONS, user.id);
  if (!user.validatePassword(fields.secret("password"))) {
    const bindings = { user: user.id };
    const service = queryOne(app, SIGNS_IN_WITH, bindings, { provider: "" })?.provider ?? "";
    const hint =
      service === ""
        ? ""
        : ` If you only ever sign in with ${service}, you have none: the owner of this server can set one on the page /_/.`;
    throw forbidden(`password: expected the password of your account, to be sure that it is you.${hint}`);
  }
  giveBack(app, FAILED_CONFIRMATIONS, user.id);
}

function readCounts(app: core.App, user: string): { sessions: number; messages: number } {
  return { sessions: 0, messages: 0, ...queryOne(app, COUNT_OWN, { user }, { sessions: 0, messages: 0 }) };
}

/** Takes everything out of sight in one step; the bulk of it goes afterwards, see emptyTrash. */
function giveUp(txApp: core.App, user: string, keepsTombstones: boolean): void {
  const now = Date.now();
  if (!keepsTombstones) {
    execute(txApp, DISOWN_ALL, { user, now });
    return;
  }
  const stamp = queryOne(txApp, READ_STAMP, { user, now }, { stamp: 0 })?.stamp ?? now;
  execute(txApp, PURGE_ALL, { user, now, stamp });
}

/** Members could neither sign up nor be let in any more. */
function refuseLastOwner(txApp: core.App, user: string): void {
  const others = queryOne(
    txApp,
    `SELECT count(*) AS members, coalesce(sum(role = 'owner'), 0) AS owners FROM users WHERE id <> {:user}
     AND EXISTS (SELECT 1 FROM users WHERE id = {:user} AND role = 'owner')`,
    { user },
    { members: 0, owners: 0 },
  );
  if (others && others.members > 0 && others.owners === 0) {
    throw conflict(
      "You are the only owner, and others have accounts here: make one of them owner first (role, on the page /_/), or delete theirs.",
    );
  }
}
