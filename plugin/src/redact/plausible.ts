/** What stands in the place of a secret without being one. */
const PLACEHOLDER =
  /^(?:[<${[(]|%[sdvq(]|#[a-z-]+$|\*+$|\.{2,}|x+$|your|my[-_]|replace|change|placeholder|dummy|example|insert|enter|todo|fixme|null$|nil$|none$|undefined$|true$|false$|string$|number$|boolean$|required$|optional$|n\/a$)/i;

/** A template that is filled in elsewhere, or the call of a program. */
const TEMPLATE = /\$\{|\$\(|\{\{|<%|%\(|\{env:|\{file:/;

/** `/etc/ssl/key.pem`, `./secrets/token`, `~/.ssh/id_rsa`, `C:\keys\a.pem`. A base64 text has no such regular form. */
const PATH = /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[\w.@ -]{2,}[/\\])*[\w.@ -]*$/;

/** `process.env.TOKEN`, `settings.api_key`, `config?.auth`: a way to a value, in code. */
const REFERENCE = /^[A-Za-z_$]+\d?(?:(?:\??\.|::|->)[A-Za-z_$]+\d?)+$/;

/** `MY_API_KEY`, `__INTERNAL__`: the name of something. */
const CONSTANT_NAME = /^_*[A-Z][A-Z\d]*(?:_+[A-Z\d]*)+$/;

/** Longest single word, in characters, that may be an ordinary one: "environment" has 11. */
const MAX_WORD_CHARS = 11;

/** Longest group of words with dashes or underscores, in characters, that may be an ordinary name: `storefront-api`. */
const MAX_WORDS_CHARS = 15;

/** A value that stands for another one, or for nothing. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || TEMPLATE.test(value) || REFERENCE.test(value) || CONSTANT_NAME.test(value);
}

/** Whether the value is the path of a file or folder. */
export function isPath(value: string): boolean {
  return value.length < 512 && PATH.test(value);
}

/** Whether the value is an ordinary word, or a few of them: masking it everywhere would ruin the text. */
export function isPlainWords(value: string): boolean {
  if (!/^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/.test(value)) return false;
  if (/[a-z][A-Z].*[a-z][A-Z].*[a-z][A-Z]/.test(value)) return false;
  return value.length <= (/[-_. ]/.test(value) ? MAX_WORDS_CHARS : MAX_WORD_CHARS);
}

/** Whether the value is a number, a date or a time. */
export function isFigure(value: string): boolean {
  return (value.length < 16 && /^[-+]?[\d.,:/_TZ -]+$/.test(value)) || /^\d+(?:\.\d+)+$/.test(value);
}

/** Whether letters alone look made by a machine: upper and lower case change more often than in any name. */
export function isShuffled(value: string): boolean {
  if (value.length < 16 || !/^[\w+/=-]+$/.test(value)) return false;
  return (value.slice(0, MAX_JUDGED_CHARS).match(/[a-z][A-Z]/g)?.length ?? 0) >= value.length / 6;
}

/**
 * Whether a text looks made by a machine: letters and digits in turn. Code has few such words, so this decides where
 * a value has no quotes around it.
 */
export function looksRandom(value: string): boolean {
  if (value.length < 8 || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const head = value.slice(0, MAX_JUDGED_CHARS);
  const turns = head.match(/[A-Za-z]\d|\d[A-Za-z]/g)?.length ?? 0;
  return turns >= 2 || value.length >= 16;
}

/** More characters of a value than these say nothing new about it. */
const MAX_JUDGED_CHARS = 256;
