import * as z from "zod/mini";

/** A use of a tool by the model. */
export interface ToolCall {
  /** Pairs it with its result; "" from clients that sent none. */
  readonly id: string;
  readonly name: string;
  readonly args: unknown;
  /** The agent's own words for it; often "". */
  readonly title: string;
  readonly status: "running" | "completed" | "error" | "";
  readonly durationMs: number | undefined;
}

/** What a tool gave back. */
export interface ToolResult {
  readonly id: string;
  readonly output: unknown;
  readonly isError: boolean;
  /** Size of the whole output, bytes, when what is stored was cut. */
  readonly truncatedBytes: number | undefined;
}

const callSchema = z.looseObject({
  id: z.catch(z.string(), ""),
  toolName: z.catch(z.string(), ""),
  name: z.catch(z.string(), ""),
  tool: z.catch(z.string(), ""),
  title: z.catch(z.string(), ""),
  status: z.catch(z.enum(["running", "completed", "error", ""]), ""),
  startedAt: z.catch(z.number(), 0),
  endedAt: z.catch(z.number(), 0),
});

const resultSchema = z.looseObject({
  id: z.catch(z.string(), ""),
  isError: z.catch(z.boolean(), false),
  truncated: z.optional(z.catch(z.optional(z.object({ bytes: z.number() })), undefined)),
});

/**
 * Reads a tool call of any client: `{toolName, args}`, `{name, arguments}`, `{tool, input}`, a string such as
 * `shell: ls`, or JSON inside a string. An old call may carry its result.
 */
export function toToolCall(content: unknown): { call: ToolCall; result: ToolResult | undefined } {
  const value = typeof content === "string" ? parseText(content) : content;
  const parsed = callSchema.safeParse(value);
  if (!parsed.success) {
    const call = { id: "", name: "tool", args: value, title: "", status: "", durationMs: undefined } as const;
    return { call, result: undefined };
  }
  const { id, toolName, name, tool, title, status, startedAt, endedAt, ...rest } = parsed.data;
  const { args, arguments: argumentsField, input, result, ...others } = rest;
  return {
    call: {
      id,
      name: name || toolName || tool || "unknown tool",
      args: args ?? argumentsField ?? input ?? others,
      title,
      status,
      durationMs: startedAt > 0 && endedAt >= startedAt ? endedAt - startedAt : undefined,
    },
    result: result === undefined ? undefined : toToolResult({ id, output: result }),
  };
}

/** Reads a tool result of any client: a string, `{result}`, `{output}`, `{content}`, or any other object. */
export function toToolResult(content: unknown): ToolResult {
  const parsed = resultSchema.safeParse(content);
  if (!parsed.success || Array.isArray(content)) {
    return { id: "", output: content, isError: false, truncatedBytes: undefined };
  }
  const { id, isError, truncated, ...rest } = parsed.data;
  const { result, output, content: inner, ...others } = rest;
  return { id, output: result ?? output ?? inner ?? others, isError, truncatedBytes: truncated?.bytes };
}

/** `{"tool": …}` is JSON, `shell: ls` a name with its command; anything else is the tool's name alone. */
function parseText(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Not JSON: the text itself is what there is.
  }
  const [, name, command] = /^([\w.-]+):\s+([\s\S]*)$/.exec(text) ?? [];
  return name === undefined ? { name: text } : { name, args: { command } };
}
