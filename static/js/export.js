// The export of a list, as a dialog over it: htmx fills it, Escape closes it, focus goes back.

const dialog = document.getElementById("export-dialog");
const FIRST = "form :is(input:not([type=hidden]), select, textarea)";

// Asked to sign in, or refused: the page of its own says so better than a dialog.
function goThere(event) {
  dialog.replaceChildren();
  location.assign(event.detail.requestConfig.path);
}

// Settled, not only swapped in: before that nobody hears a box that is ticked at once.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target !== dialog) return;
  if (!dialog.querySelector("#export-form")) { goThere(event); return; }
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector(".errors") || dialog.querySelector(FIRST))?.focus();
});

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.target === dialog) goThere(event);
});

dialog?.addEventListener("click", (event) => {
  if (!event.target.closest("[data-close-dialog]")) return;
  event.preventDefault();
  dialog.close();
});

dialog?.addEventListener("close", () => dialog.replaceChildren()); // nothing typed stays

// All is well with what was typed: now the browser sends it itself, so that it gets the file.
dialog?.addEventListener("exportGoes", (event) => {
  const form = dialog.querySelector("form");
  const format = document.createElement("input");
  format.type = "hidden";
  format.name = "format";
  format.value = event.detail.format;
  form.append(format);
  form.submit();
  if (!event.detail.here) return;
  dialog.close();
  const said = document.getElementById("export-said").content.cloneNode(true);
  document.querySelector(".toasts").append(said);
});
