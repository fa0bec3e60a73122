import * as z from "zod/mini";
import { errorAnswerSchema } from "../contract/error-answer.ts";
import { accountOperations } from "./account-operations.ts";
import { curationOperations } from "./curation-operations.ts";
import { exportOperations } from "./export-operations.ts";
import { type Access, type Answer, type NamedSchema, type Operation, type Parameter, TOO_MANY } from "./operation.ts";
import { readingOperations } from "./reading-operations.ts";
import { searchOperations } from "./search-operations.ts";
import { syncOperations } from "./sync-operations.ts";

/** Every route of the server but the dashboard's files and PocketBase's own. */
const operations: readonly Operation[] = [
  ...syncOperations,
  ...readingOperations,
  ...searchOperations,
  ...curationOperations,
  ...exportOperations,
  ...accountOperations,
];

type Json = Readonly<Record<string, unknown>>;

const ERROR: NamedSchema = { name: "Error", schema: errorAnswerSchema };

const SECURITY: Readonly<Record<Access, readonly Json[]>> = {
  everybody: [],
  sync: [{ apiKey: [] }],
  read: [{ apiKey: [] }, { userToken: [] }],
  user: [{ userToken: [] }],
  owner: [{ userToken: [] }],
};

const ACCESS_ERRORS: Readonly<Record<Access, Readonly<Record<number, string>>>> = {
  everybody: {},
  sync: { 401: "No API key, or not a valid one.", 429: TOO_MANY },
  read: {
    401: "No API key or token, or not a valid one.",
    403: "A key that may only sync, or an administrator.",
    429: TOO_MANY,
  },
  user: { 401: "No token of a signed-in user.", 403: "An administrator." },
  owner: { 401: "No token of a signed-in user.", 403: "Not the owner of this server." },
};

const STORAGE_ERRORS: Readonly<Record<number, string>> = {
  500: "A mistake of the server; the cause is in its log.",
  503: "The storage is busy, full or damaged.",
};

/** When to try again, with the answers that ask for it. */
const RETRY_AFTER: Json = {
  "Retry-After": {
    description: "Seconds after which to try again.",
    required: true,
    schema: { type: "integer", minimum: 1, maximum: 300 },
  },
};

const reference = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

/**
 * The API as an OpenAPI 3.1 document, made of the same schemas that the client checks answers with.
 * @param version of the server
 */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "OpenSync",
      version,
      description:
        "The sessions of AI coding agents, on a server of your own. Times are epoch milliseconds, money is USD.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: Object.fromEntries(namedSchemas().map(({ name, schema }) => [name, jsonSchema(schema)])),
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "`os_…`, generated in Settings. Scope `sync` pushes, `full` also reads.",
        },
        userToken: {
          ...{ type: "apiKey", in: "header", name: "Authorization" },
          description: "Token of `POST /api/collections/users/auth-with-password`.",
        },
      },
    },
  };
}

function describe({ id, tag, summary, description, access, ...operation }: Operation): Json {
  const storage = operation.isWithoutStorage ? {} : STORAGE_ERRORS;
  const answers = { ...ACCESS_ERRORS[access], ...storage, ...operation.errors, ...operation.success };
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    security: SECURITY[access],
    ...(operation.parameters ? { parameters: operation.parameters.map(parameter) } : {}),
    ...(operation.body ? { requestBody: { required: true, content: bodyContent(operation.body) } } : {}),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, response(status, answer)]),
    ),
  };
}

function parameter({ name, description, schema = { type: "string" }, isPath, isRequired, isList }: Parameter): Json {
  return {
    ...{ name, description, in: isPath ? "path" : "query", required: isPath === true || isRequired === true },
    schema: isList ? { type: "array", items: schema } : schema,
  };
}

function bodyContent(body: NamedSchema | string): Json {
  if (typeof body === "string") return { [body]: { schema: { type: "string" } } };
  return { "application/json": { schema: reference(body.name) } };
}

/** @param answer the description alone for an error as every other one */
function response(status: string, answer: Answer | string): Json {
  const { description, json, files = [] } = typeof answer === "string" ? { description: answer, json: ERROR } : answer;
  const content = Object.fromEntries(files.map((type) => [type, {}]));
  return {
    description,
    ...(status === "429" || status === "503" ? { headers: RETRY_AFTER } : {}),
    ...(json
      ? { content: { "application/json": { schema: reference(json.name) } } }
      : files.length > 0
        ? { content }
        : {}),
  };
}

function namedSchemas(): readonly NamedSchema[] {
  const ofOperations = operations.flatMap(({ body, success, errors = {} }) => [
    ...(body === undefined || typeof body === "string" ? [] : [body]),
    ...Object.values<Answer | string>({ ...success, ...errors }).flatMap((answer) =>
      typeof answer === "string" ? [] : (answer.json ?? []),
    ),
  ]);
  return [ERROR, ...ofOperations];
}

function jsonSchema(schema: z.core.$ZodType): Json {
  // What a program sends and receives, before our client has rounded or dropped anything.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}
