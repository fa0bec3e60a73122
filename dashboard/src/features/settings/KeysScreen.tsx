import { Plus } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { describeError } from "../../lib/describe-error.ts";
import { useFreshKey } from "../../lib/fresh-key.ts";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorPanel } from "../../ui/ErrorPanel.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { SkeletonRows } from "../../ui/SkeletonRows.tsx";
import { FreshKeyPanel } from "./FreshKeyPanel.tsx";
import { GenerateKeyDialog } from "./GenerateKeyDialog.tsx";
import { KeyTable } from "./KeyTable.tsx";
import { SettingsTabs } from "./SettingsTabs.tsx";
import { useApiKeys } from "./use-api-keys.ts";

/** Settings → API keys. */
export function KeysScreen() {
  useDocumentTitle("API keys");
  const { keys, create, revoke } = useApiKeys();
  const [isAsking, setIsAsking] = useState(false);
  const fresh = useFreshKey();

  const open = (isOpen: boolean) => {
    create.reset();
    setIsAsking(isOpen);
  };
  const revokeKey = (id: string) =>
    revoke.mutate(id, {
      onSuccess: () => toast.success("The key is revoked"),
      onError: (error) => toast.error(`The key is not revoked. ${describeError(error).message}`),
    });

  return (
    <main className="min-h-0 flex-1 overflow-y-auto" aria-label="API keys">
      <div className="mx-auto max-w-5xl px-4 py-6">
        <SettingsTabs />
        <div className="mb-4 flex items-center justify-between gap-4">
          <h1 className="font-semibold text-xl">API keys</h1>
          <Button look="primary" onClick={() => open(true)}>
            <Plus size={15} aria-hidden="true" />
            Generate API Key
          </Button>
        </div>
        {fresh ? <FreshKeyPanel key={fresh.answer.id} fresh={fresh} /> : null}
        {keys.isPending ? <SkeletonRows count={3} heightPx={44} label="Loading keys" /> : null}
        {keys.isError ? (
          <ErrorPanel
            title="Keys could not be loaded"
            {...describeError(keys.error)}
            onRetry={() => void keys.refetch()}
          />
        ) : null}
        {keys.data?.length ? <KeyTable keys={keys.data} onRevoke={revokeKey} /> : null}
        {keys.data?.length === 0 ? (
          <Notice title="No keys yet">
            Each device pushes its sessions with a key of its own. Generate one to connect it.
          </Notice>
        ) : null}
        <p className="mt-3 text-muted text-sm">
          The server stores only a hash of each key: a key that is lost cannot be shown again, only replaced.
        </p>
      </div>
      <GenerateKeyDialog
        isOpen={isAsking}
        onOpenChange={open}
        isBusy={create.isPending}
        error={create.error ? describeError(create.error).message : undefined}
        onGenerate={(request) => create.mutate(request, { onSuccess: () => setIsAsking(false) })}
      />
    </main>
  );
}
