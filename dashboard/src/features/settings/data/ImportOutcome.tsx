import { SignedOutError } from "../../../lib/account/confirm-signed-in.ts";
import { describeError } from "../../../lib/describe-error.ts";
import { formatBytes, formatCounted } from "../../../lib/format-number.ts";
import { Button } from "../../../ui/Button.tsx";
import { ArchiveError, type ImportSums } from "./import-archive.ts";
import type { ImportState } from "./use-archive-import.ts";

interface ImportOutcomeProps {
  state: ImportState;
  onGoOn: (file: File, from: ImportSums) => void;
  onStop: () => void;
}

/** How far an import is, or what came of it. */
export function ImportOutcome({ state, onGoOn, onStop }: ImportOutcomeProps) {
  if (state.status === "idle") return null;
  const { file, sums } = state;
  const goOn = (
    <Button isSmall onClick={() => onGoOn(file, sums)}>
      Go on
    </Button>
  );
  switch (state.status) {
    case "running":
      return <Running file={file} sums={sums} onStop={onStop} />;
    case "done":
      return (
        <div role="status" className="rounded-md bg-accent-fill px-3 py-2 text-sm">
          <p className="font-medium">{file.name} is imported</p>
          <Counts sums={sums} />
        </div>
      );
    case "stopped":
      return (
        <div role="status" className="flex flex-wrap items-center gap-3 rounded-md bg-fill px-3 py-2 text-sm">
          <div className="min-w-0 flex-1">
            <p className="font-medium">Stopped before the end of {file.name}</p>
            <Counts sums={sums} />
          </div>
          {goOn}
        </div>
      );
    case "failed": {
      const { message, hint, canGoOn } = explain(state.error);
      return (
        <div role="alert" className="flex flex-wrap items-center gap-3 rounded-md bg-danger-fill px-3 py-2 text-sm">
          <div className="min-w-0 flex-1">
            <p className="font-medium text-danger">{file.name} could not be imported to its end</p>
            <p className="mt-0.5 break-words">
              {message} {hint}
            </p>
            {sums.requests > 0 ? <Counts sums={sums} /> : null}
          </div>
          {canGoOn ? goOn : null}
        </div>
      );
    }
  }
}

/** Browsers draw the bar as several parts, each under a name of its own. */
const BAR =
  "h-2 min-w-0 flex-1 appearance-none overflow-hidden rounded-full border-0 bg-fill [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-fill [&::-webkit-progress-value]:bg-accent";

function Running({ file, sums, onStop }: { file: File; sums: ImportSums; onStop: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-3 text-sm">
      <progress className={BAR} aria-label="Imported" value={sums.bytes} max={file.size} />
      <span className="text-muted tabular-nums">
        {formatBytes(sums.bytes)} of {formatBytes(file.size)}
      </span>
      <Button isSmall onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}

/** What was read, what of it was not here as it is, and what was left out. */
function Counts({ sums: { sessions, messages, changed, prices, errors, errorCount } }: { sums: ImportSums }) {
  const written = [
    ...(changed.sessions > 0 ? [formatCounted(changed.sessions, "session")] : []),
    ...(changed.messages > 0 ? [formatCounted(changed.messages, "message")] : []),
    ...(prices > 0 ? [formatCounted(prices, "price")] : []),
  ];
  const read = `${formatCounted(sessions, "session")} and ${formatCounted(messages, "message")} read`;
  return (
    <>
      <p className="mt-0.5">
        {read}. {written.length === 0 ? "All of it was here already." : `Written: ${written.join(", ")}.`}
      </p>
      {errorCount > 0 ? (
        <details className="mt-1">
          <summary className="cursor-pointer">{formatCounted(errorCount, "line")} left out</summary>
          <ul className="mt-1 max-h-40 list-disc overflow-y-auto break-words pl-5" aria-label="Left out">
            {errors.map((error, index) => (
              <li key={index}>{error}</li>
            ))}
            {errorCount > errors.length ? <li>and {formatCounted(errorCount - errors.length, "line")} more</li> : null}
          </ul>
        </details>
      ) : null}
    </>
  );
}

function explain(error: unknown): { message: string; hint: string; canGoOn: boolean } {
  if (error instanceof ArchiveError) return { message: error.message, hint: "", canGoOn: false };
  const { message, hint, isTemporary } = describeError(error);
  return { message, hint, canGoOn: isTemporary || error instanceof SignedOutError };
}
