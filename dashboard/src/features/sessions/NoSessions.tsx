import { Link } from "@tanstack/react-router";
import { Button, buttonLook } from "../../ui/Button.tsx";
import { CopyField } from "../../ui/CopyField.tsx";
import { Notice } from "../../ui/Notice.tsx";

/** The list before the first session has arrived: the next step, not a blank table. */
export function NoSessions() {
  return (
    <Notice
      title="No sessions yet"
      actions={
        <Link to="/settings/keys" className={buttonLook("primary")}>
          Connect a device
        </Link>
      }
    >
      <p>Sign in on a machine that runs an agent. Its next conversation appears here while it is being written.</p>
      <div className="mt-4 w-full text-left">
        <CopyField label="Command that connects a device" text={`opencode-sync login --url ${location.origin}`} />
      </div>
    </Notice>
  );
}

/** The list when the filters let nothing through; the filters themselves stay visible above. */
export function NoMatches({ isExact, onClear }: { isExact: boolean; onClear: () => void }) {
  return (
    <Notice title="No sessions match" actions={<Button onClick={onClear}>Clear all filters</Button>}>
      {isExact
        ? "All sessions were searched, not only the newest."
        : "Only the newest messages were looked at: “Search all” looks at the others, which can take seconds."}
    </Notice>
  );
}
