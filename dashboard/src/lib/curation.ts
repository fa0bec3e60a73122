import { MAX_CHOSEN_SESSIONS } from "@opensync/client";
import { useMutation } from "@tanstack/react-query";
import type PocketBase from "pocketbase";
import { toast } from "sonner";
import * as z from "zod/mini";
import { type ApiCall, callApi } from "./call-api.ts";
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

/** Sessions that something is done to: by id, or all that a list with these parameters has. */
export type Chosen = readonly string[] | { readonly matching: NonNullable<ApiCall["query"]>; readonly count: number };

const doneSchema = z.object({ ok: z.literal(true), next: z.nullable(z.string()) });

type Action =
  | { readonly action: "patch"; readonly changes: Changes }
  | { readonly action: "delete" | "restore" | "purge" };

async function curate(server: PocketBase, chosen: Chosen, action: Action): Promise<void> {
  const send = (body: Readonly<Record<string, unknown>>, query: ApiCall["query"] = {}) =>
    callApi(server, doneSchema, "/api/sessions/bulk", { method: "POST", query, body: { ...action, ...body } });
  if (!("matching" in chosen)) {
    for (let from = 0; from < chosen.length; from += MAX_CHOSEN_SESSIONS)
      await send({ ids: chosen.slice(from, from + MAX_CHOSEN_SESSIONS) });
    return;
  }
  let after: string | null = null;
  do {
    const { next }: z.infer<typeof doneSchema> = await send(
      { matching: true, ...(after === null ? {} : { after }) },
      chosen.matching,
    );
    after = next;
  } while (after !== null);
}

/** Ways to change sessions. Each tells what failed by itself, and every screen sees what became different. */
export interface Curation {
  /** @param onDone called when the server has it */
  change(chosen: Chosen, changes: Changes, onDone?: () => void): void;
  /** Moves sessions to the trash, and offers to undo that for those that are known by id. */
  moveToTrash(chosen: Chosen): void;
  restore(ids: readonly string[]): void;
  /** Deletes sessions that are in the trash for good. */
  purge(ids: readonly string[]): void;
  readonly isBusy: boolean;
}

interface Request {
  readonly chosen: Chosen;
  readonly action: Action;
  readonly onDone?: (() => void) | undefined;
}

/** Changes what people add to sessions, deletes sessions and brings them back. */
export function useCuration(): Curation {
  const server = useServer();
  const lookNow = useLookNow();
  // What follows belongs to the mutation, not to a single call of it: the screen that asked may be gone by then.
  const { mutate, isPending } = useMutation({
    mutationFn: ({ chosen, action }: Request) => curate(server, chosen, action),
    onError: (error) => toast.error(`That failed. ${describeError(error).message}`),
    onSuccess: (_, { onDone }) => {
      lookNow();
      onDone?.();
    },
  });
  const restore = (ids: readonly string[]) => mutate({ chosen: ids, action: { action: "restore" } });
  const tellMoved = (chosen: Chosen) => {
    const isKnown = !("matching" in chosen);
    toast(`${formatCounted(isKnown ? chosen.length : chosen.count, "session")} moved to the trash`, {
      duration: 10_000,
      ...(isKnown ? { action: { label: "Undo", onClick: () => restore(chosen) } } : {}),
    });
  };
  return {
    isBusy: isPending,
    change: (chosen, changes, onDone) => mutate({ chosen, action: { action: "patch", changes }, onDone }),
    moveToTrash: (chosen) => mutate({ chosen, action: { action: "delete" }, onDone: () => tellMoved(chosen) }),
    restore,
    purge: (ids) => mutate({ chosen: ids, action: { action: "purge" } }),
  };
}
