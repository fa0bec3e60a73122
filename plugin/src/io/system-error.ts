/** An error of the operating system, such as "permission denied" or "no space left". */
export type SystemError = Error & { readonly code: string; readonly syscall: string; readonly path?: string };

export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && "code" in error && "syscall" in error;
}
