import * as z from "zod/mini";
import {
  deleteAccountAnswerSchema,
  deleteAccountRequestSchema,
  deleteDataAnswerSchema,
  deleteDataRequestSchema,
} from "../contract/account.ts";
import { createKeyAnswerSchema, createKeyRequestSchema } from "../contract/api-key.ts";
import { healthSchema, unhealthySchema } from "../contract/health.ts";
import { setupAnswerSchema, setupRequestSchema } from "../contract/setup.ts";
import { type Operation, TOO_MANY, WRONG_BODY } from "./operation.ts";

const WRONG_PASSWORD = { ...WRONG_BODY, 403: "The wrong password.", 429: "Too many wrong passwords." };

/** The server itself, its accounts and their keys. */
export const accountOperations: readonly Operation[] = [
  {
    ...{ method: "get", path: "/health", id: "getHealth", tag: "server", access: "everybody" },
    summary: "Whether the server can do its work, and its version",
    success: { 200: { description: "It can.", json: { name: "Health", schema: healthSchema } } },
    errors: {
      503: { description: "The database cannot be read.", json: { name: "Unhealthy", schema: unhealthySchema } },
    },
    isWithoutStorage: true,
  },
  {
    ...{ method: "get", path: "/plugin.tgz", id: "getPlugin", tag: "server", access: "everybody" },
    summary: "The plugin package of this server's version",
    success: { 200: { description: "A package for npm.", files: ["application/gzip"] } },
    errors: { 404: "The server was built without it." },
    isWithoutStorage: true,
  },
  {
    ...{ method: "get", path: "/api/openapi.json", id: "getOpenApi", tag: "server", access: "everybody" },
    summary: "This document",
    success: {
      200: { description: "OpenAPI 3.1.", json: { name: "OpenApi", schema: z.looseObject({ openapi: z.string() }) } },
    },
    errors: { 500: "The server was built without it; its log says so." },
    isWithoutStorage: true,
  },
  {
    ...{ method: "post", path: "/api/setup", id: "setUp", tag: "account", access: "everybody" },
    summary: "Creates the first account, with the token of the setup link that the server printed",
    body: { name: "SetupRequest", schema: setupRequestSchema },
    success: { 201: { description: "Signed in.", json: { name: "SetupAnswer", schema: setupAnswerSchema } } },
    errors: {
      ...WRONG_BODY,
      401: "Not the token of this start.",
      410: "There is an account.",
      429: "Too many wrong setup links from this network.",
    },
  },
  {
    ...{ method: "post", path: "/api/keys", id: "createKey", tag: "account", access: "user" },
    summary: "Generates an API key, or takes over one of the first version",
    body: { name: "CreateKeyRequest", schema: createKeyRequestSchema },
    success: {
      201: {
        description: "The only time that the key is shown.",
        json: { name: "CreateKeyAnswer", schema: createKeyAnswerSchema },
      },
    },
    errors: WRONG_BODY,
  },
  {
    ...{ method: "delete", path: "/api/keys/{id}", id: "revokeKey", tag: "account", access: "user" },
    summary: "Revokes an API key",
    description: "A key may revoke itself, with `current` as id.",
    parameters: [{ name: "id", description: "Id of the key.", isPath: true }],
    success: { 204: { description: "Revoked." } },
    errors: { 404: "No such key, or somebody else's.", 429: TOO_MANY },
  },
  {
    ...{ method: "post", path: "/api/account/delete-data", id: "deleteData", tag: "account", access: "user" },
    summary: "Deletes all sessions and messages of the account for good",
    body: { name: "DeleteDataRequest", schema: deleteDataRequestSchema },
    success: { 200: { description: "Deleted.", json: { name: "DeleteDataAnswer", schema: deleteDataAnswerSchema } } },
    errors: WRONG_PASSWORD,
  },
  {
    ...{ method: "delete", path: "/api/account", id: "deleteAccount", tag: "account", access: "user" },
    summary: "Deletes the account, its keys and all of its data",
    body: { name: "DeleteAccountRequest", schema: deleteAccountRequestSchema },
    success: {
      200: { description: "Deleted.", json: { name: "DeleteAccountAnswer", schema: deleteAccountAnswerSchema } },
    },
    errors: { ...WRONG_PASSWORD, 409: "The only owner of a server that others use too." },
  },
];
