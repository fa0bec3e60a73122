import { Link, useNavigate, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { describeError } from "../../lib/describe-error.ts";
import { setFreshKey } from "../../lib/fresh-key.ts";
import { useServer } from "../../lib/server.tsx";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { CenteredCard } from "../../ui/CenteredCard.tsx";
import { createFirstKey, createOwner } from "./create-owner.ts";
import { type OwnerDetails, OwnerForm } from "./OwnerForm.tsx";
import { readSetupToken } from "./setup-token.ts";

/** The page behind the link that a server without accounts prints: creates its owner. */
export function SetupScreen() {
  useDocumentTitle("Set up");
  const server = useServer();
  const navigate = useNavigate();
  const { history } = useRouter();
  const [token] = useState(() => readSetupToken(history.location.hash));
  const [error, setError] = useState<string>();
  if (token === undefined) return <NoLink />;

  const create = async (details: OwnerDetails) => {
    setError(undefined);
    try {
      await createOwner(server, { token, ...details });
    } catch (cause) {
      const { message, hint } = describeError(cause);
      setError(`${message.replace(/ \(\d+\)$/, "")} ${hint}`.trim());
      return;
    }
    // The account is made: a key that cannot be made now can be made in Settings, where the error would show again.
    const answer = await createFirstKey(server).catch(() => null);
    setFreshKey(answer && { answer, isFirst: true });
    await navigate({ to: "/settings/keys", replace: true });
  };

  return (
    <CenteredCard title="Create the owner account">
      <OwnerForm onSubmit={create} error={error} />
    </CenteredCard>
  );
}

function NoLink() {
  return (
    <CenteredCard title="Open the setup link">
      <div className="space-y-3 text-muted">
        <p>
          A server without an account prints a one-time link when it starts: in the terminal that runs it, or in the
          container's log.
        </p>
        <p>Every start prints a new link and voids the one before: restart the server if you cannot find it.</p>
        <p>
          Is there an account already?{" "}
          <Link to="/" className="text-accent underline underline-offset-2">
            Sign in
          </Link>
        </p>
      </div>
    </CenteredCard>
  );
}
