import { type ComponentProps, useId } from "react";

interface FieldProps extends ComponentProps<"input"> {
  label: string;
  /** A line below the field. */
  note?: string | undefined;
  /** What is wrong with what was entered. */
  error?: string | undefined;
}

/** A labelled input; note and error are read together with it. */
export function Field({ label, note, error, ...input }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const said = error ?? note;
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium text-sm">
        {label}
      </label>
      <input
        id={id}
        className="field"
        aria-invalid={error !== undefined}
        {...(said ? { "aria-describedby": noteId } : {})}
        {...input}
      />
      {said ? (
        <p id={noteId} className={error ? "mt-1 text-danger text-sm" : "mt-1 text-muted text-sm"}>
          {said}
        </p>
      ) : null}
    </div>
  );
}
