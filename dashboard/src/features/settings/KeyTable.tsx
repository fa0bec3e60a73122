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

/** Columns that a small screen has no room for: there a second line under the name says what they hold. */
const onlyWide = "max-lg:hidden";

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
              <th className={`px-2 py-2 font-normal ${onlyWide}`}>Key</th>
              <th className={`px-2 py-2 font-normal ${onlyWide}`}>Scope</th>
              <th className={`px-2 py-2 font-normal ${onlyWide}`}>Device</th>
              <th className={`px-2 py-2 font-normal ${onlyWide}`}>Created</th>
              <th className={`px-2 py-2 font-normal ${onlyWide}`}>Last used</th>
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
  const lastUse = record.lastUsedAt > 0 ? <Time timeMs={record.lastUsedAt} isPhrase /> : "never";
  const cell = "whitespace-nowrap px-2 py-2.5 text-sm";
  return (
    <tr className={`border-line border-b last:border-0 ${state === "active" ? "" : "text-faint"}`}>
      <td className="max-w-32 px-4 py-2.5 sm:max-w-56">
        <span className="block truncate font-medium" title={record.name}>
          {record.name}
        </span>
        <span className="block break-words text-faint text-xs lg:hidden">
          <span className="font-mono">{record.prefix}…</span> · {record.scope}
          {record.device ? ` · ${record.device}` : ""} · {record.lastUsedAt > 0 ? "used" : "never used"}{" "}
          {record.lastUsedAt > 0 ? lastUse : null}
        </span>
      </td>
      <td className={`${cell} font-mono ${onlyWide}`}>{record.prefix}…</td>
      <td className={`${cell} ${onlyWide}`}>{record.scope}</td>
      <td className={`${cell} ${onlyWide}`}>{record.device || "–"}</td>
      <td className={`${cell} ${onlyWide}`}>
        <Time timeMs={record.created} isPhrase />
      </td>
      <td className={`${cell} ${onlyWide}`}>{lastUse}</td>
      <td className={cell}>
        <span className={`rounded px-1.5 py-0.5 text-xs ${stateLook[state]}`}>{state}</span>
        {state === "active" && record.expiresAt > 0 ? (
          <span className="text-muted text-xs max-lg:block lg:ml-1.5">until {formatDay(record.expiresAt, nowMs)}</span>
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
