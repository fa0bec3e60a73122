import { createHash } from "node:crypto";
import { MAX_FILE_DATA_CHARS, type Part } from "@opensync/client";
import { compact, type Data, dataOf, omit, textOf } from "./json.ts";

const BASE64_URL = /^data:([^,]*);base64,([\s\S]*)$/;

/**
 * Maps an attachment. Bytes inside a `data:` URL travel in `content.data` up to 256 kB; of larger ones only size and
 * hash do, and `meta.cut` says so. For other URLs neither is known: the file on disk may be another one by now.
 * @param data `{type: "file", mime, filename?, url, …}`
 */
export function mapFile(data: Data): Part {
  const url = textOf(data["url"]) ?? "";
  const mime = textOf(data["mime"]) ?? "application/octet-stream";
  const filename = textOf(data["filename"]);
  const rest = omit(data, "type", "mime", "filename", "url");
  const match = BASE64_URL.exec(url);
  if (match === null) {
    return { type: "file", content: compact({ mime, filename, url: url || undefined }), meta: rest };
  }
  const [, header = "", base64 = ""] = match;
  const bytes = Buffer.from(base64, "base64");
  const isWhole = base64.length <= MAX_FILE_DATA_CHARS;
  return {
    type: "file",
    content: compact({
      mime,
      filename,
      size: bytes.byteLength,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      data: isWhole ? base64 : undefined,
    }),
    meta: { ...rest, ...(header === mime ? {} : { dataUrlType: header }), ...(isWhole ? {} : { cut: true }) },
  };
}

/** The attachment as OpenCode has it; a cut one comes back with an empty URL. */
export function restoreFile(part: Part): Data {
  const content = dataOf(part.content);
  const meta = part.meta ?? {};
  const type = textOf(meta["dataUrlType"]) ?? textOf(content["mime"]);
  const url = typeof content["data"] === "string" ? `data:${type};base64,${content["data"]}` : (content["url"] ?? "");
  const named = compact({ mime: content["mime"], filename: content["filename"] });
  return { ...omit(meta, "dataUrlType", "cut"), type: "file", ...named, url };
}

/** The attachment without bytes that are too large to travel: what restoring a mapped part can give back. */
export function withoutLargeBytes(data: Data): Data {
  const base64 = BASE64_URL.exec(textOf(data["url"]) ?? "")?.[2] ?? "";
  return base64.length > MAX_FILE_DATA_CHARS ? { ...data, url: "" } : data;
}
