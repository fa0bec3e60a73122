import { isInsecureUrl, normalizeUrl } from "@opensync/client";
import { type Credentials, readCredentials, writeCredentials } from "../config/credentials.ts";
import { maskKey } from "../config/mask-key.ts";
import { credentialsFile, shortenHome } from "../config/paths.ts";
import { UsageError } from "../io/cli-errors.ts";
import { VERSION } from "../version.ts";
import type { Command, Context, Given } from "./command.ts";
import { clientFor } from "./connect-to-server.ts";
import { installPluginFile, offerRegistration } from "./install-plugin.ts";
import { prepareOpenCode } from "./prepare-opencode.ts";

const STAND_IN_HELP =
  "While npm's registry is away, let OpenCode believe that its package for plugins is there; --no-stand-in: do not ask";

/** Signs this machine in: checks address and key with the server, saves them, offers to register the plugin. */
export const login: Command = {
  name: "login",
  summary: "Sign this machine in with the address of your OpenSync server and an API key",
  example: "opencode-sync login --url https://opensync.example.com",
  options: {
    url: { type: "string", valueHint: "<address>", description: "Address of the server (or OPENSYNC_URL)" },
    key: { type: "string", valueHint: "-", description: "Read the key from stdin (or set OPENSYNC_API_KEY)" },
    register: { type: "boolean", description: "Let OpenCode load the plugin; --no-register: leave its settings alone" },
    "stand-in": { type: "boolean", description: STAND_IN_HELP },
  },
  run: async (given, context) => {
    refuseKeyInArguments(given["key"]);
    const { terminal, env } = context;
    const saved = await savedSignIn(given, context);
    const url = normalizeUrl(saved?.url ?? (await askUrl(given, context)));
    if (isInsecureUrl(url))
      terminal.say(`warning: ${url} is not encrypted: others on the way can read key and sessions.`);
    const apiKey = saved?.apiKey ?? (await askKey(given, context));
    await checkWithServer(url, apiKey, context);
    await writeCredentials(env, { url, apiKey });
    terminal.say(`Signed in to ${url} with key ${maskKey(apiKey)}, saved in ${shortenHome(credentialsFile(env), env)}`);
    await installPluginFile(context);
    const isLoaded = await offerRegistration(said(given["register"]), context);
    if (isLoaded) await prepareOpenCode(said(given["stand-in"]), context);
    return undefined;
  },
};

function said(value: string | boolean | undefined): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Who is signed in and only says whether to register the plugin is asked for nothing else: `doctor` tells to do so. */
async function savedSignIn(given: Given, { env }: Context): Promise<Credentials | undefined> {
  const isAboutPlugin = said(given["register"]) !== undefined;
  const saysMore = given["url"] || given["key"] || env["OPENSYNC_URL"] || env["OPENSYNC_API_KEY"];
  return isAboutPlugin && !saysMore ? readCredentials(env) : undefined;
}

/** Arguments are readable for every program on the machine, and stay in the shell's history. */
function refuseKeyInArguments(key: unknown): void {
  if (key === undefined || key === "-") return;
  throw new UsageError({
    message: "the key must not be an argument: other programs and the shell's history can read it",
    hint: "Leave --key out to be asked for it, pipe it to `--key -`, or set OPENSYNC_API_KEY.",
  });
}

async function askUrl(given: Given, { terminal, env }: Context): Promise<string> {
  const url = given["url"] || env["OPENSYNC_URL"];
  if (typeof url === "string") return url;
  if (terminal.canAsk)
    return terminal.ask("OpenSync URL", (await readCredentials(env).catch(() => undefined))?.url ?? "");
  throw new UsageError({
    message: "the address of the server is missing",
    hint: "Give it as --url https://… or as OPENSYNC_URL.",
  });
}

async function askKey(given: Given, { terminal, env }: Context): Promise<string> {
  const key = (await findKey(given, terminal, env)).trim();
  if (key === "") throw new UsageError(NO_KEY);
  // Those of version 1 have dashes in them.
  if (/^osk?_[\w-]+$/.test(key)) return key;
  throw new UsageError({
    message: "this is not an API key: one begins with os_ or osk_ and has no spaces",
    hint: "Copy it whole, or make one on the dashboard: Settings > API keys.",
  });
}

async function findKey(given: Given, terminal: Context["terminal"], env: Context["env"]): Promise<string> {
  if (given["key"] === "-") return terminal.readInput();
  if (env["OPENSYNC_API_KEY"]) return env["OPENSYNC_API_KEY"];
  if (terminal.canAsk) return terminal.askSecret("API key");
  throw new UsageError(NO_KEY);
}

const NO_KEY = {
  message: "the API key is missing",
  hint: "Pipe it to `opencode-sync login --key -`, or set OPENSYNC_API_KEY.",
};

/** Health first: it tells a wrong address from a wrong key. */
async function checkWithServer(url: string, apiKey: string, context: Context): Promise<void> {
  const client = clientFor(url, apiKey, context);
  const { version } = await client.health();
  await client.checkKey();
  if (version !== undefined && version !== VERSION) {
    context.terminal.say(`The server has version ${version}, this program ${VERSION}: update the older one.`);
  }
}
