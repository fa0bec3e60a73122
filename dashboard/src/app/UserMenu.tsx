import { CircleUserRound, Keyboard, LogOut, Settings, Trash2 } from "lucide-react";
import { useState } from "react";
import { useAccount } from "../lib/account/use-account.tsx";
import { useRunAction } from "../lib/keyboard/use-actions.tsx";
import { chooseTheme, readTheme, type Theme } from "../lib/theme.ts";
import { IconButton } from "../ui/Button.tsx";
import { Menu, MenuChoices, MenuItem, MenuLabel, MenuSeparator } from "../ui/Menu.tsx";

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "System theme" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

interface UserMenuProps {
  user: { email: string; name: string };
  onHelp: () => void;
}

/** Who is signed in, the theme, the keys, and the way out. */
export function UserMenu({ user, onHelp }: UserMenuProps) {
  const [, account] = useAccount();
  const runAction = useRunAction();
  return (
    <Menu
      isOpenAtFirst
      trigger={
        <IconButton label="Account">
          <CircleUserRound size={18} aria-hidden="true" />
        </IconButton>
      }
    >
      <MenuLabel>
        {user.name ? <span className="block font-medium text-ink">{user.name}</span> : null}
        {user.email}
      </MenuLabel>
      <MenuSeparator />
      <ThemeChoices />
      <MenuSeparator />
      <MenuItem onSelect={() => runAction("goToTrash")}>
        <Trash2 size={16} aria-hidden="true" className="text-muted" /> Trash
      </MenuItem>
      <MenuItem onSelect={() => runAction("goToSettings")}>
        <Settings size={16} aria-hidden="true" className="text-muted" /> Settings
      </MenuItem>
      <MenuItem onSelect={onHelp}>
        <Keyboard size={16} aria-hidden="true" className="text-muted" /> Keyboard shortcuts
      </MenuItem>
      <MenuItem onSelect={() => account.signOut()}>
        <LogOut size={16} aria-hidden="true" className="text-muted" /> Sign out
      </MenuItem>
    </Menu>
  );
}

function ThemeChoices() {
  const [theme, setTheme] = useState(readTheme);
  const choose = (value: string) => {
    const chosen = themes.find((one) => one.value === value)?.value ?? "system";
    chooseTheme(chosen);
    setTheme(chosen);
  };
  return <MenuChoices value={theme} onChange={choose} choices={themes} />;
}
