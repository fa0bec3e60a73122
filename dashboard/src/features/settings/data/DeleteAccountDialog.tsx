import { useMutation } from "@tanstack/react-query";
import { toast } from "sonner";
import * as z from "zod/mini";
import { useAccount } from "../../../lib/account/use-account.tsx";
import { callApi } from "../../../lib/call-api.ts";
import { describeError } from "../../../lib/describe-error.ts";
import { useServer } from "../../../lib/server.tsx";
import { DeletionDialog } from "./DeletionDialog.tsx";

const deletedSchema = z.object({ ok: z.literal(true) });

/** Deletes the account and everything of it, after its password, and ends in the sign-in page. */
export function DeleteAccountDialog({ holdings, onClose }: { holdings: string; onClose: () => void }) {
  const server = useServer();
  const [, account] = useAccount();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (form: FormData) =>
      callApi(server, deletedSchema, "/api/account", { method: "DELETE", body: { password: form.get("password") } }),
    onSuccess: () => {
      toast.success("Your account is deleted");
      account.signOut();
    },
  });
  return (
    <DeletionDialog
      title="Delete your account?"
      action="Delete my account"
      isBusy={isPending}
      error={error ? describeError(error).message : undefined}
      onConfirm={mutate}
      onClose={onClose}
    >
      <p>The account, its API keys{holdings === "" ? "" : `, ${holdings}`}, for good. There is no way back.</p>
    </DeletionDialog>
  );
}
