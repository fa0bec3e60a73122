import { ClientResponseError } from "pocketbase";
import { type FormEvent, useState } from "react";
import { useAccount } from "../../lib/account/use-account.tsx";
import { describeError } from "../../lib/describe-error.ts";
import { Button } from "../../ui/Button.tsx";
import { Field } from "../../ui/Field.tsx";
import { FormError } from "../../ui/FormError.tsx";

/** E-mail and password. A refusal never says whether the account exists. */
export function SignInForm({ email = "" }: { email?: string }) {
  const [, account] = useAccount();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setIsBusy(true);
    setError(undefined);
    try {
      await account.signIn(String(form.get("email")), String(form.get("password")));
    } catch (cause) {
      setError(explain(cause));
      setIsBusy(false);
    }
  };

  return (
    <form onSubmit={submit} className="space-y-4">
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={email}
        autoFocus={email === ""}
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus={email !== ""}
      />
      <FormError error={error} />
      <Button type="submit" look="primary" className="w-full" disabled={isBusy}>
        {isBusy ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

function explain(cause: unknown): string {
  if (cause instanceof ClientResponseError && cause.status === 400) return "E-mail or password is wrong.";
  const { message, hint } = describeError(cause);
  return `${message} ${hint}`.trim();
}
