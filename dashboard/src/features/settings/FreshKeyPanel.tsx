import { type FreshKey, setFreshKey } from "../../lib/fresh-key.ts";
import { Button } from "../../ui/Button.tsx";
import { CopyField } from "../../ui/CopyField.tsx";
import { WaitingForFirstSession } from "./WaitingForFirstSession.tsx";

/** The one time that a key is shown, with the two lines that put it to use. */
export function FreshKeyPanel({ fresh }: { fresh: FreshKey }) {
  const { answer, isFirst } = fresh;
  return (
    <section aria-labelledby="fresh-key" className="mb-6 rounded-lg border border-accent bg-surface">
      <div className="p-4 sm:p-5">
        <h2 id="fresh-key" className="font-semibold text-lg">
          {isFirst ? "Connect your first device" : `Key “${answer.name}”`}
        </h2>
        <p className="mt-0.5 text-muted">
          This key is shown once.{" "}
          {answer.scope === "sync"
            ? "It can push sessions and cannot read them."
            : "It can push and read all your sessions."}
        </p>
        <ol className="mt-4 space-y-4">
          <Step number={1} title="Copy the key">
            <CopyField label="API key" text={answer.key} action="Copy key" />
          </Step>
          <Step number={2} title="Install the plugin on the machine that runs your agent">
            <CopyField label="Install command" text={`npm i -g ${location.origin}/plugin.tgz`} action="Copy command" />
          </Step>
          <Step number={3} title="Sign in there; it asks for the key without showing it">
            <CopyField
              label="Login command"
              text={`opencode-sync login --url ${location.origin}`}
              action="Copy command"
            />
          </Step>
        </ol>
      </div>
      {isFirst ? <WaitingForFirstSession /> : null}
      <div className="flex justify-end border-line border-t px-4 py-3 sm:px-5">
        <Button onClick={() => setFreshKey(null)}>I have saved it</Button>
      </div>
    </section>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: React.ReactNode }) {
  return (
    <li className="flex gap-3">
      <span
        aria-hidden="true"
        className="mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full bg-accent-fill font-semibold text-accent text-xs"
      >
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="mb-1.5 font-medium">{title}</h3>
        {children}
      </div>
    </li>
  );
}
