// A file input with data-most-bytes takes no file, and no more files together, than the platform does.
// What is too large is taken out again and said beside the field, before anything is sent.

const MB = 1024 * 1024;

function say(input, sentence) {
  const id = `${input.id}_too_large`;
  document.getElementById(id)?.remove();
  if (!sentence) return;
  const words = Object.assign(document.createElement("p"), { id, className: "field-error", textContent: sentence });
  words.setAttribute("role", "alert");
  input.closest(".field").append(words);
}

document.addEventListener("change", (event) => {
  const input = event.target.closest("input[type=file][data-most-bytes]");
  if (!input) return;
  const most = Number(input.dataset.mostBytes);
  const large = [...input.files].find((file) => file.size > most);
  const chosen = [...input.form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
  const together = chosen.reduce((sum, file) => sum + file.size, 0);
  const limit = `at most ${Math.floor(most / MB)} MB are taken`;
  if (large) say(input, `${large.name} has ${(large.size / MB).toFixed(1)} MB; ${limit}. It was not added.`);
  else if (together > most) say(input, `Together these files have ${(together / MB).toFixed(1)} MB; ${limit} at a time. Save first, then add these.`);
  else return say(input, "");
  input.value = "";
});
