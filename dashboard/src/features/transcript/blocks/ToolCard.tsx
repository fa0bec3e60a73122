import { Copy } from "lucide-react";
import { formatBytes } from "../../../lib/format-number.ts";
import { formatDuration } from "../../../lib/format-time.ts";
import { Button } from "../../../ui/Button.tsx";
import { classes } from "../../../ui/classes.ts";
import { copyText } from "../../../ui/copy-text.ts";
import { useFold } from "../fold-state.ts";
import { relativeToProject, useProjectPath } from "../project-path.ts";
import { readEdit, showArguments, showValue } from "../show-value.ts";
import type { ToolCall, ToolResult } from "../tool-parts.ts";
import { summariseTool, todosOf } from "../tool-summary.ts";
import { DiffText } from "./DiffText.tsx";
import { FoldableText } from "./FoldableText.tsx";
import { FoldHead } from "./FoldHead.tsx";
import { TodoList } from "./TodoList.tsx";

interface ToolCardProps {
  id: string;
  call: ToolCall | undefined;
  result: ToolResult | undefined;
}

/** A tool call: one line with its most telling input; unfolded, its arguments and what came back. */
export function ToolCard({ id, call, result }: ToolCardProps) {
  const [isOpen, toggle] = useFold(id, "tool");
  const projectPath = useProjectPath();
  const summary = call ? relativeToProject(summariseTool(call.args, call.title), projectPath) : "";
  const hasFailed = result?.isError === true || call?.status === "error";
  return (
    <div className="my-1.5 overflow-hidden rounded-md border border-line bg-surface">
      <FoldHead
        isOpen={isOpen}
        onToggle={toggle}
        className="touch-target flex min-h-8 w-full items-center gap-2 px-2.5 py-1 text-left text-sm hover:bg-fill focus-visible:-outline-offset-2"
      >
        <span className="max-w-1/2 shrink-0 truncate font-medium font-mono" title={call?.name}>
          {call?.name ?? "result"}
        </span>
        <span className="min-w-0 flex-1 truncate font-mono text-muted" title={summary}>
          {summary}
        </span>
        <ToolStatus call={call} hasResult={result !== undefined} hasFailed={hasFailed} />
      </FoldHead>
      {isOpen ? (
        <div className="space-y-3 border-line border-t px-3 py-2.5">
          {call ? <Arguments id={id} args={call.args} /> : null}
          {result ? <Result id={id} result={result} /> : null}
        </div>
      ) : null}
    </div>
  );
}

function ToolStatus({
  call,
  hasResult,
  hasFailed,
}: {
  call: ToolCall | undefined;
  hasResult: boolean;
  hasFailed: boolean;
}) {
  const isRunning = !hasResult && call?.status === "running";
  return (
    <span className="flex shrink-0 items-center gap-2 text-xs">
      {hasFailed ? <span className="rounded bg-danger-fill px-1.5 py-0.5 text-danger">failed</span> : null}
      {isRunning ? <span className="rounded bg-accent-fill px-1.5 py-0.5 text-accent">running</span> : null}
      {call?.durationMs === undefined ? null : <span className="text-faint">{formatDuration(call.durationMs)}</span>}
    </span>
  );
}

function Arguments({ id, args }: { id: string; args: unknown }) {
  const todos = todosOf(args);
  if (todos) return <TodoList todos={todos} />;
  const edit = readEdit(args);
  const shown = showArguments(edit?.rest ?? args);
  return (
    <>
      {shown.length > 0 ? (
        <dl className="space-y-1.5">
          {shown.map(({ name, text }) => (
            <div key={name} className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-3 max-sm:grid-cols-1 max-sm:gap-0">
              <dt className="truncate text-faint text-sm" title={name}>
                {name || "input"}
              </dt>
              <dd>
                <FoldableText id={`${id}/${name}`} text={text} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
      {edit ? <DiffText id={`${id}/edit`} diff={toDiff(edit.before, edit.after)} /> : null}
    </>
  );
}

function toDiff(before: string, after: string): string {
  const mark = (text: string, sign: string) => (text === "" ? [] : text.split("\n").map((line) => `${sign}${line}`));
  return [...mark(before, "-"), ...mark(after, "+")].join("\n");
}

function Result({ id, result }: { id: string; result: ToolResult }) {
  const text = showValue(result.output);
  return (
    <div>
      <div className="mb-1 flex items-center justify-between gap-3 text-faint text-sm">
        <span>
          {result.isError ? "error" : "output"}
          {result.truncatedBytes === undefined
            ? ""
            : ` (cut before it was sent; ${formatBytes(result.truncatedBytes)} in all)`}
        </span>
        {text === "" ? null : (
          <Button isSmall look="quiet" className="-my-1 h-6" onClick={() => void copyText(text)}>
            <Copy size={12} aria-hidden="true" /> Copy
          </Button>
        )}
      </div>
      {text === "" ? (
        <p className="text-faint text-sm">nothing</p>
      ) : (
        <FoldableText
          id={`${id}/output`}
          text={text}
          className={classes("rounded-md px-3 py-2", result.isError ? "border-danger border-l-2 bg-fill" : "bg-fill")}
        />
      )}
    </div>
  );
}
