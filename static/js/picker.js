// Choosing organizations and people: a select, or a group of checkboxes, that carries
// data-choices-url becomes chips and a field that searches while one types (ARIA combobox).
// data-new-name="field" offers "Add … as new" and writes the name into that field.

const words = document.getElementById("picker-words")?.dataset ?? {};
const say = (key, fallback, value = "") => (words[key] ?? fallback).replace("%s", value);
const PAUSE = 250;
let made = 0;

function element(tag, attributes = {}, ...inside) {
  const one = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) one.setAttribute(name, value === true ? "" : value);
  }
  one.append(...inside);
  return one;
}

function iconOf(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${words.icons ?? "/static/icons.svg"}#i-${name}`);
  svg.append(use);
  return svg;
}

const initials = (name) => name.split(/[\s-]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  .slice(0, 2).map((word) => word[0]).join("").toUpperCase();

// ---- What has been chosen, in the three shapes that a page can have ----

function chipsOf(name, row, gone) {
  return {
    values: () => [...row.querySelectorAll("input[type=hidden]")].map((input) => input.value),
    add(choice) {
      const remove = element("button", { type: "button", "aria-label": say("remove", "Remove %s", choice.label) });
      const chip = element("span", { class: "chip on" },
        element("input", { type: "hidden", name, value: choice.uid, "data-label": choice.label }), choice.label, iconOf("x"), remove);
      remove.addEventListener("click", () => { chip.remove(); gone(choice); });
      row.append(chip);
    },
    clear: () => row.replaceChildren(),
  };
}

function oneOf(name, row, gone) {
  return {
    values: () => [...row.querySelectorAll("input[type=hidden]")].map((input) => input.value),
    add(choice) {
      const change = element("button", { type: "button", class: "btn quiet push" }, say("change", "Change"),
        element("span", { class: "vh" }, `: ${choice.label}`));
      const text = element("div", { class: "grow" }, element("b", {}, choice.label));
      const letters = row.parentElement?.hasAttribute("data-initials")
        ? element("span", { class: "who org", "aria-hidden": "true" }, initials(choice.label)) : "";
      if (choice.hint) text.append(element("p", { class: "small mute" }, choice.hint));
      row.replaceChildren(element("div", { class: "picked grow" },
        element("input", { type: "hidden", name, value: choice.uid, "data-label": choice.label }), letters, text, change));
      change.addEventListener("click", () => { row.replaceChildren(); gone(choice); });
    },
    clear: () => row.replaceChildren(),
  };
}

function boxesOf(name, group) {
  return {
    values: () => [...group.querySelectorAll("input:checked")].map((input) => input.value),
    add(choice) {
      const same = [...group.querySelectorAll("input")].find((input) => input.value === choice.uid);
      if (same) { same.checked = true; return; }
      const tick = iconOf("check");
      tick.classList.add("tick");
      const box = element("label", { class: "chip" },
        element("input", { type: "checkbox", name, value: choice.uid, checked: true }), tick, choice.label);
      group.insertBefore(box, group.querySelector(":scope > button"));
    },
    clear() {},
  };
}

// ---- The field that searches ----

function searcher({ url, input, list, status, root, chosen, single, companion, afterPick }) {
  let options = [];
  let active = -1;
  let timer;
  let asking;

  const csrf = () => input.form?.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function point(index) {
    active = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = list.children[index];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function pick(option) {
    if (option.isNew) {
      companion.value = option.label;
      companion.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      chosen.add(option);
    }
    input.value = "";
    close();
    status.textContent = say("chosen", "%s is chosen", option.label);
    root.dispatchEvent(new Event("change", { bubbles: true }));
    afterPick(option);
  }

  function show(found, typed) {
    const taken = new Set(chosen.values());
    options = found.filter((choice) => !taken.has(choice.uid));
    const count = options.length;
    if (companion && typed) options.push({ label: typed, isNew: true });
    list.replaceChildren(...options.map((option, index) => {
      const item = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" },
        option.isNew ? say("add", "Add “%s” as new", option.label) : option.label);
      if (option.hint) item.append(element("span", { class: "small" }, option.hint));
      item.addEventListener("mousedown", (event) => event.preventDefault());
      item.addEventListener("click", () => pick(option));
      return item;
    }));
    active = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(Boolean(options.length)));
    if (options.length) list.scrollIntoView({ block: "nearest" });
    status.textContent = count === 0 ? say("none", "No one matches")
      : count === 1 ? say("one", "1 choice") : say("many", "%s choices", String(count));
  }

  async function ask() {
    const typed = input.value.trim();
    asking?.abort();
    if (!typed) { close(); status.textContent = ""; return; }
    asking = new AbortController();
    try {
      const reply = await fetch(url, {
        method: "POST", signal: asking.signal, credentials: "same-origin",
        headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, body: new URLSearchParams({ q: typed }),
      });
      if (!reply.ok) throw new Error(String(reply.status));
      show((await reply.json()).choices ?? [], typed);
    } catch (error) {
      if (error.name === "AbortError") return;
      show([], typed);
      status.textContent = say("failed", "The search did not work. Try again.");
      if (!navigator.onLine) dispatchEvent(new Event("network:off"));
    }
  }

  input.addEventListener("input", (event) => {
    event.stopPropagation();
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) { ask(); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      point(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length);
    } else if (event.key === "Enter") {
      if (open || input.value) event.preventDefault();
      if (open && (active >= 0 || options.length === 1)) pick(options[Math.max(active, 0)]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "Backspace" && !input.value && !single) {
      root.querySelector(".row .chip:last-child button")?.click();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 100));
}

function combobox(id, source) {
  const list = element("ul", { role: "listbox", id: `${id}-list`, class: "options", hidden: true, "aria-label": say("choices", "Choices") });
  const input = element("input", {
    type: "text", id, role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": list.id, placeholder: source.dataset.placeholder || say("find", "Type a name"),
    "aria-describedby": source.getAttribute("aria-describedby"), "aria-invalid": source.getAttribute("aria-invalid"),
  });
  return { input, list, status: element("p", { role: "status", class: "vh" }) };
}

function companionOf(source) {
  const name = source.dataset.newName;
  const field = name && source.closest("form")?.elements[name];
  if (!field) return null;
  const group = field.closest(".field");
  if (group && !group.contains(source) && !group.classList.contains("bad")) group.hidden = true;
  return field;
}

// What is to be added anew, as a chip that can be taken away; parts with data-with="field" show with it.
function newChipIn(row, companion, before, gone) {
  row.querySelector("[data-new]")?.remove();
  for (const part of companion?.form.querySelectorAll(`[data-with="${CSS.escape(companion.name)}"]`) ?? []) {
    part.hidden = !companion.value;
  }
  if (!companion?.value) return null;
  const remove = element("button", { type: "button", "aria-label": say("remove", "Remove %s", companion.value) });
  const chip = element("span", { class: "chip on", "data-new": true }, iconOf("plus"), say("new", "New: %s", companion.value), iconOf("x"), remove);
  remove.addEventListener("click", () => { companion.value = ""; newChipIn(row, companion, null, gone); gone(); });
  row.insertBefore(chip, before);
  return chip;
}

function enhanceSelect(select) {
  const id = select.id || `picker-${made += 1}`;
  const single = !select.multiple;
  const row = element("div", { class: "row" });
  const root = element("div", { class: "picker", "data-picker": id, "data-initials": "initials" in select.dataset });
  const { input, list, status } = combobox(id, select);
  const companion = companionOf(select);

  const showInput = () => { input.hidden = single && Boolean(row.children.length); };
  const gone = () => {
    showInput();
    root.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  };
  const chosen = (single ? oneOf : chipsOf)(select.name, row, gone);
  const newChip = () => {
    if (single && companion?.value) row.replaceChildren();
    newChipIn(row, companion, null, gone);
  };

  const first = [...select.selectedOptions].filter((option) => option.value);
  select.replaceWith(root);
  select.removeAttribute("id");
  root.append(row, input, list, status);
  for (const option of first) chosen.add({ uid: option.value, label: option.textContent.trim(), hint: option.dataset.hint });
  newChip();
  showInput();

  searcher({
    url: select.dataset.choicesUrl, input, list, status, root, chosen, single, companion,
    afterPick(option) {
      if (!option.isNew && single && companion) companion.value = "";
      newChip();
      showInput();
      if (input.hidden) row.querySelector("button")?.focus();
    },
  });
  root.closest("form")?.addEventListener("keep:restored", (event) => {
    const kept = event.detail?.[id];
    const before = String(chosen.values());
    if (kept) { chosen.clear(); for (const choice of kept) chosen.add(choice); }
    newChip();
    showInput();
    if (String(chosen.values()) !== before) root.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function enhanceGroup(group) {
  const id = `${group.id || `picker-${made += 1}`}-find`;
  const name = group.dataset.name || group.querySelector("input")?.name;
  const root = element("div", { class: "picker" });
  const { input, list, status } = combobox(id, group);
  input.setAttribute("aria-label", say("find", "Type a name"));
  group.after(root);
  root.append(input, list, status);
  if (group.dataset.add) {
    const open = element("button", { type: "button", class: "chip", "aria-expanded": "false" }, iconOf("plus"), group.dataset.add);
    open.addEventListener("click", () => { root.hidden = false; open.remove(); input.focus(); });
    group.append(open);
    root.hidden = true;
  }
  const companion = companionOf(group);
  const newChip = () => newChipIn(group, companion, group.querySelector(":scope > button"), () => {
    if (root.hidden) group.querySelector(":scope > button")?.focus(); else input.focus();
  });
  newChip();
  searcher({
    url: group.dataset.choicesUrl, input, list, status, root, chosen: boxesOf(name, group), single: false,
    companion, afterPick: newChip,
  });
  group.closest("form")?.addEventListener("keep:restored", newChip);
}

function find(root) {
  for (const source of root.querySelectorAll("[data-choices-url]:not([data-picker-made])")) {
    source.dataset.pickerMade = "";
    if (source instanceof HTMLSelectElement) enhanceSelect(source);
    else if (!(source instanceof HTMLInputElement)) enhanceGroup(source);
  }
}

find(document);
document.addEventListener("htmx:load", (event) => find(event.detail.elt));
