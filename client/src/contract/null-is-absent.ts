import * as z from "zod/mini";

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type Fields = Readonly<Record<string, unknown>>;

interface NullIsAbsentOptions {
  /** Fields whose null is data. Default: none. */
  readonly keep?: readonly string[];
  /** Applied to what is left before the schema sees it: where aliases are resolved. Default: nothing. */
  readonly rename?: (fields: Fields) => Fields;
}

/**
 * Wraps the schema of an object on the wire so that a named field that is null counts as absent.
 * @param schema what the object must be once its nulls are gone
 * @returns the wrapped schema; its output has neither nulls of its own level (but those to keep) nor aliases
 *
 * The note below lets a bundler leave out the schemas that nobody uses: the plugin has most of the contract for nothing.
 */
/* @__NO_SIDE_EFFECTS__ */
export function nullIsAbsent<Schema extends z.core.$ZodType>(
  schema: Schema,
  { keep = [], rename = (fields) => fields }: NullIsAbsentOptions = {},
) {
  const prepare = (value: unknown): unknown => {
    if (!isObject(value)) return value;
    const present = Object.entries(value).filter(([name, field]) => field !== null || keep.includes(name));
    return rename(Object.fromEntries(present));
  };
  return z.pipe(z.transform(prepare), schema);
}
