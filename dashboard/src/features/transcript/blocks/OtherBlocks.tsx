import { Bot, FileDiff, Paperclip } from "lucide-react";
import { formatBytes, formatCounted } from "../../../lib/format-number.ts";
import type { FileContent } from "../part-contents.ts";
import { DiffText } from "./DiffText.tsx";
import { FoldableText } from "./FoldableText.tsx";
import { RichText } from "./RichText.tsx";

/** An attachment: a bounded picture if the message carries one, else its name. */
export function FileBlock({ file }: { file: FileContent }) {
  return (
    <figure className="my-1.5">
      {file.imageSource ? (
        <img
          src={file.imageSource}
          alt={file.name}
          className="mb-1 max-h-64 max-w-full rounded-md border border-line object-contain"
        />
      ) : null}
      <figcaption className="inline-flex max-w-full items-center gap-1.5 rounded bg-fill px-2 py-0.5 text-muted text-sm">
        <Paperclip size={13} aria-hidden="true" className="shrink-0" />
        <span className="truncate" title={file.name}>
          {file.name}
        </span>
        <span className="shrink-0 text-faint">
          {file.mime}
          {file.size > 0 ? ` ${formatBytes(file.size)}` : ""}
        </span>
      </figcaption>
    </figure>
  );
}

/** Files changed in a step. */
export function PatchBlock({ id, files, diff }: { id: string; files: readonly string[]; diff: string }) {
  return (
    <div className="my-1.5 text-sm">
      <p className="mb-1 flex items-center gap-1.5 text-muted">
        <FileDiff size={14} aria-hidden="true" />
        {formatCounted(files.length, "file")} changed
      </p>
      <ul className="mb-1 ml-5 font-mono text-muted">
        {files.map((file) => (
          <li key={file} className="[overflow-wrap:anywhere]">
            {file}
          </li>
        ))}
      </ul>
      {diff ? <DiffText id={id} diff={diff} /> : null}
    </div>
  );
}

/** The start of a child session. */
export function SubtaskBlock({ id, title, prompt }: { id: string; title: string; prompt: string }) {
  return (
    <div className="my-1.5 rounded-md border border-line bg-surface px-3 py-2">
      <p className="flex items-center gap-1.5 font-medium text-sm">
        <Bot size={14} aria-hidden="true" className="text-faint" />
        {title}
      </p>
      {prompt ? <FoldableText id={id} text={prompt} className="mt-1 text-muted" /> : null}
    </div>
  );
}

/** The place where the agent shortened its context. */
export function Compaction({ summary }: { summary: string }) {
  return (
    <div className="my-3">
      <p className="flex items-center gap-3 text-faint text-xs before:h-px before:flex-1 before:bg-line-strong after:h-px after:flex-1 after:bg-line-strong">
        The context was compacted here
      </p>
      {summary ? (
        <div className="mt-2 text-muted">
          <RichText text={summary} />
        </div>
      ) : null}
    </div>
  );
}
