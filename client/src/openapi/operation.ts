import type * as z from "zod/mini";

/** Who may call: nobody in particular, a key that may push, one that may read (or a signed-in user), people alone. */
export type Access = "everybody" | "sync" | "read" | "user" | "owner";

/** A parameter of an address. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** Default: text. */
  readonly schema?: Readonly<Record<string, unknown>>;
  /** In the path; such a parameter is required. */
  readonly isPath?: boolean;
  readonly isRequired?: boolean;
  /** May be repeated; any of the values may match. */
  readonly isList?: boolean;
}

/** A schema of the contract and the name under which the document shows it. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: z.core.$ZodType;
}

/** What an answer holds: JSON of a schema, or a file of some types. */
export interface Answer {
  readonly description: string;
  readonly json?: NamedSchema;
  readonly files?: readonly string[];
}

/** One route. */
export interface Operation {
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As the server registers it; parameters in braces. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly parameters?: readonly Parameter[];
  /** Schema of a body of JSON, or the type of another one. */
  readonly body?: NamedSchema | string;
  readonly success: Readonly<Record<number, Answer>>;
  /**
   * Statuses of errors, and when they come, beside those that follow from the access and from the storage. An answer
   * stands where the body is another one than that of every error.
   */
  readonly errors?: Readonly<Record<number, string | Answer>>;
  /** The route reads no database, or says in `errors` how it fails: it has none of the errors of the storage. */
  readonly isWithoutStorage?: true;
}

export const count = (minimum: number, maximum: number) => ({ type: "integer", minimum, maximum }) as const;
export const oneOf = (...words: readonly string[]) => ({ type: "string", enum: words }) as const;
export const yesOrNo = { type: "boolean" } as const;
export const usd = { type: "number", minimum: 0 } as const;

/** The errors of every route that reads JSON. */
export const WRONG_BODY = {
  400: "The body is malformed; the text names the field.",
  413: "The body is too large; the text has the limit.",
  415: "The body is compressed.",
} as const;

/** What a key can be refused for, however right the request is. */
export const TOO_MANY = "Too many requests with this key, or too many wrong keys from this network.";

/** The `{id}` of a path. */
export const sessionIdInPath: Parameter = {
  name: "id",
  description: "The server's own id of the session.",
  isPath: true,
};
