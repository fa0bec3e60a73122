import { hasUsers, newOwner, saveUser } from "../lib/accounts.ts";
import { issueSetupToken } from "../lib/setup-token.ts";
import { env, queryOne } from "../lib/vm.ts";
import { loadPriceList } from "../prices/load-list.ts";
import { applySettings, publicUrl } from "./settings.ts";

/** PocketBase's commands; the first of them among the arguments is the one that runs. */
const COMMANDS = ["serve", "migrate", "superuser", "update"];

/** PocketBase's own stand-in while no administrator exists. */
const INSTALLER_EMAIL = "__pbinstaller@example.com";

/** Nobody knows its password and no mail reaches it: `pocketbase superuser upsert` makes one that a person can use. */
const SUPERUSER_EMAIL = "superuser@opensync.invalid";

/**
 * Prepares a start of `serve`, after PocketBase has opened its database and before it listens: the schema, a superuser
 * (without one PocketBase would print an installer link of its own), the settings from the environment, the price list,
 * and the owner, or the link to become it. Other commands are left alone.
 * @throws when the environment asks for something impossible: the start then ends with this text
 */
export function prepareStart(app: core.App): void {
  if ($os.args.slice(1).find((arg) => COMMANDS.includes(arg)) !== "serve") return;
  app.runAllMigrations();
  ensureSuperuser(app);
  applySettings(app);
  loadPriceList(app);
  if (hasUsers(app)) return;
  if (env("OPENSYNC_EMAIL") || env("OPENSYNC_PASSWORD")) createOwner(app);
  else printSetupLink(app);
}

function ensureSuperuser(app: core.App): void {
  const found = queryOne(
    app,
    "SELECT 1 AS one FROM _superusers WHERE email <> {:installer} LIMIT 1",
    { installer: INSTALLER_EMAIL },
    { one: 0 },
  );
  if (found) return;
  const superuser = new Record(app.findCollectionByNameOrId("_superusers"));
  superuser.set("email", SUPERUSER_EMAIL);
  superuser.setRandomPassword();
  app.save(superuser);
}

function createOwner(app: core.App): void {
  const email = env("OPENSYNC_EMAIL");
  // Not trimmed: white space is a legal part of a password.
  const password = process.env["OPENSYNC_PASSWORD"] ?? "";
  if (!email || !password) {
    throw new Error("The first account needs both OPENSYNC_EMAIL and OPENSYNC_PASSWORD, or neither for a setup link.");
  }
  try {
    saveUser(app, newOwner(app, { email, password, name: "" }));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The first account could not be made from OPENSYNC_EMAIL and OPENSYNC_PASSWORD: ${reason}`);
  }
}

/** The token is in the fragment, which browsers do not send: no log of a server or proxy on the way can hold it. */
export function printSetupLink(app: core.App): void {
  console.log(`No account exists yet. Open ${publicUrl()}/setup#token=${issueSetupToken(app)}`);
}
