import { type CreateKeyRequest, keyScopeSchema } from "@opensync/client";
import type { FormEvent } from "react";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { FormError } from "../../ui/FormError.tsx";
import { expiryChoices, expiryTime } from "./expiry.ts";

interface GenerateKeyDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onGenerate: (request: CreateKeyRequest) => void;
  isBusy: boolean;
  error: string | undefined;
}

const scopes = [
  {
    value: "sync",
    label: "sync",
    note: "Push sessions and compare. Cannot read what is stored. Right for every device.",
  },
  { value: "full", label: "full", note: "Also read all your sessions. For tools that search or export." },
] as const;

/** Asks what the new key is for. */
export function GenerateKeyDialog({ isOpen, onOpenChange, onGenerate, isBusy, error }: GenerateKeyDialogProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const expiresAt = expiryTime(Number(form.get("days")), Date.now());
    const existing = String(form.get("import")).trim();
    onGenerate({
      name: String(form.get("name")).trim(),
      scope: keyScopeSchema.parse(form.get("scope")),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(existing === "" ? {} : { import: existing }),
    });
  };
  return (
    <Dialog title="Generate API key" description="One key for each device." isOpen={isOpen} onOpenChange={onOpenChange}>
      <form onSubmit={submit} className="space-y-4">
        <Field
          label="Name"
          name="name"
          required
          maxLength={200}
          pattern=".*\S.*"
          placeholder="laptop"
          note="Tells this key from your others."
        />
        <ScopeChoice />
        <ExpiryChoice />
        <ExistingKey />
        <FormError error={error} />
        <div className="flex justify-end gap-2 pt-1">
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button type="submit" look="primary" disabled={isBusy}>
            {isBusy ? "Generating…" : "Generate"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function ScopeChoice() {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Scope</legend>
      <div className="space-y-2">
        {scopes.map(({ value, label, note }) => (
          <label
            key={value}
            className="flex gap-2.5 rounded-md border border-line-strong p-2.5 has-checked:border-accent has-checked:bg-accent-fill"
          >
            <input
              type="radio"
              name="scope"
              value={value}
              defaultChecked={value === "sync"}
              className="mt-1 accent-accent"
            />
            <span>
              <span className="font-medium font-mono text-sm">{label}</span>
              <span className="block text-muted text-sm">{note}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function ExpiryChoice() {
  return (
    <label className="block">
      <span className="mb-1 block font-medium text-sm">Expires</span>
      <select name="days" className="field" defaultValue="0">
        {expiryChoices.map(({ days, label }) => (
          <option key={days} value={days}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** For a server that takes over from another one: its clients need no new key. */
function ExistingKey() {
  return (
    <details>
      <summary className="cursor-pointer text-muted text-sm">Use a key that a client already has</summary>
      <div className="pt-2">
        <Field
          label="Existing key"
          name="import"
          type="password"
          autoComplete="off"
          placeholder="osk_…"
          note="A key of version 1, or of another server: the clients that hold it go on working with this server."
        />
      </div>
    </details>
  );
}
