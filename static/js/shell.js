// Every page: hide now, keys, network bar, messages, focus.

const page = document;
const body = page.body;
const signedIn = "signedIn" in body.dataset;
const HIDDEN = "hidden-now";

const store = {
  get: (name) => { try { return sessionStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { sessionStorage.setItem(name, value); } catch { /* storage is off */ } },
  drop: (name) => { try { sessionStorage.removeItem(name); } catch { /* storage is off */ } },
};

// Typing that keep.js put aside: all of it, or what was sent and answered since. Of what was
// saved only the fact stays; what was not taken, or got no answer, is kept for another try.
function forgetTyping(answer = null) {
  const saved = page.querySelector("[data-message]");
  const from = page.referrer && new URL(page.referrer).pathname;
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (!name.startsWith("keep:")) continue;
      const kept = answer && JSON.parse(sessionStorage.getItem(name));
      if (answer && !kept?.sent) continue;
      if (!answer || page.querySelector(".errors")) sessionStorage.removeItem(name);
      else if (saved || (answer.responseStatus < 400 && from === kept.path)) sessionStorage.setItem(name, '{"answered":true}');
      else sessionStorage.setItem(name, JSON.stringify({ ...kept, sent: false }));
    }
  } catch { /* storage is off */ }
}

const arrival = performance.getEntriesByType("navigation")[0];
if (arrival?.type === "navigate") forgetTyping(arrival);

// ---- Hide now: blank at once, sign out, and leave nothing to go back to ----

const hideForm = page.querySelector("form[data-hide]");

function hideNow() {
  if (!hideForm) return;
  const sent = fetch(hideForm.action, {
    method: "POST", body: new FormData(hideForm), keepalive: true, redirect: "manual", credentials: "same-origin",
  });
  page.title = "\u200b";
  page.documentElement.hidden = true;
  body.replaceChildren();
  for (const link of page.querySelectorAll("link[rel=icon], link[rel=stylesheet]")) link.remove();
  try { sessionStorage.clear(); } catch { /* storage is off */ }
  store.set(HIDDEN, "1");
  const leave = () => location.replace(hideForm.dataset.blank || "about:blank");
  sent.then(leave, leave);
  setTimeout(leave, 700);
}

if (hideForm) {
  hideForm.addEventListener("submit", (event) => { event.preventDefault(); hideNow(); });
}

if (!signedIn) {
  store.drop(HIDDEN);
  if (page.querySelector("main.door-page")) forgetTyping();
} else if (store.get(HIDDEN)) {
  hideNow(); // the sign-out did not get through: a page came back out of the browser's memory
}
addEventListener("pageshow", (event) => {
  if (event.persisted && store.get(HIDDEN)) {
    body.replaceChildren();
    location.reload();
  }
});

// ---- Keys: taken from data-key; off inside fields ----

const WAIT = 1500;
const keysOn = body.dataset.keys !== "off";
const help = page.querySelector("dialog[data-keys-help]");
let first = "";
let firstAt = 0;
let shifts = [];

const inField = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable]");

function keyed(keys) {
  for (const element of page.querySelectorAll("[data-key]")) {
    if (element.dataset.key === keys && !element.closest("[hidden]")) return element;
  }
  return null;
}

function use(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function shiftPressed(event) {
  if (event.key !== "Shift") { shifts = []; return; }
  if (event.repeat) return;
  shifts = [...shifts.filter((at) => event.timeStamp - at < WAIT), event.timeStamp];
  if (shifts.length >= 3) { shifts = []; hideNow(); }
}

function fillHelp() {
  const list = help.querySelector("[data-keys-list]");
  for (const old of list.querySelectorAll("[data-own]")) old.remove();
  const seen = new Set();
  for (const element of [...page.querySelectorAll("[data-key]")].reverse()) {
    const keys = element.dataset.key;
    if (seen.has(keys)) continue;
    seen.add(keys);
    const row = page.createElement("div");
    row.dataset.own = "";
    const name = page.createElement("dt");
    name.textContent = element.dataset.keyLabel || element.textContent.trim();
    const how = page.createElement("dd");
    keys.split(" ").forEach((key, index) => {
      if (index) how.append(` ${list.dataset.then} `);
      const mark = page.createElement("kbd");
      mark.textContent = key;
      how.append(mark);
    });
    row.append(name, how);
    list.prepend(row);
  }
}

addEventListener("keydown", (event) => {
  shiftPressed(event);
  if (!keysOn || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Shift" || inField(event.target) || page.querySelector("dialog[open]")) return;
  const then = first && event.timeStamp - firstAt < WAIT ? keyed(`${first} ${event.key}`) : null;
  first = "";
  const element = then || keyed(event.key);
  if (element) {
    event.preventDefault();
    use(element);
  } else if (event.key === "?" && help) {
    event.preventDefault();
    fillHelp();
    help.showModal();
  } else if (page.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    firstAt = event.timeStamp;
  }
});

if (!keysOn) {
  for (const mark of page.querySelectorAll(".find kbd")) mark.hidden = true;
}

// ---- Network bar ----

const bars = Object.fromEntries([...page.querySelectorAll("[data-net]")].map((bar) => [bar.dataset.net, bar]));

function network(state) {
  for (const [name, bar] of Object.entries(bars)) bar.hidden = name !== state;
}

addEventListener("offline", () => network("off"));
addEventListener("online", () => network("back"));
addEventListener("network:off", () => network("off"));
if (!navigator.onLine) network("off");

// ---- Messages: they stay until closed ----

function showClosers(root) {
  for (const button of root.querySelectorAll("[data-close]")) button.hidden = false;
}

page.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-close]");
  if (!button) return;
  const message = button.closest("[data-message]");
  const hadFocus = message?.contains(page.activeElement);
  message?.remove();
  if (hadFocus) page.getElementById("main")?.focus();
});
showClosers(page);

// ---- Focus: what went wrong first, then what was saved ----

function focusFirst(root) {
  const target = root.querySelector(".errors") || root.querySelector("[data-focus]");
  if (target && !page.querySelector("dialog[open]")) target.focus();
}

// A phone or an e-mail that was shown is masked again after a while.
function maskLater(root) {
  for (const shown of root.querySelectorAll("[data-mask-after]")) {
    setTimeout(() => { if (shown.isConnected) shown.textContent = shown.dataset.masked; }, 1000 * Number(shown.dataset.maskAfter));
    delete shown.dataset.maskAfter;
  }
}

page.addEventListener("htmx:afterSwap", (event) => {
  const root = event.detail?.elt?.parentElement || page;
  showClosers(root);
  focusFirst(root);
  maskLater(page);
});

function ready() {
  body.dataset.ready = "";
  for (const here of page.querySelectorAll(".tabs [aria-current]")) {
    const row = here.parentElement;
    row.scrollLeft = Math.max(0, here.offsetLeft + here.offsetWidth - row.offsetLeft - row.clientWidth);
  }
  focusFirst(page);
}

if (page.readyState === "complete") ready();
else addEventListener("load", ready);

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
