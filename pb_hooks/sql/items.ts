import { choice, count, data, type Field, id, money, parts, records, text, tokens } from "./fields.ts";

/** The fields of a session on the wire, in the order in which they are checked. */
export const SESSION_FIELDS: readonly Field[] = [
  id("externalId", "Missing externalId or sessionId", "sessionId"),
  ...["source", "title", "projectPath", "projectName", "gitRemote", "gitBranch", "gitCommit", "device"].map(text),
  ...["agentVersion", "model", "provider", "parentExternalId", "forkedFrom"].map(text),
  ...["promptTokens", "completionTokens"].map((name) => count(name)),
  ...tokens(),
  money("cost"),
  choice("costSource", ["reported", "computed", "unknown"]),
  ...["durationMs", "createdAt", "updatedAt", "archivedAt", "hash", "redacted"].map((name) => count(name)),
  records("todos", "array", ["content", "status", "priority?"]),
  data("meta", "object"),
];

/** The fields of a message on the wire, in the order in which they are checked. */
export const MESSAGE_FIELDS: readonly Field[] = [
  id("sessionExternalId", "Missing sessionExternalId"),
  id("externalId", "Missing externalId"),
  choice("role", ["user", "assistant", "system", "tool", "unknown"]),
  ...["source", "device", "textContent", "model", "provider", "agent", "responseId", "serviceTier"].map(text),
  ...["promptTokens", "completionTokens"].map((name) => count(name)),
  ...tokens(),
  money("cost"),
  choice("costSource", ["reported", "computed", "unknown"]),
  count("durationMs"),
  count("createdAt", "timestamp"),
  ...["updatedAt", "removedAt", "hash", "redacted"].map((name) => count(name)),
  parts(),
  records("error", "object", ["name", "message"]),
  data("meta", "object"),
];
