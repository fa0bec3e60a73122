import { TriangleAlert } from "lucide-react";
import { Button } from "./Button.tsx";

interface ErrorPanelProps {
  /** What failed, such as "Sessions could not be loaded". */
  title: string;
  message: string;
  hint: string;
  onRetry?: () => void;
}

/** The failure of one panel; the rest of the page stays. */
export function ErrorPanel({ title, message, hint, onRetry }: ErrorPanelProps) {
  return (
    <div role="alert" className="m-4 flex gap-3 rounded-lg border border-line bg-danger-fill p-4">
      <TriangleAlert size={18} className="mt-0.5 shrink-0 text-danger" aria-hidden="true" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 break-words text-muted">
          {message} {hint}
        </p>
        {onRetry ? (
          <Button isSmall className="mt-3" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </div>
    </div>
  );
}
