// A button with data-confirm="sentence" asks that sentence before its form is sent.
// The dialog's button repeats the word of the button that opened it.

function ask(sentence, verb, dangerous) {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm";
  const words = Object.assign(document.createElement("p"), { id: "confirm-words", textContent: sentence });
  dialog.setAttribute("aria-labelledby", words.id);
  const form = Object.assign(document.createElement("form"), { method: "dialog", className: "confirm-acts" });
  const back = Object.assign(document.createElement("button"), { className: "btn", value: "back", textContent: "Go back" });
  const act = Object.assign(document.createElement("button"), {
    className: dangerous ? "btn btn-danger" : "btn btn-primary", value: "act", textContent: verb,
  });
  form.append(back, act);
  dialog.append(words, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "act");
      dialog.remove();
    });
  });
}

const asked = new WeakSet();

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button?.dataset.confirm || asked.has(button)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = event.target;
  if (!(await ask(button.dataset.confirm, button.textContent.trim(), button.classList.contains("btn-danger")))) {
    button.focus();
    return;
  }
  asked.add(button);
  form.requestSubmit(button);
  asked.delete(button);
}, true);
