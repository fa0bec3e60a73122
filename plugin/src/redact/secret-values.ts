import { isFigure, isPath, isPlainWords } from "./plausible.ts";
import { variableKind } from "./secret-name.ts";
import type { SecretValue } from "./value-finder.ts";
import { MIN_FORM_CHARS } from "./value-forms.ts";

/** A file on this machine that holds secrets. */
export type SecretFile = {
  /** Absolute path; the file need not exist. */
  readonly path: string;
  /**
   * `variables`: lines `NAME=value`. `settings`: JSON, with comments, some of it secret by its name.
   * `credentials`: JSON whose every text is secret unless its name says otherwise.
   */
  readonly form: "variables" | "settings" | "credentials";
  /** Names its secrets in masks. */
  readonly label: string;
};

/** Longest value that is looked for, in characters: a private key. */
const MAX_VALUE_CHARS = 16_384;

/** Members of a credentials file that say something about a secret. */
const ABOUT =
  /^(?:type|scopes?|methods?|audience|issuer|name|email|login|user(?:name)?)$|(?:Id|Ids|Url|Uri|Type|Host|At|_id|_url|_uri|_type|_at)$/;

/** The secrets in the environment, and in JSON that stands in a variable. */
export function secretsOfVariables(variables: Readonly<Record<string, string | undefined>>): SecretValue[] {
  return Object.entries(variables).flatMap(([name, value = ""]) => {
    if (value.startsWith("{")) {
      const form = /AUTH|CREDENTIAL|SECRET|TOKEN/.test(name) ? "credentials" : "settings";
      return secretsOfJson(value, form, name);
    }
    return secretsOfVariable(name, value);
  });
}

/** The secrets in the text of a file. Never throws: what cannot be understood holds none. */
export function secretsOfFile(text: string, { form, label }: SecretFile): SecretValue[] {
  return form === "variables" ? secretsOfVariables(parseVariables(text)) : secretsOfJson(text, form, label);
}

/**
 * Whether a value may be masked wherever it stands. Ordinary words, paths and figures may not, whatever their name.
 */
function isDistinctive(value: string): boolean {
  if (value.length < MIN_FORM_CHARS || value.length > MAX_VALUE_CHARS) return false;
  return !isPath(value) && !isPlainWords(value) && !isFigure(value) && new Set(value).size > 2;
}

function secretsOfVariable(name: string, value: string): SecretValue[] {
  const passwords = passwordsOfUrl(value);
  if (passwords.length > 0) return passwords.flatMap((password) => named(name, password));
  if (variableKind(name) === undefined || isUrl(value) || /^\$\{?\w+\}?$/.test(value)) return [];
  const listed = /^[^\s,]+(?:,[^\s,]+)+$/.test(value) ? value.split(",") : [];
  return [value, ...listed].flatMap((one) => named(name, one));
}

/** `NAME=value` with `export`, quotes, several lines within double quotes, comments behind a blank. */
const VARIABLE_LINE =
  /^[ \t]*(?:export[ \t]+)?([\w.-]{1,80})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|`([^`]*)`|([^\r\n]*))/gm;

function parseVariables(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [, name = "", double, single, back, bare = ""] of text.matchAll(VARIABLE_LINE)) {
    const unescaped = double?.replace(/\\n/g, "\n").replace(/\\(["\\])/g, "$1");
    variables[name] = unescaped ?? single ?? back ?? bare.replace(/\s+#.*$/, "").trim();
  }
  return variables;
}

/** `"name": "value"` at any depth; that is all that is needed of JSON, and comments do not matter. */
const MEMBER = /"((?:[^"\\\n]|\\.){1,80})"\s*:\s*"((?:[^"\\\n]|\\.)*)"/g;

function secretsOfJson(text: string, form: "settings" | "credentials", label: string): SecretValue[] {
  // A "wellknown" login names the variable that holds its token.
  const isWellKnown = form === "credentials" && text.includes('"wellknown"');
  return [...text.matchAll(MEMBER)].flatMap(([, name = "", raw = ""]) => {
    const value = unescapeJson(raw);
    if (/^\{(?:env|file):/.test(value)) return [];
    const passwords = passwordsOfUrl(value);
    if (passwords.length > 0) return passwords.flatMap((password) => named(label, password));
    if (isUrl(value) || (isWellKnown && name === "key" && /^[A-Z\d_]+$/.test(value))) return [];
    if (/^authorization$/i.test(name)) return named(label, value.replace(/^\w+ +/, ""));
    const isSecret = form === "credentials" ? !ABOUT.test(name) : variableKind(name) !== undefined;
    return isSecret ? named(label, value) : [];
  });
}

function unescapeJson(raw: string): string {
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

function named(name: string, value: string): SecretValue[] {
  const trimmed = value.trim();
  return isDistinctive(trimmed) ? [{ name: maskName(name), value: trimmed }] : [];
}

/** A name as a mask can carry it. */
function maskName(name: string): string {
  return name.replace(/[^\w.-]/g, "-").slice(0, 48) || "secret";
}

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value);
}

/** The password in a URL, as it stands there and decoded; empty when there is none. */
function passwordsOfUrl(value: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s@]+)@/i.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
