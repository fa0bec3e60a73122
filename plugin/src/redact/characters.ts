/** Letters, digits, `-`, `_` and `.`: what keys, tokens and names are made of. One byte for each ASCII character. */
const IS_TOKEN = tableOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");
const IS_ALPHANUMERIC = tableOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
const IS_HEX = tableOf("0123456789abcdefABCDEF");

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

export const isTokenCode = (code: number): boolean => code < 128 && IS_TOKEN[code] === 1;
export const isAlphanumericCode = (code: number): boolean => code < 128 && IS_ALPHANUMERIC[code] === 1;
export const isHexCode = (code: number): boolean => code < 128 && IS_HEX[code] === 1;

/** Space or tab. */
export const isBlankCode = (code: number): boolean => code === 32 || code === 9;

/** `"`, `'` or `` ` ``. */
export const isQuoteCode = (code: number): boolean => code === 34 || code === 39 || code === 96;

export const BACKSLASH = 92;
