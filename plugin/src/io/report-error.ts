import { OpenSyncError } from "@opensync/client";
import { isSystemError } from "./system-error.ts";
import type { Terminal } from "./terminal.ts";

/** How an error is told. */
export type ErrorForm = {
  /** One line of JSON instead of text. */
  readonly isJson: boolean;
  /** With the stack. */
  readonly isDebug: boolean;
};

/** What a program ends with; the table is in the README. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  cancelled: 2,
  "not-signed-in": 4,
  "invalid-key": 4,
  "not-finished": 8,
};

/** Any failure that has no code of its own. */
const FAILED = 1;

/**
 * Tells an error on stderr: the only place where an error becomes text and an exit code.
 * @returns 1 failed, 2 cancelled, 4 not signed in or key refused, 8 not finished
 */
export function reportError(error: unknown, terminal: Terminal, form: ErrorForm): number {
  const { kind, message, hint, retryable } = describe(error);
  if (form.isJson) terminal.complain(JSON.stringify({ error: { kind, message, hint, retryable } }));
  else {
    terminal.complain(`error: ${message}`);
    if (hint !== undefined) terminal.complain(`hint:  ${hint}`);
  }
  if (form.isDebug && error instanceof Error) terminal.complain(error.stack ?? "");
  return exitCodeOf(kind);
}

/** What a program ends with for a kind of error. */
export function exitCodeOf(kind: string): number {
  return EXIT_CODES[kind] ?? FAILED;
}

function describe(error: unknown) {
  if (error instanceof OpenSyncError) {
    const { kind, message, hint, retryable } = error;
    return { kind, message, hint, retryable };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isSystemError(error)) {
    const hint = "See that files and folders there are yours, and that the disk has room: opencode-sync doctor";
    return { kind: "system", message, hint, retryable: false };
  }
  const hint = "Run the command again with --debug and report what it prints.";
  return { kind: "internal", message, hint, retryable: false };
}
