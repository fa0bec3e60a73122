import { CircleUserRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../ui/Button.tsx";

const loadMenu = async () => ({ default: (await import("./UserMenu.tsx")).UserMenu });
const UserMenu = lazy(loadMenu);

interface AccountButtonProps {
  user: { email: string; name: string };
  onHelp: () => void;
}

/** Opens the user's menu, which is loaded when somebody reaches for it: menus weigh more than most screens. */
export function AccountButton(props: AccountButtonProps) {
  const [isWanted, setWanted] = useState(false);
  const button = (
    <IconButton
      label="Account"
      aria-haspopup="menu"
      onPointerEnter={() => void loadMenu()}
      onFocus={() => void loadMenu()}
      onClick={() => setWanted(true)}
    >
      <CircleUserRound size={18} aria-hidden="true" />
    </IconButton>
  );
  if (!isWanted) return button;
  return (
    <Suspense fallback={button}>
      <UserMenu {...props} />
    </Suspense>
  );
}
