import {
  compactionContentSchema,
  fileContentSchema,
  messageSchema,
  patchContentSchema,
  sessionSchema,
  subtaskContentSchema,
  toolCallContentSchema,
  toolResultContentSchema,
} from "@opensync/client";
import { expect, test } from "vitest";
import { z } from "zod";
import { type FieldRule, MESSAGE_RULES, PART_CONTENT_RULES, rulesOfPart, SESSION_RULES } from "./content-fields.ts";

/** The parts of a schema's inside that lead to the fields of an object. */
const inside = z.object({
  _zod: z.object({
    def: z.looseObject({
      type: z.string(),
      shape: z.record(z.string(), z.unknown()).optional(),
      in: z.unknown().optional(),
      out: z.unknown().optional(),
      innerType: z.unknown().optional(),
      element: z.unknown().optional(),
    }),
  }),
});

/** The fields of an object's schema, through whatever it is wrapped in; undefined: it is no object. */
function fieldsOf(schema: unknown): Record<string, unknown> | undefined {
  const { def } = inside.parse(schema)._zod;
  if (def.shape !== undefined) return def.shape;
  for (const next of [def.out, def.innerType, def.element]) {
    const fields = next === undefined ? undefined : fieldsOf(next);
    if (fields !== undefined) return fields;
  }
  return undefined;
}

/** Every field that the contract has and the rules do not name, and the other way round, with its path. */
function differences(schema: unknown, rule: FieldRule | undefined, path: string): string[] {
  if (rule === undefined) return [`${path}: no rule`];
  const fields = fieldsOf(schema);
  if (typeof rule === "string" || fields === undefined) return [];
  const names = new Set([...Object.keys(fields), ...Object.keys(rule)]);
  return [...names].flatMap((name) => {
    if (!Object.hasOwn(fields, name)) return [`${path}.${name}: not in the contract`];
    return differences(fields[name], Object.hasOwn(rule, name) ? rule[name] : undefined, `${path}.${name}`);
  });
}

test("the walk sees the fields of the contract", () => {
  expect(Object.keys(fieldsOf(sessionSchema) ?? {})).toContain("title");
  expect(Object.keys(fieldsOf(fieldsOf(messageSchema)?.["parts"]) ?? {})).toEqual(["type", "content", "id", "meta"]);
  expect(differences(sessionSchema, { ...SESSION_RULES, more: "content" }, "session")).toEqual([
    "session.more: not in the contract",
  ]);
  expect(differences(messageSchema, { ...MESSAGE_RULES, error: { name: "structure" } }, "message")).toEqual([
    "message.error.message: no rule",
  ]);
});

test("every field of the contract is said to be content or structure", () => {
  expect(differences(sessionSchema, SESSION_RULES, "session")).toEqual([]);
  expect(differences(messageSchema, MESSAGE_RULES, "message")).toEqual([]);
});

test.each([
  ["tool-call", toolCallContentSchema],
  ["tool-result", toolResultContentSchema],
  ["file", fileContentSchema],
  ["patch", patchContentSchema],
  ["subtask", subtaskContentSchema],
  ["compaction", compactionContentSchema],
])("so is every member of the content of %s", (type, schema) => {
  expect(differences(schema, PART_CONTENT_RULES[type], type)).toEqual([]);
});

test("a part of a type that nobody has named is content, also when it is called like something inherited", () => {
  for (const type of ["unheard-of", "constructor", "__proto__"]) {
    expect(rulesOfPart(type)).toMatchObject({ content: "content" });
  }
});
