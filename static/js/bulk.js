// The bar below a list: how many rows are ticked, all of the page at once, all that match.

const page = document;
const bar = () => page.getElementById("bulk");
const rows = () => [...page.querySelectorAll('input[name="row"][form="bulk"]')];
const head = () => page.querySelector("[data-all]");

function show() {
  const form = bar();
  if (!form) return;
  const all = form.querySelector('input[name="all"]');
  const ticked = rows().filter((box) => box.checked).length;
  for (const box of rows()) box.disabled = Boolean(all?.checked);
  const count = form.querySelector("[data-count]");
  const words = ticked === 1 && !all?.checked
    ? form.dataset.one
    : form.dataset.many.replace("%s", all?.checked ? all.dataset.total : String(ticked));
  if (count.textContent !== words) count.textContent = words;
  form.hidden = !ticked && !all?.checked;
  form.querySelector("[data-clear]").hidden = false;
  const label = head();
  if (label) {
    label.hidden = false;
    const box = label.querySelector("input");
    box.checked = ticked > 0 && ticked === rows().length;
    box.indeterminate = ticked > 0 && ticked < rows().length;
  }
}

page.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  if (box.closest("[data-all]")) {
    for (const one of rows()) one.checked = box.checked;
    const all = bar()?.querySelector('input[name="all"]');
    if (!box.checked && all) all.checked = false;
  }
  if (box.closest("[data-all], .bulk") || box.name === "row") show();
});

page.addEventListener("reset", (event) => {
  if (event.target !== bar()) return;
  setTimeout(() => { show(); page.getElementById("main")?.focus(); });
});

page.addEventListener("htmx:afterSwap", show);
addEventListener("pageshow", show);
show();
