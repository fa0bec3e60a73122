import { errorAnswerSchema } from "@opensync/client";
import { ClientResponseError } from "pocketbase";
import * as z from "zod/mini";
import { SignedOutError } from "./account/confirm-signed-in.ts";

/** An error in words: what happened, and what to do about it. */
export interface ErrorWords {
  readonly message: string;
  readonly hint: string;
  /** Worth trying again without changing anything. */
  readonly isTemporary: boolean;
}

/** Puts any error of the server, the network or the page into words. Never throws. */
export function describeError(error: unknown): ErrorWords {
  if (error instanceof SignedOutError) {
    return { message: "You are signed out.", hint: "Sign in again to go on.", isTemporary: false };
  }
  if (error instanceof z.core.$ZodError) {
    return {
      message: "The server answered something this page does not understand.",
      hint: "Reload the page: it may be older than the server.",
      isTemporary: false,
    };
  }
  if (!(error instanceof ClientResponseError)) {
    return {
      message: error instanceof Error ? error.message : String(error),
      hint: "Reload the page.",
      isTemporary: true,
    };
  }
  if (error.status === 0) {
    return {
      message: "The server cannot be reached.",
      hint: "Check that it runs and that this machine is on its network.",
      isTemporary: true,
    };
  }
  return { message: `${saidByServer(error)} (${error.status})`, ...adviceFor(error.status) };
}

/** Our own routes answer `{error}`, PocketBase's `{message}`. */
function saidByServer(error: ClientResponseError): string {
  const ours = errorAnswerSchema.safeParse(error.response);
  if (ours.success) return ours.data.error;
  const theirs = z.object({ message: z.string() }).safeParse(error.response);
  return theirs.success && theirs.data.message !== "" ? theirs.data.message : "The server refused the request";
}

function adviceFor(status: number): Omit<ErrorWords, "message"> {
  if (status >= 500)
    return { hint: "The server's log says why. Nothing of what is stored is lost.", isTemporary: true };
  if (status === 429) return { hint: "Wait a moment, then try again.", isTemporary: true };
  return { hint: "", isTemporary: false };
}
