// Typing is kept: on a form with data-keep="key", in this tab only, and only while there is no
// signal, from a sending until its answer, or for the moment of changing the language. It is kept
// with the form's own key, so that what is sent again after a lost answer is not done twice.

const PREFIX = "keep:";
const SKIP = new Set(["csrfmiddlewaretoken", "language", "next"]);
const forms = new Set();
const nameOf = (form) => PREFIX + form.dataset.keep;

const store = {
  read: (name) => { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } },
  write: (name, value) => { try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* storage is off */ } },
  drop: (name) => { try { sessionStorage.removeItem(name); } catch { /* storage is off */ } },
};

const typed = (form) => [...form.elements].filter((field) =>
  field.name && !SKIP.has(field.name) && !["password", "file", "submit", "button"].includes(field.type)
  && !(field.type === "hidden" && !field.closest("[data-picker]")));

function collect(form) {
  const fields = [];
  for (const field of typed(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      fields.push([field.name, field.value, field.checked]);
    } else if (field.multiple) {
      fields.push([field.name, [...field.selectedOptions].map((option) => option.value)]);
    } else if (field.type !== "hidden") {
      fields.push([field.name, field.value]);
    }
  }
  const picks = Object.fromEntries([...form.querySelectorAll("[data-picker]")].map((picker) =>
    [picker.dataset.picker, [...picker.querySelectorAll("input[type=hidden]")].map((input) =>
      ({ uid: input.value, label: input.dataset.label }))]));
  const own = Object.fromEntries(["key", "uid"].filter((name) => form.elements[name]?.type === "hidden")
    .map((name) => [name, form.elements[name].value]));
  return { fields, picks, own };
}

function save(form, once = false) {
  if (form.isConnected) store.write(nameOf(form), { ...collect(form), once });
}

function restore(form, kept) {
  const turns = {};
  for (const [name, value, checked] of kept.fields) {
    const same = [...form.elements].filter((field) => field.name === name && field.type !== "hidden");
    if (checked !== undefined) {
      const field = same.find((one) => one.value === value);
      if (field) field.checked = checked;
    } else if (Array.isArray(value)) {
      for (const option of same[0]?.options ?? []) option.selected = value.includes(option.value);
    } else {
      const turn = turns[name] = (turns[name] ?? -1) + 1;
      if (same[turn]) same[turn].value = value;
    }
  }
  for (const [name, value] of Object.entries(kept.own ?? {})) if (form.elements[name]) form.elements[name].value = value;
  form.dispatchEvent(new CustomEvent("keep:restored", { detail: kept.picks, bubbles: true }));
  for (const area of form.querySelectorAll("textarea")) area.dispatchEvent(new Event("input", { bubbles: true }));
}

function watch(form) {
  forms.add(form);
  let kept = store.read(nameOf(form));
  if (kept?.answered) {
    store.drop(nameOf(form));
    // The browser puts the old typing back into a form that was saved: take a new one instead.
    if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") { location.replace(location.href); return; }
    kept = null;
  }
  // What the server sent back after a mistake is newer than what was kept.
  if (kept && !document.querySelector(".errors")) {
    if (document.readyState === "complete") restore(form, kept);
    else addEventListener("load", () => restore(form, kept));
  }
  if (kept?.once) store.drop(nameOf(form));

  let failed = Boolean(kept && !kept.once);
  const keepIfNeeded = () => { if (failed || !navigator.onLine) save(form); };
  form.addEventListener("input", keepIfNeeded);
  form.addEventListener("change", keepIfNeeded);

  form.addEventListener("submit", (event) => {
    if (!navigator.onLine) {
      event.preventDefault();
      event.stopImmediatePropagation();
      save(form);
      dispatchEvent(new Event("network:off"));
      return;
    }
    // It goes out now: shell.js forgets it on the next page, unless one comes back to this one.
    store.write(nameOf(form), { ...collect(form), sent: true, path: location.pathname });
  }, { capture: true });

  form.addEventListener("htmx:beforeRequest", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    save(form);
    dispatchEvent(new Event("network:off"));
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    form.addEventListener(name, (event) => {
      if (event.detail?.elt !== form) return;
      failed = true;
      save(form);
      if (name !== "htmx:responseError") dispatchEvent(new Event("network:off"));
    });
  }
  form.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail?.elt === form && event.detail.successful) { failed = false; store.drop(nameOf(form)); }
  });
}

addEventListener("offline", () => { for (const form of forms) save(form); });
addEventListener("online", () => { for (const form of forms) dropIfUntouched(form); });

function dropIfUntouched(form) {
  const kept = store.read(nameOf(form));
  if (kept && !kept.fields.some(([, value, checked]) => checked === undefined && value?.length)) store.drop(nameOf(form));
}

// The language button reloads the page: what was typed travels with it, once.
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-language]")) for (const form of forms) save(form, true);
});

const find = (root) => { for (const form of root.querySelectorAll("form[data-keep]")) if (!forms.has(form)) watch(form); };
find(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt.matches("form[data-keep]") && !forms.has(event.detail.elt)) watch(event.detail.elt);
  find(event.detail.elt);
});
