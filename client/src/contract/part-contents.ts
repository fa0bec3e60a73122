import * as z from "zod/mini";
import { nullIsAbsent } from "./null-is-absent.ts";
import { countSchema, timeSchema } from "./scalars.ts";

/** Content of `text` (what was said) and `thinking` (reasoning that the agent showed). */
export const textContentSchema = z.string();

/** Content of `tool-call`: every tool use, also of task, todo and invalid tools. `args` is data. */
export const toolCallContentSchema = nullIsAbsent(
  z.object({
    id: z.string(),
    toolName: z.string(),
    args: z.unknown(),
    title: z.exactOptional(z.string()),
    status: z.enum(["running", "completed", "error"]),
    startedAt: z.exactOptional(timeSchema),
    endedAt: z.exactOptional(timeSchema),
  }),
  { keep: ["args"] },
);
export type ToolCallContent = z.infer<typeof toolCallContentSchema>;

/** Content of `tool-result`: follows its call, same id, once the call has ended. `output` is a string or data. */
export const toolResultContentSchema = nullIsAbsent(
  z.object({
    id: z.string(),
    output: z.unknown(),
    isError: z.exactOptional(z.boolean()),
    /** Present when the middle of the output was cut: the size of the whole, in bytes. */
    truncated: z.exactOptional(z.object({ bytes: countSchema })),
  }),
  { keep: ["output"] },
);
export type ToolResultContent = z.infer<typeof toolResultContentSchema>;

/** Content of `file`: an attachment. `size` in bytes, `sha256` in lower-case hex, `data` in base64. */
export const fileContentSchema = nullIsAbsent(
  z.object({
    mime: z.string(),
    filename: z.exactOptional(z.string()),
    // Both are unknown where an agent only names a file of the user's disk.
    size: z.exactOptional(countSchema),
    sha256: z.exactOptional(z.string()),
    data: z.exactOptional(z.string()),
    url: z.exactOptional(z.string()),
  }),
);
export type FileContent = z.infer<typeof fileContentSchema>;

/** Content of `patch`: the files that a step changed, and the change itself where the agent knows it. */
export const patchContentSchema = nullIsAbsent(
  z.object({ files: z.array(z.string()), diff: z.exactOptional(z.string()) }),
);
export type PatchContent = z.infer<typeof patchContentSchema>;

/** Content of `subtask`: a child session starts. Stands beside the tool call that started it, never instead of it. */
export const subtaskContentSchema = nullIsAbsent(
  z.object({
    prompt: z.string(),
    description: z.exactOptional(z.string()),
    agent: z.exactOptional(z.string()),
    sessionExternalId: z.exactOptional(z.string()),
  }),
);
export type SubtaskContent = z.infer<typeof subtaskContentSchema>;

/** Content of `compaction`: the context was compacted here. */
export const compactionContentSchema = nullIsAbsent(
  z.object({ summary: z.exactOptional(z.string()), auto: z.exactOptional(z.boolean()) }),
);
export type CompactionContent = z.infer<typeof compactionContentSchema>;
