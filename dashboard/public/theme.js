// Runs before the first paint, so that a chosen theme never flashes. Without a choice the stylesheet follows the system.
(() => {
  try {
    const theme = localStorage.getItem("opensync-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is blocked: the system's theme is the best that can be had.
  }
})();
