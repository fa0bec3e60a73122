import { Dialog } from "radix-ui";
import { useAccount } from "../../lib/account/use-account.tsx";
import { Button } from "../../ui/Button.tsx";
import { overlayLook, panelLook } from "../../ui/Dialog.tsx";
import { SignInForm } from "./SignInForm.tsx";

/** Lies over the view of a user whose token ran out, and keeps it: after signing in the work goes on where it was. */
export function SignInOverlay({ email }: { email: string }) {
  const [, account] = useAccount();
  return (
    <Dialog.Root open>
      <Dialog.Portal>
        <Dialog.Overlay className={overlayLook} />
        <Dialog.Content
          className={panelLook}
          onEscapeKeyDown={(event) => event.preventDefault()}
          onInteractOutside={(event) => event.preventDefault()}
        >
          <Dialog.Title className="font-semibold text-lg">Sign in again</Dialog.Title>
          <Dialog.Description className="mt-0.5 mb-4 text-muted text-sm">
            Your session on this server has ended. What you were looking at is still here.
          </Dialog.Description>
          <SignInForm email={email} />
          <Button look="quiet" className="mt-2 w-full" onClick={() => account.signOut()}>
            Sign out and close the view
          </Button>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
