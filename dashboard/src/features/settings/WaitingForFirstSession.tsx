import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";
import { setFreshKey } from "../../lib/fresh-key.ts";
import { useLivePull } from "../../lib/live/use-live.tsx";
import { countRecords } from "../../lib/read-records.ts";
import { useServer } from "../../lib/server.tsx";
import { buttonLook } from "../../ui/Button.tsx";

/** A live line that turns into the session list when the first session arrives. */
export function WaitingForFirstSession() {
  const server = useServer();
  const client = useQueryClient();
  const navigate = useNavigate();
  const queryKey = ["sessions", "any"];
  const sessions = useQuery({
    queryKey,
    queryFn: ({ signal }) => countRecords(server, "sessions", { filter: "deletedAt = 0", signal }),
  });
  useLivePull(() => client.invalidateQueries({ queryKey }));
  const hasArrived = (sessions.data ?? 0) > 0;
  const showSessions = useEffectEvent(() => {
    setFreshKey(null);
    void navigate({ to: "/" });
  });
  useEffect(() => {
    if (hasArrived) showSessions();
  }, [hasArrived]);

  return (
    <div className="border-line border-t px-4 py-3 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="size-2 rounded-full bg-accent animate-breathe" aria-hidden="true" />
        <p role="status" className="flex-1 font-medium">
          Waiting for the first session
        </p>
        <Link to="/" className={buttonLook("quiet", true)}>
          Skip
        </Link>
      </div>
      <details className="mt-2 text-muted text-sm">
        <summary className="w-fit rounded">Not arriving?</summary>
        <ul className="mt-2 list-disc space-y-1 pl-5">
          <li>
            <code className="font-mono">opencode-sync verify</code> checks the key and the connection from that machine.
          </li>
          <li>OpenCode reads its plugins when it starts: restart one that was running before the login.</li>
          <li>
            <code className="font-mono">{location.origin}</code> must be reachable from that machine; 127.0.0.1 is only
            this one.
          </li>
        </ul>
      </details>
    </div>
  );
}
