// Small rows inside a form: [data-lines="name"] holds rows [data-line] with fields name-N-field.
// Without script the server shows a few empty rows; with it they fold into "Add another", a
// button [data-add-line] that the page leaves hidden. A <template> may hold a row with __prefix__.

function renumber(element, from, to) {
  for (const part of [element, ...element.querySelectorAll("*")]) {
    for (const attribute of ["name", "id", "for", "aria-describedby", "aria-labelledby"]) {
      const value = part.getAttribute(attribute);
      if (value) part.setAttribute(attribute, value.split(" ").map((word) => word.replace(from, to)).join(" "));
    }
  }
}

const filled = (line) => Boolean(line.querySelector("input[name$='-uid']")) || [...line.querySelectorAll("input:not([type=hidden]), textarea")].some((field) =>
  field.type === "checkbox" || field.type === "radio" ? field.checked : field.value.trim())
  || Boolean(line.querySelector(".err"));

function unfold(set) {
  const name = set.dataset.lines;
  const button = set.querySelector("[data-add-line]");
  const template = set.querySelector("template");
  const total = set.querySelector(`[name="${CSS.escape(name)}-TOTAL_FORMS"]`);
  const most = Number(set.dataset.max || 50);
  const lines = () => [...set.querySelectorAll("[data-line]")];
  if (!button || !button.hidden) return;

  // Keep one empty row in sight; the rest wait until asked for.
  const empty = lines().filter((line) => !filled(line));
  for (const line of empty.slice(lines().length > empty.length ? 0 : 1)) line.hidden = true;

  const added = () => {
    const folded = lines().find((line) => line.hidden && !("removed" in line.dataset));
    if (folded) { folded.hidden = false; return folded; }
    const number = lines().length;
    if (number >= most) return null;
    let line;
    if (template) {
      line = template.content.cloneNode(true).querySelector("[data-line]");
      renumber(line, "__prefix__", String(number));
    } else {
      const last = lines().at(-1);
      if (!last) return null;
      line = last.cloneNode(true);
      renumber(line, new RegExp(`(^|_)${name}-${number - 1}-`), `$1${name}-${number}-`);
      for (const part of line.querySelectorAll(".err, [id$=_error]")) part.remove();
      for (const field of line.querySelectorAll("input, textarea, select")) {
        if (field.type === "checkbox" || field.type === "radio") field.checked = false;
        else if (field.tagName === "SELECT") field.selectedIndex = 0;
        else field.value = "";
        field.removeAttribute("aria-invalid");
      }
    }
    line.hidden = false;
    const last = lines().at(-1);
    if (last) last.after(line); else button.before(line);
    removable(line);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: line } }));
    if (total) total.value = String(lines().length);
    return line;
  };

  // A row that is taken away sends nothing, and what is not sent is not kept.
  function removable(line) {
    const remove = line.querySelector("[data-remove-line]");
    if (!remove) return;
    remove.hidden = false;
    remove.addEventListener("click", () => {
      line.dataset.removed = "";
      line.hidden = true;
      for (const field of line.querySelectorAll("input, select, textarea")) field.disabled = true;
      number();
      button.focus();
    });
  }
  for (const line of lines()) if (filled(line)) removable(line);

  // Rows in an order are moved in place; saving the form keeps it. The first cannot go up.
  const shown = () => lines().filter((line) => !line.hidden);
  function number() {
    shown().forEach((line, at, all) => {
      for (const part of line.querySelectorAll("[data-number]")) part.textContent = String(at + 1);
      for (const move of line.querySelectorAll("[data-move-line]")) {
        move.type = "button";
        const to = at + Number(move.dataset.moveLine);
        move.setAttribute("aria-disabled", String(to < 0 || to >= all.length));
      }
    });
  }
  const place = (line) => line.querySelector(`[name^="${CSS.escape(name)}-"]`).name.slice(name.length + 1).split("-")[0];
  function move(line, by, press) {
    const all = shown();
    const other = all[all.indexOf(line) + by];
    if (!other) return;
    const [mine, theirs] = [place(line), place(other)];
    const of = (number) => new RegExp(`(^|_)${name}-${number}-`);
    renumber(line, of(mine), `$1${name}-moved-`);
    renumber(other, of(theirs), `$1${name}-${mine}-`);
    renumber(line, of("moved"), `$1${name}-${theirs}-`);
    if (by < 0) other.before(line); else other.after(line);
    number();
    press.focus();
    const words = set.dataset.moved || "";
    set.querySelector("[data-line-said]").textContent = words.replace("{number}", String(all.indexOf(line) + by + 1)).replace("{all}", String(all.length));
  }
  set.addEventListener("click", (event) => {
    const press = event.target.closest("[data-move-line]");
    if (press) move(press.closest("[data-line]"), Number(press.dataset.moveLine), press);
  });
  number();

  button.hidden = false;
  button.addEventListener("click", () => {
    const line = added();
    number();
    line?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    if (!lines().some((one) => one.hidden && !("removed" in one.dataset)) && lines().length >= most) button.hidden = true;
  });
}

const find = (root) => { for (const set of root.querySelectorAll("[data-lines]")) unfold(set); };
find(document);
document.addEventListener("htmx:load", (event) => find(event.detail.elt));
