import { useMutation } from "@tanstack/react-query";
import type PocketBase from "pocketbase";
import { toast } from "sonner";
import * as z from "zod/mini";
import { callApi } from "./call-api.ts";
import { describeError } from "./describe-error.ts";
import { formatCounted } from "./format-number.ts";
import { useLookNow } from "./live/use-live.tsx";
import { useServer } from "./server.tsx";

/** How well a session went, as people judge it. */
export const evalStatuses = [
  { value: "golden", label: "Golden" },
  { value: "correct", label: "Correct" },
  { value: "incorrect", label: "Incorrect" },
  { value: "needs_review", label: "Needs review" },
] as const;

/** What people add to sessions. What is absent stays as it is. */
export interface Changes {
  readonly customTitle?: string;
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly notes?: string;
  readonly starred?: boolean;
  readonly evalReady?: boolean;
  readonly evalStatus?: string;
  readonly evalNotes?: string;
  readonly expectedOutput?: string;
}

/** Sessions that one request may name. */
const MAX_CHOSEN = 10_000;

const doneSchema = z.object({ ok: z.literal(true) });

type Action =
  | { readonly action: "patch"; readonly changes: Changes }
  | { readonly action: "delete" | "restore" | "purge" };

async function curate(server: PocketBase, ids: readonly string[], action: Action): Promise<void> {
  for (let from = 0; from < ids.length; from += MAX_CHOSEN) {
    const body = { ...action, ids: ids.slice(from, from + MAX_CHOSEN) };
    await callApi(server, doneSchema, "/api/sessions/bulk", { method: "POST", body });
  }
}

/** Ways to change sessions. Each tells what failed by itself, and every screen sees what became different. */
export interface Curation {
  /** @param onDone called when the server has it */
  change(ids: readonly string[], changes: Changes, onDone?: () => void): void;
  /** Moves sessions to the trash and offers to undo that. */
  moveToTrash(ids: readonly string[]): void;
  restore(ids: readonly string[]): void;
  /** Deletes sessions that are in the trash for good. */
  purge(ids: readonly string[]): void;
  readonly isBusy: boolean;
}

interface Request {
  readonly ids: readonly string[];
  readonly action: Action;
  readonly onDone?: (() => void) | undefined;
}

/** Changes what people add to sessions, deletes sessions and brings them back. */
export function useCuration(): Curation {
  const server = useServer();
  const lookNow = useLookNow();
  // What follows belongs to the mutation, not to a single call of it: the screen that asked may be gone by then.
  const { mutate, isPending } = useMutation({
    mutationFn: ({ ids, action }: Request) => curate(server, ids, action),
    onError: (error) => toast.error(`Nothing was changed. ${describeError(error).message}`),
    onSuccess: (_, { onDone }) => {
      lookNow();
      onDone?.();
    },
  });
  const restore = (ids: readonly string[]) => mutate({ ids, action: { action: "restore" } });
  const offerUndo = (ids: readonly string[]) =>
    toast(`${formatCounted(ids.length, "session")} moved to the trash`, {
      action: { label: "Undo", onClick: () => restore(ids) },
      duration: 10_000,
    });
  return {
    isBusy: isPending,
    change: (ids, changes, onDone) => mutate({ ids, action: { action: "patch", changes }, onDone }),
    moveToTrash: (ids) => mutate({ ids, action: { action: "delete" }, onDone: () => offerUndo(ids) }),
    restore,
    purge: (ids) => mutate({ ids, action: { action: "purge" } }),
  };
}
