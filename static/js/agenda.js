// In a [data-agenda] calendar the arrow keys move from day to day, Home and End to the ends of the
// month, Page Up and Page Down to the months before and after. Tab goes through what falls due.

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
const LINKS = { PageUp: "prev", PageDown: "next" };

function dayOf(target) {
  const cell = target.closest("td");
  return cell && cell.querySelector("[data-day]");
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const agenda = event.target.closest("[data-agenda]");
  if (!agenda) return;
  if (event.key in LINKS) {
    const link = document.querySelector(`a[rel="${LINKS[event.key]}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  const days = [...agenda.querySelectorAll("[data-day]")];
  const at = days.indexOf(dayOf(event.target));
  const wanted = event.key === "Home" ? 0 : event.key === "End" ? days.length - 1 : at + STEPS[event.key];
  const next = at >= 0 && days[wanted];
  if (!next) return;
  event.preventDefault();
  for (const day of days) day.tabIndex = day === next ? 0 : -1;
  next.focus();
});

// One day can be reached by Tab: today's, else the first.
for (const agenda of document.querySelectorAll("[data-agenda]")) {
  const today = agenda.querySelector('[aria-current="date"]');
  const first = today || agenda.querySelector("[data-day]");
  if (first) first.tabIndex = 0;
}
