import { type ComponentProps, type ReactNode, Suspense, useState } from "react";
import { IconButton } from "./Button.tsx";

interface LazyButtonProps extends ComponentProps<typeof IconButton> {
  /** Loads what takes the button's place; called when somebody reaches for it. */
  load: () => Promise<unknown>;
  /** What takes its place after the click, open at first. */
  replacement: ReactNode;
}

/** A button that opens something which is loaded when somebody reaches for it: menus weigh more than most screens. */
export function LazyButton({ load, replacement, ...props }: LazyButtonProps) {
  const [isWanted, setWanted] = useState(false);
  const button = (
    <IconButton
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setWanted(true)}
      {...props}
    />
  );
  return isWanted ? <Suspense fallback={button}>{replacement}</Suspense> : button;
}
