import { Link, useNavigate } from "@tanstack/react-router";
import { Moon, Sun } from "lucide-react";
import { useState } from "react";
import { useAction, useRunAction } from "../lib/keyboard/use-actions.tsx";
import { toggleTheme } from "../lib/theme.ts";
import { IconButton } from "../ui/Button.tsx";
import { classes } from "../ui/classes.ts";
import { Wordmark } from "../ui/Wordmark.tsx";
import { AccountButton } from "./AccountButton.tsx";
import { LiveIndicator } from "./LiveIndicator.tsx";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";

const linkLook =
  "touch-target inline-flex h-8 items-center rounded-md px-2.5 text-muted hover:text-ink data-[status=active]:bg-fill data-[status=active]:text-ink";

/** Where to go, whether the page is live, and the user's own menu. */
export function TopBar({ user }: { user: { email: string; name: string } }) {
  const navigate = useNavigate();
  const runAction = useRunAction();
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  useAction("goToSessions", () => void navigate({ to: "/" }));
  useAction("goToSearch", () => void navigate({ to: "/search" }));
  useAction("goToUsage", () => void navigate({ to: "/usage" }));
  useAction("goToTrash", () => void navigate({ to: "/trash" }));
  useAction("goToSettings", () => void navigate({ to: "/settings/keys" }));
  useAction("toggleTheme", toggleTheme);
  useAction("help", () => setIsHelpOpen(true));
  return (
    <header className="row-line flex h-12 shrink-0 items-center gap-1 bg-surface px-3 sm:px-4">
      <Link to="/" aria-label="OpenSync, all sessions" className="mr-1 flex items-center rounded sm:mr-4">
        <Wordmark isShort />
      </Link>
      <nav aria-label="Main" className="flex gap-0.5">
        <Link to="/" className={linkLook} activeOptions={{ exact: true, includeSearch: false }}>
          Sessions
        </Link>
        <Link to="/search" className={linkLook} activeOptions={{ includeSearch: false }}>
          Search
        </Link>
        <Link to="/usage" className={linkLook} activeOptions={{ includeSearch: false }}>
          Usage
        </Link>
        {/* On small screens these two are in the account menu. */}
        <Link to="/trash" className={classes(linkLook, "max-sm:hidden")}>
          Trash
        </Link>
        <Link to="/settings" className={classes(linkLook, "max-sm:hidden")}>
          Settings
        </Link>
      </nav>
      <div className="ml-auto flex items-center gap-1">
        <LiveIndicator />
        <IconButton
          label="Switch between light and dark"
          onClick={() => runAction("toggleTheme")}
          className="max-sm:hidden"
        >
          <Sun size={16} aria-hidden="true" className="only-dark" />
          <Moon size={16} aria-hidden="true" className="only-light" />
        </IconButton>
        <AccountButton user={user} onHelp={() => setIsHelpOpen(true)} />
      </div>
      <ShortcutsDialog isOpen={isHelpOpen} onOpenChange={setIsHelpOpen} />
    </header>
  );
}
