// What takes longer than a moment says so: a button that saves, and a part that is fetched.

const MOMENT = 400;
const saving = document.body.dataset.saving;
const kept = new WeakMap();

// A form that is sent: its button says "Saving…" until the answer comes.
addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter || form.querySelector("button[type=submit]");
  if (event.defaultPrevented || form.method !== "post" || !button || !saving || form.dataset.hide !== undefined || form.dataset.download !== undefined || form.matches("[role=search]")) return;
  setTimeout(() => {
    if (!button.isConnected) return;
    const word = document.createElement("span");
    word.dataset.wait = "";
    word.textContent = saving;
    kept.set(button, [...button.childNodes]);
    button.replaceChildren(word);
    button.setAttribute("aria-busy", "true");
  }, MOMENT);
});

// Back from the answer: the page of before is shown as it was.
addEventListener("pageshow", () => {
  for (const word of document.querySelectorAll("[data-wait]")) {
    const button = word.parentElement;
    word.remove();
    button.replaceChildren(...(kept.get(button) || []));
    button.removeAttribute("aria-busy");
  }
});

const waiting = new WeakMap();

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.target;
  clearTimeout(waiting.get(part));
  waiting.set(part, setTimeout(() => part.setAttribute("aria-busy", "true"), MOMENT));
});

document.addEventListener("htmx:afterRequest", (event) => {
  const part = event.detail.target;
  clearTimeout(waiting.get(part));
  part.removeAttribute("aria-busy");
});
