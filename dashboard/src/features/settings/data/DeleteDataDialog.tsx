import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import * as z from "zod/mini";
import { callApi } from "../../../lib/call-api.ts";
import { describeError } from "../../../lib/describe-error.ts";
import { formatCounted } from "../../../lib/format-number.ts";
import { useServer } from "../../../lib/server.tsx";
import { DeletionDialog } from "./DeletionDialog.tsx";

const deletedSchema = z.object({
  ok: z.literal(true),
  sessions: z.number(),
  messages: z.number(),
  /** What a later sync does. */
  note: z.string(),
});

/** Deletes all sessions of the account, after its password. */
export function DeleteDataDialog({ holdings, onClose }: { holdings: string; onClose: () => void }) {
  const server = useServer();
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (form: FormData) => {
      const body = { password: form.get("password"), keepTombstones: form.get("keepTombstones") !== null };
      return callApi(server, deletedSchema, "/api/account/delete-data", { method: "POST", body });
    },
    onSuccess: async ({ sessions, note }) => {
      toast.success(`${formatCounted(sessions, "session")} deleted`, { description: note, duration: 20_000 });
      onClose();
      // Nothing of what was read before is there any more.
      await client.resetQueries();
    },
  });
  return (
    <DeletionDialog
      title="Delete all your sessions?"
      action="Delete all my data"
      isBusy={isPending}
      error={error ? describeError(error).message : undefined}
      onConfirm={mutate}
      onClose={onClose}
    >
      <p>{holdings === "" ? "Everything" : holdings} of yours on this server, for good. There is no way back.</p>
      <label className="flex items-start gap-2 text-ink">
        <input type="checkbox" name="keepTombstones" className="mt-1 size-4 accent-accent" />
        <span>Keep their ids, so that no machine brings them back with its next sync</span>
      </label>
    </DeletionDialog>
  );
}
