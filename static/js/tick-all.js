// A checkbox with data-tick-all="name" ticks every checkbox of that name in its form.
// An element with data-ticked="name" says how many are ticked.

for (const all of document.querySelectorAll("[data-tick-all]")) {
  const form = all.form;
  const boxes = [...form.querySelectorAll(`input[name="${all.dataset.tickAll}"]`)];
  const said = form.querySelector(`[data-ticked="${all.dataset.tickAll}"]`);
  const say = () => {
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && !all.checked;
    if (said) said.textContent = `${count} ${count === 1 ? said.dataset.tickedOne : said.dataset.tickedMany}`;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    say();
  });
  for (const box of boxes) box.addEventListener("change", say);
}
