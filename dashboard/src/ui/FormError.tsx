/** Why a form was not taken; nothing while there is no reason. */
export function FormError({ error }: { error: string | undefined }) {
  if (!error) return null;
  return (
    <p role="alert" className="rounded-md bg-danger-fill px-3 py-2 text-danger text-sm">
      {error}
    </p>
  );
}
