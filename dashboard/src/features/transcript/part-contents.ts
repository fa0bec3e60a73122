import * as z from "zod/mini";

/** An attachment. */
export interface FileContent {
  readonly name: string;
  readonly mime: string;
  /** Bytes; 0 = not said. */
  readonly size: number;
  /** Address of an image that can be shown without asking any server; "" = none. */
  readonly imageSource: string;
}

const fileSchema = z.object({
  mime: z.catch(z.string(), ""),
  filename: z.catch(z.optional(z.string()), undefined),
  size: z.catch(z.number(), 0),
  data: z.catch(z.optional(z.string()), undefined),
  url: z.catch(z.optional(z.string()), undefined),
});

/** Raster formats only: an SVG can hold anything. */
const SHOWN_IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;

/** Reads an attachment. Remote addresses are never loaded, only data that the message itself carries. */
export function fileContent(content: unknown): FileContent | undefined {
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) return undefined;
  const { mime, filename, size, data, url } = parsed.data;
  const isImage = SHOWN_IMAGES.includes(mime) && data !== undefined && BASE64.test(data);
  const addressName = url === undefined || url.startsWith("data:") ? undefined : url;
  return {
    name: filename || addressName || "attachment",
    mime,
    size,
    imageSource: isImage ? `data:${mime};base64,${data}` : "",
  };
}

const patchSchema = z.object({
  files: z.catch(z.array(z.string()), []),
  diff: z.catch(z.optional(z.string()), undefined),
});

/** Reads the files changed in a step, with their diff where the agent kept one. */
export function patchContent(content: unknown): { files: readonly string[]; diff: string } | undefined {
  const parsed = patchSchema.safeParse(content);
  return parsed.success ? { files: parsed.data.files, diff: parsed.data.diff ?? "" } : undefined;
}

const subtaskSchema = z.object({
  prompt: z.catch(z.string(), ""),
  description: z.catch(z.optional(z.string()), undefined),
  agent: z.catch(z.optional(z.string()), undefined),
  sessionExternalId: z.catch(z.optional(z.string()), undefined),
});

/** Reads the start of a child session. */
export function subtaskContent(
  content: unknown,
): { title: string; prompt: string; sessionExternalId: string } | undefined {
  const parsed = subtaskSchema.safeParse(content);
  if (!parsed.success) return undefined;
  const { prompt, description, agent, sessionExternalId } = parsed.data;
  const title = [agent, description].filter(Boolean).join(": ");
  return { title: title || "Sub-agent", prompt, sessionExternalId: sessionExternalId ?? "" };
}
