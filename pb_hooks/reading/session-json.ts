// How a session and a message are written in answers. What is absent has no member: json_patch drops nulls.

/** SQL of a text column's value, NULL when absent. */
const text = (column: string) => `nullif(${column}, '')`;
/** SQL of a count or time, NULL when absent. */
const count = (column: string) => `nullif(${column}, 0)`;
const yes = (condition: string) => `json(iif(${condition}, 'true', 'false'))`;

/** SQL of an object that has only the members with a value. @param members name and SQL of the value, in order */
function object(members: readonly (readonly [name: string, value: string])[]): string {
  return `json_patch('{}', json_object(${members.map(([name, value]) => `'${name}', ${value}`).join(", ")}))`;
}

/** Tokens by kind; absent when nobody knows them by kind. */
function tokens(row: string): string {
  const kinds = ["Input", "CacheRead", "CacheWrite", "CacheWrite1h", "Output", "Reasoning"];
  const members = kinds.map((kind) => `'${kind[0]?.toLowerCase()}${kind.slice(1)}', ${row}.tokens${kind}`);
  return `iif(${kinds.map((kind) => `${row}.tokens${kind}`).join(" + ")} > 0, json_object(${members.join(", ")}), NULL)`;
}

const SESSION_MEMBERS: readonly (readonly [name: string, value: string])[] = [
  ["id", "s.id"],
  ["externalId", "s.externalId"],
  ["source", "s.source"],
  ["title", text("coalesce(nullif(s.customTitle, ''), s.title)")],
  ["customTitle", text("s.customTitle")],
  ["projectPath", text("s.projectPath")],
  ["projectName", text("s.projectName")],
  ["gitRemote", text("s.gitRemote")],
  ["gitBranch", text("s.gitBranch")],
  ["gitCommit", text("s.gitCommit")],
  ["device", text("s.device")],
  ["agentVersion", text("s.agentVersion")],
  ["model", text("s.model")],
  ["provider", text("s.provider")],
  ["parentExternalId", text("s.parentExternalId")],
  ["forkedFrom", text("s.forkedFrom")],
  ["promptTokens", "s.promptTokens"],
  ["completionTokens", "s.completionTokens"],
  ["totalTokens", "s.promptTokens + s.completionTokens"],
  ["tokens", tokens("s")],
  ["cost", "s.cost"],
  ["costSource", text("s.costSource")],
  // What a sum over the session's messages leaves out.
  ["unpricedMessages", count("s.unpricedMessages")],
  ["durationMs", count("s.durationMs")],
  ["isPublic", "json('false')"],
  ["messageCount", "s.messageCount"],
  ["toolCallCount", "s.toolCallCount"],
  ["tags", "json(s.tags)"],
  ["starred", yes("s.starred")],
  ["evalReady", yes("s.evalReady")],
  ["evalStatus", text("s.evalStatus")],
  ["createdAt", "s.createdAt"],
  ["updatedAt", "s.updatedAt"],
  ["syncedAt", "s.syncedAt"],
  ["archivedAt", count("s.archivedAt")],
  ["deletedAt", count("s.deletedAt")],
  // When the content of a session in the trash goes.
  ["purgeAt", count("s.purgeAt")],
];

/** SQL of the JSON of a row of `sessions s`, as lists show it. */
export const SESSION_JSON = object(SESSION_MEMBERS);

/** The same with what only a session's own page shows. */
export const WHOLE_SESSION_JSON = object([
  ...SESSION_MEMBERS,
  ["agentTitle", text("s.title")],
  ["todos", "json(s.todos)"],
  ["notes", text("s.notes")],
  ["evalNotes", text("s.evalNotes")],
  ["expectedOutput", text("s.expectedOutput")],
]);

/** SQL of the JSON of a row of `messages m`. Parts are data, in which null is a value: they go past json_patch. */
export const MESSAGE_JSON = `json_insert(${object([
  ["id", "m.id"],
  ["externalId", "m.externalId"],
  ["role", "m.role"],
  ["textContent", text("m.textContent")],
  ["model", text("m.model")],
  ["provider", text("m.provider")],
  ["agent", text("m.agent")],
  ["promptTokens", count("m.promptTokens")],
  ["completionTokens", count("m.completionTokens")],
  ["tokens", tokens("m")],
  ["cost", "iif(m.costSource IN ('reported', 'computed'), m.cost, NULL)"],
  ["costSource", text("m.costSource")],
  ["durationMs", count("m.durationMs")],
  ["createdAt", "m.createdAt"],
  ["updatedAt", count("m.updatedAt")],
  ["removedAt", count("m.removedAt")],
  ["error", "json(m.error)"],
])}, '$.parts', json(coalesce(m.parts, '[]')))`;
