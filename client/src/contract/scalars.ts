import * as z from "zod/mini";
import { utf8Length } from "../utf8-length.ts";
import { MAX_COST_USD, MAX_COUNT, MAX_ID_BYTES } from "./limits.ts";

/** Whether a text takes at most so many bytes in UTF-8. Encodes only when the length alone cannot tell. */
function fitsInBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return false;
  if (text.length * 3 <= maxBytes) return true;
  return utf8Length(text) <= maxBytes;
}

/** An opaque id: not empty, at most 512 bytes of UTF-8. */
export const idSchema = z.string().check(
  z.minLength(1),
  z.refine((id) => fitsInBytes(id, MAX_ID_BYTES), { error: `expected at most ${MAX_ID_BYTES} bytes` }),
);

/** 0 … 2^53−1. Fractions are rounded, half up, as the server does: old clients send them. */
const wholeNumber = () =>
  z.pipe(
    z.number().check(z.gte(0), z.lte(MAX_COUNT)),
    // Adding 0 turns −0 into 0: JSON and the database know only one zero.
    z.transform((value: number) => Math.round(value) + 0),
  );

/** How many: tokens, bytes, milliseconds that something took. */
export const countSchema = wholeNumber();

/** When: milliseconds since 1970-01-01 UTC. */
export const timeSchema = wholeNumber();

/** Money in USD: 0 … 1,000,000, fractions kept. */
export const costSchema = z.number().check(z.gte(0), z.lte(MAX_COST_USD));

/** An object with string keys whose values are data: kept as they are, null included. */
export const dataSchema = z.record(z.string(), z.unknown());
