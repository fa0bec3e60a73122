/** What a name says about its value; also how the mask calls it when nothing better is known. */
export type SecretKind = "password" | "secret" | "token" | "key" | "credential";

/** Longest name that is looked at, in characters; nobody calls a setting by a longer one. */
export const MAX_NAME_CHARS = 80;

/** Cheap test that leaves out nearly every name before it is taken apart. */
const HINT = /pass|pwd|secret|token|key|cred|auth|jwt|pat|mnemonic/i;

/** What stands behind the telling word without changing it: `SECRET_KEY_BASE`, `TOKEN_PROD`, `PASSWORD_2`. */
const QUALIFIERS = new Set(
  "dev prod production staging stage test live local old new default main backup base value b64 base64 raw plain".split(
    " ",
  ),
);

/** Names whose last word is one of these hold a secret, also written without a gap: `clientsecret`, `dbpassword`. */
const TELLING: readonly (readonly [ending: string, kind: SecretKind])[] = [
  ["password", "password"],
  ["passwd", "password"],
  ["passphrase", "password"],
  ["pwd", "password"],
  ["secret", "secret"],
  ["mnemonic", "secret"],
  ["token", "token"],
  ["jwt", "token"],
  ["apikey", "key"],
  ["secretkey", "key"],
  ["privatekey", "key"],
  ["accesskey", "key"],
  ["accountkey", "key"],
  ["credential", "credential"],
  ["credentials", "credential"],
  ["creds", "credential"],
];

/** Tokens of grammars and of lists, which are nobody's secret. */
const HARMLESS_TOKENS = new Set(
  "next page continuation pagination cursor eos bos sep pad unk mask cls stop special cancel cancellation design start end per first last prev previous current".split(
    " ",
  ),
);

/** `<word>_key` is a secret everywhere. */
const SECRET_KEYS = new Set(
  "api secret private access account signing encryption master auth service shared license deploy app subscription admin role anon webhook hmac jwt crypto cipher management developer consumer integration ingest ingestion provisioning function".split(
    " ",
  ),
);

/** `<WORD>_KEY` of an environment variable is a secret, but for these. */
const HARMLESS_KEYS = new Set(
  "public primary foreign sort partition cache hash range compose unique search object index routing idempotency group lookup storage translation registry hot row column map json order metric feature dedup dedupe bucket path file host known".split(
    " ",
  ),
);

/** `<word>_pass` is a password. */
const PASS_OWNERS = new Set(
  "db database mysql postgres pg redis smtp mail email user admin root ftp ssh auth basic http proxy rabbitmq mongo sudo wifi keystore key cert login git registry docker imap ldap".split(
    " ",
  ),
);

/** `<word>_pat` is a personal access token; elsewhere it is a pattern. */
const PAT_OWNERS = new Set("github gh gitlab azure devops ado bitbucket jira".split(" "));

/** A variable with a telling word anywhere is a secret, unless its last word says that it is something about one. */
const ABOUT_A_SECRET = new Set(
  "file path dir folder url uri host hostname port name names user username id ids type kind limit limits length ttl expiry expires expiration age count max min budget endpoint issuer audience algorithm alg header prefix suffix field enabled disabled timeout size version region policy store manager provider helper mode method sock socket parallelism format regex pattern rotation interval required index".split(
    " ",
  ),
);

/** The words of a name, in lower case: `awsSecretAccessKey`, `AWS_SECRET_ACCESS_KEY` → aws, secret, access, key. */
function wordsOf(name: string): string[] {
  const spaced = name.replace(/([a-z\d])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return spaced.toLowerCase().match(/[a-z\d]+/g) ?? [];
}

/** Whether a name is written as environment variables are: `OPENAI_KEY`. */
export function isVariableName(name: string): boolean {
  return /^[A-Z][A-Z\d_]*$/.test(name);
}

/**
 * What kind of secret a setting of this name holds, wherever the name stands: in code, JSON, YAML, a header.
 * @param name as written, in any case and with any separators
 * @returns undefined when the name does not say that it is one
 */
export function secretKind(name: string): SecretKind | undefined {
  if (name.length > MAX_NAME_CHARS || !HINT.test(name)) return undefined;
  const words = wordsOf(name);
  while (words.length > 1 && isQualifier(words.at(-1) ?? "")) words.pop();
  const last = words.at(-1) ?? "";
  const before = words.at(-2);
  const telling = TELLING.find(([ending]) => last.endsWith(ending));
  if (telling !== undefined) return before !== undefined && HARMLESS_TOKENS.has(before) ? undefined : telling[1];
  if (last === "key" && before !== undefined) return keyKind(before, isVariableName(name));
  if (last === "pass" && before !== undefined && PASS_OWNERS.has(before)) return "password";
  if (last === "pat" && before !== undefined && PAT_OWNERS.has(before)) return "token";
  if (last === "auth" && (name === "_auth" || (before !== undefined && isVariableName(name)))) return "credential";
  return undefined;
}

/**
 * As `secretKind` for a variable that is really set on this machine: wider, since its value can be looked at.
 * @param name of an environment variable or of a line in a `.env` file
 */
export function variableKind(name: string): SecretKind | undefined {
  const kind = secretKind(name);
  if (kind !== undefined || !HINT.test(name)) return kind;
  const words = wordsOf(name);
  if (ABOUT_A_SECRET.has(words.at(-1) ?? "") || words.some((one) => /^(?:max|min|num|total)$/.test(one)))
    return undefined;
  const word = words.find((one) => /^(?:password|passwd|passphrase|secret|token|apikey|credential)s?$/.test(one));
  if (word !== undefined) return "secret";
  return words.some((one, index) => /^keys?$/.test(one) && SECRET_KEYS.has(words[index - 1] ?? "")) ? "key" : undefined;
}

function isQualifier(word: string): boolean {
  return QUALIFIERS.has(word) || /^\d+$/.test(word);
}

function keyKind(before: string, isVariable: boolean): SecretKind | undefined {
  if (SECRET_KEYS.has(before)) return "key";
  return isVariable && !HARMLESS_KEYS.has(before) ? "key" : undefined;
}
