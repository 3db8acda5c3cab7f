// A click anywhere in a row of a [data-rows-open] table opens the row's first link.
// Selecting text, and whatever in the row acts for itself, is left alone.

const ACTS = "a, button, input, select, textarea, label, summary";

document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-rows-open] tbody tr");
  if (!row || event.target.closest(ACTS) || !getSelection().isCollapsed) return;
  const link = row.querySelector("a[href]");
  if (!link) return;
  if (event.metaKey || event.ctrlKey) window.open(link.href, "_blank", "noopener");
  else link.click();
});
