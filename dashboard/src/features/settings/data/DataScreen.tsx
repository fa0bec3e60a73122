import { statsSchema } from "@opensync/client";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { callApi } from "../../../lib/call-api.ts";
import { formatCounted } from "../../../lib/format-number.ts";
import { useServer } from "../../../lib/server.tsx";
import { useDocumentTitle } from "../../../lib/use-document-title.ts";
import { useDownload } from "../../../lib/use-download.ts";
import { Button } from "../../../ui/Button.tsx";
import { SettingsTabs } from "../SettingsTabs.tsx";
import { DataSection } from "./DataSection.tsx";
import { DeleteAccountDialog } from "./DeleteAccountDialog.tsx";
import { DeleteDataDialog } from "./DeleteDataDialog.tsx";
import { ImportSection } from "./ImportSection.tsx";

/** How much the account holds, in words; "" while unknown. */
function useHoldings(): string {
  const server = useServer();
  const { data } = useQuery({
    queryKey: ["usage", "stats"],
    queryFn: ({ signal }) => callApi(server, statsSchema, "/api/stats", { signal }),
  });
  if (data === undefined) return "";
  return `${formatCounted(data.sessionCount, "session")} and ${formatCounted(data.messageCount, "message")}`;
}

/** Settings → Your data: take it along, bring it here, or delete it. */
export function DataScreen() {
  useDocumentTitle("Your data");
  const { save, isBusy } = useDownload();
  const [asking, setAsking] = useState<"data" | "account">();
  const holdings = useHoldings();
  const close = () => setAsking(undefined);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto" aria-label="Your data">
      <div className="mx-auto max-w-5xl px-4 py-6">
        <SettingsTabs />
        <h1 className="mb-4 font-semibold text-xl">Your data</h1>
        <DataSection
          title="Export"
          action={
            <Button disabled={isBusy} onClick={() => save("/api/archive")}>
              <Download size={15} aria-hidden="true" /> {isBusy ? "Exporting…" : "Export everything"}
            </Button>
          }
        >
          {holdings === "" ? "All sessions and messages" : holdings[0]?.toUpperCase() + holdings.slice(1)}, and what is
          in the trash, in one file of JSON lines, to keep or to import elsewhere.
        </DataSection>
        <ImportSection />
        <DataSection
          title="Delete all sessions"
          action={
            <Button look="danger" onClick={() => setAsking("data")}>
              Delete all my data
            </Button>
          }
        >
          Erases every session and message of yours from this server. Your account and its keys stay.
        </DataSection>
        <DataSection
          title="Delete the account"
          action={
            <Button look="danger" onClick={() => setAsking("account")}>
              Delete my account
            </Button>
          }
        >
          Erases the account with its keys, sessions and messages. Machines that use its keys stop syncing.
        </DataSection>
      </div>
      {asking === "data" ? <DeleteDataDialog holdings={holdings} onClose={close} /> : null}
      {asking === "account" ? <DeleteAccountDialog holdings={holdings} onClose={close} /> : null}
    </main>
  );
}
