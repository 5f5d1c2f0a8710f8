// Before the first paint, so that a chosen theme does not flash. The rest is in src/app/theme.svelte.ts.
try {
  const theme = localStorage.getItem("hanami.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage may be turned off.
}
