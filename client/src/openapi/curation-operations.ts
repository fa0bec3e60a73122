import {
  bulkSessionsAnswerSchema,
  bulkSessionsRequestSchema,
  curatedSessionSchema,
  deleteSessionAnswerSchema,
  restoreSessionAnswerSchema,
  sessionChangesSchema,
} from "../contract/curation.ts";
import { pricesAnswerSchema, setPriceAnswerSchema, setPriceRequestSchema } from "../contract/prices.ts";
import { type Operation, sessionIdInPath, WRONG_BODY, yesOrNo } from "./operation.ts";
import { sessionFilterParameters, textParameter } from "./reading-operations.ts";

const NOT_FOUND = { 404: "No such session, or somebody else's." };
const model = { name: "model", description: "Name of the model, `provider/model` too (with `%2F`).", isPath: true };

/** What people change. */
export const curationOperations: readonly Operation[] = [
  {
    ...{ method: "patch", path: "/api/sessions/{id}", id: "changeSession", tag: "curation", access: "read" },
    summary: "Changes title, tags, notes, star and evaluation of a session",
    parameters: [sessionIdInPath],
    body: { name: "SessionChanges", schema: sessionChangesSchema },
    success: {
      200: {
        description: "All that people have added to it.",
        json: { name: "CuratedSession", schema: curatedSessionSchema },
      },
    },
    errors: { ...WRONG_BODY, ...NOT_FOUND, 410: "It is in the trash." },
  },
  {
    ...{ method: "delete", path: "/api/sessions/{id}", id: "deleteSession", tag: "curation", access: "read" },
    summary: "Moves a session and those of its sub-agents into the trash, for 30 days",
    parameters: [
      sessionIdInPath,
      { name: "permanently", description: "For signed-in people alone: at once and for good.", schema: yesOrNo },
    ],
    success: {
      200: { description: "Deleted.", json: { name: "DeleteSessionAnswer", schema: deleteSessionAnswerSchema } },
    },
    errors: { 400: "A malformed parameter.", ...NOT_FOUND },
  },
  {
    ...{ method: "post", path: "/api/sessions/{id}/restore", id: "restoreSession", tag: "curation", access: "read" },
    summary: "Takes a session out of the trash",
    parameters: [sessionIdInPath],
    success: {
      200: { description: "As it was.", json: { name: "RestoreSessionAnswer", schema: restoreSessionAnswerSchema } },
    },
    errors: NOT_FOUND,
  },
  {
    ...{ method: "post", path: "/api/sessions/bulk", id: "changeSessions", tag: "curation", access: "read" },
    summary: "The same for many sessions at once",
    parameters: [...sessionFilterParameters, textParameter],
    body: { name: "BulkSessionsRequest", schema: bulkSessionsRequestSchema },
    success: {
      200: {
        description: "Done, in one transaction.",
        json: { name: "BulkSessionsAnswer", schema: bulkSessionsAnswerSchema },
      },
    },
    errors: { ...WRONG_BODY, 413: "More than 10,000 ids, or a body that is too large." },
  },
  {
    ...{ method: "get", path: "/api/prices", id: "listPrices", tag: "prices", access: "read" },
    summary: "What models cost here, and which of the caller's models have no price",
    success: { 200: { description: "USD per million tokens.", json: { name: "Prices", schema: pricesAnswerSchema } } },
  },
  {
    ...{ method: "put", path: "/api/prices/{model}", id: "setPrice", tag: "prices", access: "owner" },
    summary: "Sets a price for everybody on this server, and prices again what it concerns",
    parameters: [model],
    body: { name: "SetPriceRequest", schema: setPriceRequestSchema },
    success: {
      200: {
        description: "What has another price now.",
        json: { name: "SetPriceAnswer", schema: setPriceAnswerSchema },
      },
    },
    errors: WRONG_BODY,
  },
  {
    ...{ method: "delete", path: "/api/prices/{model}", id: "removePrice", tag: "prices", access: "owner" },
    summary: "Goes back to the shipped price",
    parameters: [model, { name: "provider", description: "Absent = whoever sells it." }],
    success: {
      200: {
        description: "What has another price now.",
        json: { name: "SetPriceAnswer", schema: setPriceAnswerSchema },
      },
    },
    errors: { 400: "A malformed parameter.", 404: "The owner has set no such price." },
  },
];
