import { MIN_PASSWORD_LENGTH } from "@opensync/client";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/Button.tsx";
import { Field } from "../../ui/Field.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { checkPassword } from "./check-password.ts";

/** What the form asks for. */
export interface OwnerDetails {
  readonly email: string;
  readonly password: string;
  readonly name?: string;
}

interface OwnerFormProps {
  /** Settles when the account exists or `error` says why not. */
  onSubmit: (details: OwnerDetails) => Promise<void>;
  error: string | undefined;
}

/** E-mail, password twice, and a name for those who want one. */
export function OwnerForm({ onSubmit, error }: OwnerFormProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [passwordError, setPasswordError] = useState<string>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const wrong = checkPassword(text("password"), text("repeated"));
    setPasswordError(wrong);
    if (wrong !== undefined) return;
    setIsBusy(true);
    const name = text("name").trim();
    await onSubmit({ email: text("email"), password: text("password"), ...(name === "" ? {} : { name }) });
    setIsBusy(false);
  };

  return (
    <form onSubmit={submit} className="space-y-4">
      <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        required
        note={`At least ${MIN_PASSWORD_LENGTH} characters.`}
      />
      <Field
        label="Password again"
        name="repeated"
        type="password"
        autoComplete="new-password"
        required
        error={passwordError}
      />
      <Field label="Name (optional)" name="name" autoComplete="name" maxLength={200} />
      <FormError error={error} />
      <Button type="submit" look="primary" className="w-full" disabled={isBusy}>
        {isBusy ? "Creating…" : "Create"}
      </Button>
      <p className="text-muted text-sm">Sign-up stays closed: nobody else can create an account here.</p>
    </form>
  );
}
