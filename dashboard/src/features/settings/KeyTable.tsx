import { useState } from "react";
import { formatDay } from "../../lib/format-time.ts";
import { useNow } from "../../lib/use-now.ts";
import { Button } from "../../ui/Button.tsx";
import { reachable } from "../../ui/reachable.ts";
import { Time } from "../../ui/Time.tsx";
import { type KeyRecord, type KeyState, keyState, sortKeys } from "./key-record.ts";
import { RevokeDialog } from "./RevokeDialog.tsx";

interface KeyTableProps {
  keys: readonly KeyRecord[];
  onRevoke: (id: string) => void;
}

const stateLook: Record<KeyState, string> = {
  active: "bg-add-fill text-add",
  expired: "bg-warn-fill text-warn",
  revoked: "bg-fill-strong text-muted",
};

/** All keys, those that work first. */
export function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const nowMs = useNow();
  const [asked, setAsked] = useState<KeyRecord>();
  return (
    <>
      <section
        className="relative overflow-x-auto rounded-lg border border-line bg-surface"
        {...reachable}
        aria-label="API keys"
      >
        <table className="w-full text-left">
          <thead className="row-line text-faint text-xs">
            <tr>
              <th className="px-4 py-2 font-normal">Name</th>
              <th className="px-2 py-2 font-normal">Key</th>
              <th className="px-2 py-2 font-normal">Scope</th>
              <th className="px-2 py-2 font-normal">Device</th>
              <th className="px-2 py-2 font-normal">Created</th>
              <th className="px-2 py-2 font-normal">Last used</th>
              <th className="px-2 py-2 font-normal">State</th>
              <th className="px-4 py-2">
                <span className="sr-only">Revoke</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sortKeys(keys, nowMs).map((key) => (
              <KeyLine key={key.id} record={key} nowMs={nowMs} onRevoke={() => setAsked(key)} />
            ))}
          </tbody>
        </table>
      </section>
      {asked ? (
        <RevokeDialog
          record={asked}
          onCancel={() => setAsked(undefined)}
          onConfirm={() => {
            onRevoke(asked.id);
            setAsked(undefined);
          }}
        />
      ) : null}
    </>
  );
}

function KeyLine({ record, nowMs, onRevoke }: { record: KeyRecord; nowMs: number; onRevoke: () => void }) {
  const state = keyState(record, nowMs);
  const cell = "whitespace-nowrap px-2 py-2.5 text-sm";
  return (
    <tr className={`border-line border-b last:border-0 ${state === "active" ? "" : "text-faint"}`}>
      <td className="max-w-56 truncate px-4 py-2.5 font-medium" title={record.name}>
        {record.name}
      </td>
      <td className={`${cell} font-mono`}>{record.prefix}…</td>
      <td className={cell}>{record.scope}</td>
      <td className={cell}>{record.device || "–"}</td>
      <td className={cell}>
        <Time timeMs={record.created} isPhrase />
      </td>
      <td className={cell}>{record.lastUsedAt > 0 ? <Time timeMs={record.lastUsedAt} isPhrase /> : "never"}</td>
      <td className={cell}>
        <span className={`rounded px-1.5 py-0.5 text-xs ${stateLook[state]}`}>{state}</span>
        {state === "active" && record.expiresAt > 0 ? (
          <span className="ml-1.5 text-muted text-xs">until {formatDay(record.expiresAt, nowMs)}</span>
        ) : null}
      </td>
      <td className="px-4 py-1.5 text-right">
        {state === "active" ? (
          <Button isSmall onClick={onRevoke} aria-label={`Revoke ${record.name}`}>
            Revoke
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
