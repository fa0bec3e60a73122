import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import * as z from "zod";
import { inRoot } from "../../scripts/paths.mjs";

/** The statuses that say nothing of the request, but of how much is asked or of the server itself. */
export const FAILURES: readonly string[] = ["429", "500", "503"];

const contentSchema = z.record(z.string(), z.object({ schema: z.optional(z.object({ $ref: z.string() })) }));

const headersSchema = z.record(
  z.string(),
  z.object({ required: z.boolean(), schema: z.looseObject({ type: z.literal("integer") }) }),
);

const operationSchema = z.object({
  operationId: z.string(),
  parameters: z.optional(z.array(z.looseObject({ name: z.string(), in: z.string() }))),
  requestBody: z.optional(z.looseObject({})),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  responses: z.record(
    z.string(),
    z.object({
      description: z.string().min(1),
      headers: z.optional(headersSchema),
      content: z.optional(contentSchema),
    }),
  ),
});

const documentSchema = z.looseObject({
  openapi: z.literal("3.1.0"),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.record(z.string(), z.unknown())) }),
});

/** One route of the document. */
export interface DocumentedOperation extends z.infer<typeof operationSchema> {
  readonly method: string;
  readonly path: string;
}

/** What is looked at of an answer. */
export interface Answered {
  readonly status: number;
  readonly headers: Pick<Headers, "get">;
  readonly text: string;
}

/** The document of the API, and how far an answer agrees with it. */
export class ApiDocument {
  readonly operations: readonly DocumentedOperation[];
  readonly #ajv = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true });
  readonly #validators: ReadonlyMap<string, ValidateFunction>;

  /** @throws when it is no document of OpenAPI as ours is, or a schema in it is none */
  constructor(json: unknown) {
    const document = documentSchema.parse(json);
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
    );
    const schemas = Object.entries(document.components.schemas);
    this.#validators = new Map(
      schemas.map(([name, schema]) => [
        `#/components/schemas/${name}`,
        this.#ajv.compile(z.record(z.string(), z.unknown()).parse(closed(schema))),
      ]),
    );
  }

  /** What is wrong with an answer; undefined when it is as documented. */
  problemOf(operation: DocumentedOperation, { status, headers, text }: Answered): string | undefined {
    const response = operation.responses[status];
    if (!response) return `a status that is not documented: ${text.slice(0, 300)}`;
    for (const [name, { schema }] of Object.entries(response.headers ?? {})) {
      const value = headers.get(name);
      if (value === null) return `no header ${name}`;
      if (!this.#ajv.validate(schema, Number(value))) return `${name}: ${value}: ${this.#ajv.errorsText()}`;
    }
    const contentType = headers.get("Content-Type") ?? "";
    const content = response.content ?? {};
    if (Object.keys(content).length === 0)
      return text === "" ? undefined : `a body where none is documented: ${text.slice(0, 200)}`;
    const type = contentType.replace(/;.*/, "");
    const documented = content[type];
    if (!documented) return `a body of ${contentType}: ${text.slice(0, 200)}`;
    if (!documented.schema) return undefined;
    const validate = this.#validators.get(documented.schema.$ref);
    if (!validate) return `no schema ${documented.schema.$ref}`;
    if (validate(JSON.parse(text))) return undefined;
    const errors = validate.errors?.map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
    return `${errors?.slice(0, 4).join("; ")} in ${text.slice(0, 300)}`;
  }
}

/** The same schema, which takes no member that it does not name: what is not documented must not be answered. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  const members = Object.entries(schema).map(([name, value]) => [name, closed(value)]);
  const isObject = "properties" in schema && !("additionalProperties" in schema);
  return { ...Object.fromEntries(members), ...(isObject ? { additionalProperties: false } : {}) };
}

/** The routes that the server registers by name, as `GET /api/sessions/{id}`. */
export function registeredRoutes(): string[] {
  const entry = readFileSync(inRoot("pb_hooks", "main.pb.ts"), "utf8");
  return [...entry.matchAll(/\["([A-Z]+)", "(\/[^"]*)", "handle\w+"\]/g)].map(
    ([, method, path]) => `${method} ${path}`,
  );
}
