import { Link } from "@tanstack/react-router";

const look =
  "touch-target inline-flex h-8 items-center border-transparent border-b-2 px-1 text-muted hover:text-ink data-[status=active]:border-accent data-[status=active]:text-ink";

/** The pages of Settings. */
export function SettingsTabs() {
  return (
    <nav aria-label="Settings" className="row-line mb-5 flex gap-5">
      <Link to="/settings/keys" className={look}>
        API keys
      </Link>
      <Link to="/settings/data" className={look}>
        Your data
      </Link>
    </nav>
  );
}
