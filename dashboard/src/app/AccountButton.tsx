import { CircleUserRound } from "lucide-react";
import { lazy } from "react";
import { LazyButton } from "../ui/LazyButton.tsx";

const loadMenu = async () => ({ default: (await import("./UserMenu.tsx")).UserMenu });
const UserMenu = lazy(loadMenu);

interface AccountButtonProps {
  user: { email: string; name: string };
  onHelp: () => void;
}

/** Opens the user's menu. */
export function AccountButton(props: AccountButtonProps) {
  return (
    <LazyButton label="Account" load={loadMenu} replacement={<UserMenu {...props} />}>
      <CircleUserRound size={18} aria-hidden="true" />
    </LazyButton>
  );
}
