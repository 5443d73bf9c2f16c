// A power map that is moved by hand: cards are dragged by mouse, or by their grip on a touch
// screen; on a focused card the arrow keys move it, Enter saves, Escape puts it back.

const page = document;
const table = page.querySelector("[data-power]");
const form = page.querySelector("[data-power-form]");
const said = page.querySelector("[data-power-said]");
const FAR = 6; // pixels before a press is a drag
const EDGE = 72; // near the edge of the window it scrolls along

let held = null; // the card that is dragged or moved by keys, and where it stood
let sent = false;

const cellAt = (stance, influence) =>
  table.querySelector(`td[data-stance="${stance}"][data-influence="${influence}"]`);
const placeOf = (cell) => `${cell.dataset.l}, ${cell.parentElement.querySelector("th").firstChild.textContent.trim().toLowerCase()}`;
const nameOf = (card) => card.querySelector("a.name").textContent;

function say(words, card, cell) {
  said.textContent = words.replace("{name}", nameOf(card)).replace("{place}", cell ? placeOf(cell) : "");
}

function put(card, cell) {
  let list = cell.querySelector("ul");
  if (!list) {
    list = page.createElement("ul");
    cell.append(list);
  }
  const old = card.closest("td");
  list.append(card);
  cell.classList.remove("none");
  old.classList.toggle("none", !old.querySelector("li"));
}

// The key goes with the page, so that a second press or a lost answer places it once.
function save(card, cell) {
  if (sent) return;
  sent = true;
  form.action = card.dataset.url;
  form.elements.revision.value = card.dataset.revision;
  form.elements.stance.value = cell.dataset.stance;
  form.elements.influence.value = cell.dataset.influence;
  form.submit();
}

// ---- Keys ----

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function grab(card) {
  const list = card.parentElement;
  held = { card, from: card.closest("td"), list, before: card.nextElementSibling };
}

function putBack() {
  const { card, from, list, before } = held;
  const now = card.closest("td");
  if (now !== from) {
    list.insertBefore(card, before);
    from.classList.remove("none");
    now.classList.toggle("none", !now.querySelector("li"));
  }
  card.classList.remove("lifted");
  held = null;
}

table?.addEventListener("keydown", (event) => {
  const link = event.target.closest?.("a.name");
  const card = link?.closest("[data-card]");
  if (!card || sent || held?.drag || event.ctrlKey || event.metaKey || event.altKey) return;
  if (STEPS[event.key]) {
    event.preventDefault();
    if (held?.card !== card) grab(card);
    const [aside, upward] = STEPS[event.key];
    const now = card.closest("td").dataset;
    const cell = cellAt(Number(now.stance) + aside, Number(now.influence) + upward);
    if (!cell) return;
    if (upward && "decides" in card.dataset) {
      say(table.dataset.top, card, null);
      return;
    }
    card.classList.add("lifted");
    const { from, list, before } = held;
    held.moving = true;
    if (cell === from) list.insertBefore(card, before); else put(card, cell);
    if (cell === from) from.classList.remove("none");
    link.focus();
    held.moving = false;
    say(table.dataset.says, card, cell);
  } else if (event.key === "Enter" && held?.card === card && card.closest("td") !== held.from) {
    event.preventDefault();
    save(card, card.closest("td"));
  } else if (event.key === "Escape" && held?.card === card) {
    event.preventDefault();
    held.moving = true;
    putBack();
    link.focus();
    say(table.dataset.back, card, null);
  }
});

table?.addEventListener("focusout", (event) => {
  if (!held || held.drag || held.moving || sent || !held.card.contains(event.target)) return;
  const { card } = held;
  const moved = card.closest("td") !== held.from;
  putBack();
  if (moved) say(table.dataset.back, card, null);
});

// ---- Pointer ----

function over(event) {
  return page.elementFromPoint(event.clientX, event.clientY)?.closest("[data-power] td") ?? null;
}

table?.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("[data-card]");
  if (!card || event.button !== 0 || sent || held?.drag) return;
  if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return;
  if (held) putBack();
  grab(card);
  Object.assign(held, { drag: true, id: event.pointerId, x: event.clientX, y: event.clientY, far: false, top: scrollY });
});

function carry(event) {
  const aside = event.clientX - held.x;
  const down = event.clientY - held.y;
  if (!held.far) {
    if (Math.hypot(aside, down) < FAR) return;
    held.far = true;
    const top = held.card.getBoundingClientRect().top;
    held.card.classList.add("carried");
    table.classList.add("moving"); // on a phone the empty places are shown now: stay with the card
    scrollBy(0, held.card.getBoundingClientRect().top - top);
    held.top = scrollY;
    held.card.setPointerCapture(held.id);
  }
  if (event.clientY < EDGE) scrollBy(0, -12);
  else if (event.clientY > innerHeight - EDGE) scrollBy(0, 12);
  held.card.style.translate = `${aside}px ${down + scrollY - held.top}px`;
  const cell = over(event);
  if (held.over !== cell) {
    held.over?.classList.remove("over");
    cell?.classList.add("over");
    held.over = cell;
  }
}

function drop(event, keep) {
  const { card, from, far } = held;
  const cell = keep && far ? over(event) : null;
  card.classList.remove("carried");
  card.style.translate = "";
  held.over?.classList.remove("over");
  table.classList.remove("moving");
  held = null;
  if (!far) return;
  // The click that ends a drag must not open the card.
  const stop = (click) => { click.preventDefault(); click.stopPropagation(); };
  page.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => page.removeEventListener("click", stop, { capture: true }), 50);
  if (!cell || cell === from) return;
  put(card, cell);
  save(card, cell);
}

page.addEventListener("pointermove", (event) => {
  if (held?.drag && event.pointerId === held.id) carry(event);
});
page.addEventListener("pointerup", (event) => {
  if (held?.drag && event.pointerId === held.id) drop(event, true);
});
page.addEventListener("pointercancel", (event) => {
  if (held?.drag && event.pointerId === held.id) drop(event, false);
});
page.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held?.drag) drop(event, false);
});
table?.addEventListener("dragstart", (event) => event.preventDefault());

// Out of the browser's memory it would show a card where it was never saved.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
