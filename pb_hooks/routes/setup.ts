import { hasUsers, newOwner, saveUser } from "../lib/accounts.ts";
import { gone, unauthorized } from "../lib/errors.ts";
import { readFields } from "../lib/fields.ts";
import { guard } from "../lib/guard.ts";
import { FAILED_SIGN_INS, giveBack, networkOf, take } from "../lib/rate-limit.ts";
import { isSetupToken, voidSetupToken } from "../lib/setup-token.ts";

const MAX_TEXT_LENGTH = 200;

/**
 * `POST /api/setup {token, email, password, name?}`: creates the first account with the token of the link that the
 * server printed, and signs it in: 201 `{token, record}`, as PocketBase's own sign-in answers.
 */
export function handleSetup(e: core.RequestEvent): void {
  guard(e, () => {
    refuseSecondOwner(e.app);
    const fields = readFields(e);
    const network = networkOf(e);
    take(e.app, FAILED_SIGN_INS, network);
    if (!isSetupToken(e.app, fields.secret("token"))) {
      throw unauthorized(
        "This setup link is not valid. Each start of the server prints a new one: restart it and open that link.",
      );
    }
    giveBack(e.app, FAILED_SIGN_INS, network);
    const owner = newOwner(e.app, {
      email: fields.text("email", MAX_TEXT_LENGTH),
      password: fields.secret("password"),
      name: fields.text("name", MAX_TEXT_LENGTH),
    });
    e.app.runInTransaction((txApp) => {
      // The transaction has the only writer: of two that got this far at once, the second now sees the first's account.
      refuseSecondOwner(txApp);
      saveUser(txApp, owner);
    });
    voidSetupToken(e.app);
    e.response.header().set("Cache-Control", "no-store");
    e.json(201, { token: owner.newAuthToken(), record: owner.ignoreEmailVisibility(true) });
  });
}

function refuseSecondOwner(app: core.App): void {
  if (hasUsers(app)) throw gone("This server already has an account: sign in instead.");
}
