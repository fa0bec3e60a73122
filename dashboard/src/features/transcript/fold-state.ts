import { createContext, useContext } from "react";

/**
 * What is unfolded. It is kept outside of the rows, which exist only near the screen, so that a message that comes back
 * looks as it was left.
 */
export interface FoldState {
  /** Whether tool calls are open unless toggled one by one. */
  readonly areToolsOpen: boolean;
  /** Blocks that are the other way round than their kind. */
  readonly toggled: ReadonlySet<string>;
}

export const ALL_FOLDED: FoldState = { areToolsOpen: false, toggled: new Set() };

/** Opens a closed block or closes an open one. */
export function toggleBlock(state: FoldState, id: string): FoldState {
  const toggled = new Set(state.toggled);
  if (!toggled.delete(id)) toggled.add(id);
  return { ...state, toggled };
}

/** Opens all tool calls, or folds them; what was toggled by hand is forgotten. */
export function toggleTools(state: FoldState): FoldState {
  return { areToolsOpen: !state.areToolsOpen, toggled: new Set() };
}

/** Whether a block is open. */
export function isOpen(state: FoldState, id: string, kind: "tool" | "other"): boolean {
  const isOpenByKind = kind === "tool" && state.areToolsOpen;
  return isOpenByKind !== state.toggled.has(id);
}

const FoldContext = createContext<{ state: FoldState; toggle: (id: string) => void }>({
  state: ALL_FOLDED,
  toggle: () => undefined,
});

export const FoldProvider = FoldContext.Provider;

/** Whether a block is open, and how to change that. */
export function useFold(id: string, kind: "tool" | "other" = "other"): readonly [boolean, () => void] {
  const { state, toggle } = useContext(FoldContext);
  return [isOpen(state, id, kind), () => toggle(id)];
}
