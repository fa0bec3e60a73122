import { Link } from "@tanstack/react-router";
import { buttonLook } from "../ui/Button.tsx";
import { Notice } from "../ui/Notice.tsx";

/** An address that names nothing. */
export function NotFound() {
  return (
    <main className="flex-1">
      <Notice
        title="There is nothing here"
        actions={
          <Link to="/" className={buttonLook("primary")}>
            All sessions
          </Link>
        }
      >
        The address is wrong, or what it named is gone.
      </Notice>
    </main>
  );
}
