import { Link } from "@tanstack/react-router";
import { useDocumentTitle } from "../../lib/use-document-title.ts";
import { CenteredCard } from "../../ui/CenteredCard.tsx";
import { SignInForm } from "./SignInForm.tsx";

/** What a signed-out visitor sees at every address; after signing in, the address shows what it names. */
export function SignInScreen() {
  useDocumentTitle("Sign in");
  return (
    <CenteredCard title="Sign in">
      <SignInForm />
      <p className="mt-5 text-muted text-sm">
        First time here?{" "}
        <Link to="/setup" className="text-accent underline underline-offset-2">
          Set up this server
        </Link>
      </p>
    </CenteredCard>
  );
}
