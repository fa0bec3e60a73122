/** Everything that a key can do. The menu, the help sheet and the keyboard read this one table. */
export const actions = {
  next: { keys: "j", label: "Next row or message", group: "Move" },
  previous: { keys: "k", label: "Previous row or message", group: "Move" },
  nextPrompt: { keys: "J", label: "Next prompt", group: "Move" },
  previousPrompt: { keys: "K", label: "Previous prompt", group: "Move" },
  latest: { keys: "f", label: "Jump to the latest message and follow", group: "Move" },
  first: { keys: "g g", label: "Jump to the first message", group: "Move" },
  goToSessions: { keys: "g s", label: "Go to sessions", group: "Go" },
  goToSearch: { keys: "g f", label: "Go to search", group: "Go" },
  goToUsage: { keys: "g u", label: "Go to usage", group: "Go" },
  goToTrash: { keys: "g t", label: "Go to the trash", group: "Go" },
  goToSettings: { keys: "g ,", label: "Go to settings", group: "Go" },
  focusFilter: { keys: "/", label: "Filter by text, or search", group: "Sessions" },
  clearFilters: { keys: "c", label: "Clear all filters", group: "Sessions" },
  select: { keys: "x", label: "Select or deselect the row", group: "Sessions" },
  foldTools: { keys: "t", label: "Fold or unfold all tool calls", group: "Transcript" },
  copyLink: { keys: "y", label: "Copy a link to this message", group: "Transcript" },
  star: { keys: "s", label: "Star or unstar", group: "Transcript" },
  tag: { keys: "#", label: "Add a tag", group: "Transcript" },
  toggleDetails: { keys: "m", label: "Show or hide the details", group: "Transcript" },
  toggleTheme: { keys: "d", label: "Switch between light and dark", group: "View" },
  help: { keys: "?", label: "Show this list", group: "View" },
} as const satisfies Record<string, { keys: string; label: string; group: string }>;

export type ActionId = keyof typeof actions;

/** Action ids in the order of the table. */
export const actionIds: readonly ActionId[] = Object.keys(actions).filter((id): id is ActionId => id in actions);

/** The action that a key sequence stands for. */
export function actionForKeys(keys: string): ActionId | undefined {
  return actionIds.find((id) => actions[id].keys === keys);
}
