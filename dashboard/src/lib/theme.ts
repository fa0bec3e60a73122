/** A theme that a person can choose; `system` follows the operating system. */
export type Theme = "system" | "light" | "dark";

/** Also read by public/theme.js, before the first paint. */
const STORAGE_KEY = "opensync-theme";

/** The chosen theme; `system` without a choice or without storage. */
export function readTheme(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** Applies a theme now and on later visits. Never throws: without storage it lasts as long as the page. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  try {
    if (theme === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Storage is blocked: the choice holds until the page is closed, which is visible at once and needs no message.
  }
}

/** The theme that is on the screen now. */
function shownTheme(): "light" | "dark" {
  const theme = readTheme();
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Switches to the opposite of what is on the screen. */
export function toggleTheme(): void {
  chooseTheme(shownTheme() === "dark" ? "light" : "dark");
}
