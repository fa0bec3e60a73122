// Access rules of PocketBase's own API, built from named fragments.

/** Without it a guest would match rows whose owner is empty. */
const signedIn = '@request.auth.id != ""';

/** Rows are read by their owner alone. */
export const ownRows = `${signedIn} && user = @request.auth.id`;

/** An account is read by its holder alone. */
export const ownAccount = `${signedIn} && id = @request.auth.id`;

/** The holder changes name, email and password, never the role. */
export const ownAccountButRole = `${ownAccount} && @request.body.role:isset = false`;
