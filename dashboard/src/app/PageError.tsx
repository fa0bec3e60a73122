import type { ErrorComponentProps } from "@tanstack/react-router";
import { describeError } from "../lib/describe-error.ts";
import { Button, buttonLook } from "../ui/Button.tsx";
import { copyText } from "../ui/copy-text.ts";
import { Notice } from "../ui/Notice.tsx";

/** A screen that failed as a whole: what happened, and three ways on. */
export function PageError({ error }: ErrorComponentProps) {
  const { message, hint } = describeError(error);
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const details = `${location.pathname}\n${navigator.userAgent}\n${trace}`;
  return (
    <main className="flex-1 overflow-y-auto" role="alert">
      <Notice
        title="This screen failed"
        actions={
          <>
            <Button look="primary" onClick={() => location.reload()}>
              Reload
            </Button>
            <Button onClick={() => void copyText(details)}>Copy details</Button>
            {/* A plain link: the application itself may be what is broken. */}
            <a href="/" className={buttonLook("plain")}>
              All sessions
            </a>
          </>
        }
      >
        {message} {hint}
      </Notice>
    </main>
  );
}
