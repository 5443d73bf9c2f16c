// The door of an event. A tap shows at once and is kept in this tab until the server has it, in the
// order of the taps and each under a key of its own: sent twice, it is done once.

const page = document;
const door = page.querySelector("[data-door]");
const form = door.querySelector("form[data-taps]");
const list = door.querySelector("[data-guests]");
const bars = Object.fromEntries([...page.querySelectorAll("[data-door-net]")].map((bar) => [bar.dataset.doorNet, bar]));
const NAME = `door:${door.dataset.door}`;
const AGAIN = 15000; // between two tries while there is no signal
const PATIENCE = 20000; // for an answer
const BREATH = 900; // after a tap, in which the other button under the same thumb does nothing
const ME = door.dataset.me;

// What waits here is kept without anybody's doing, so the bar about typing has nothing to say.
for (const bar of page.querySelectorAll("[data-net]")) bar.remove();

let queue = read();
let sending = false;
let sent = 0;
let timer = null;
let leaving = false;
let others = queue.some((one) => one.by !== ME); // of who used this tab before: sent only if asked
const tapped = new Map();

function read() {
  try { return JSON.parse(sessionStorage.getItem(NAME)) ?? []; } catch { return []; }
}

function keep() {
  try {
    if (queue.length) sessionStorage.setItem(NAME, JSON.stringify(queue));
    else sessionStorage.removeItem(NAME);
  } catch { /* storage is off: what waits is lost with the page, and it says so before */ }
}

// ---- What is shown ----

const lineOf = (uid) => page.getElementById(`c-${uid}`);

function show(uid, isHere, at) {
  const line = lineOf(uid);
  if (!line) return;
  line.querySelector("[data-here]").hidden = !isHere;
  line.querySelector("[data-at]").textContent = at ? `${door.dataset.word}, ${at}` : door.dataset.word;
  line.querySelector("button[name=in]").hidden = isHere;
  line.querySelector("button[name=out]").hidden = !isHere;
}

const isHere = (uid) => !lineOf(uid).querySelector("[data-here]").hidden;

function tell(here, expected) {
  door.querySelector("[data-count]").textContent = here;
  if (expected !== undefined) door.querySelector("[data-expected]").textContent = expected;
  const bar = door.querySelector("progress");
  bar.max = Math.max(1, Number(door.querySelector("[data-expected]").textContent));
  bar.value = here;
}

function settle(answer) {
  const waiting = new Map(queue.map((tap) => [tap.who, tap.what === "in"]));
  for (const line of list.children) {
    const uid = line.id.slice(2);
    const at = answer.at[uid];
    if (!waiting.has(uid)) show(uid, at !== undefined, at);
  }
  const shown = [...list.children].filter((line) => !line.querySelector("[data-here]").hidden).length;
  tell(Math.max(answer.here, queue.length ? shown : 0), answer.expected);
}

function state(which) {
  for (const [name, bar] of Object.entries(bars)) if (name !== "refused") bar.hidden = name !== which;
  const count = which === "waiting" ? queue.length : Number(door.querySelector("[data-count]").textContent);
  const { one, many } = others && which === "waiting" ? { one: bars.waiting.dataset.others, many: bars.waiting.dataset.others } : bars[which].dataset;
  bars[which].querySelector("span").textContent = (count === 1 ? one : many).replace("{n}", count);
}

function refuse(tap, words) {
  const problem = bars.refused;
  problem.hidden = false;
  const name = tap ? lineOf(tap.who)?.querySelector("b").textContent ?? "" : "";
  problem.querySelector("span").textContent = name ? `${name}: ${words}` : words;
}

// ---- What is sent ----

async function send() {
  if (sending || others) return;
  sending = true;
  clearTimeout(timer);
  while (queue.length) {
    const tap = queue[0];
    const body = new FormData(form);
    for (const name of ["in", "out", "key", "at", "q"]) body.delete(name);
    body.set(tap.what, tap.who);
    body.set("key", tap.key);
    body.set("at", tap.at);
    let answer;
    try {
      const reply = await fetch(form.action, {
        method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin",
        redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
      });
      if (reply.type === "opaqueredirect" || reply.status === 403) { leave(); return; }
      if (reply.status >= 500 || reply.status === 409 || reply.status === 429) throw new Error("later");
      if (reply.status === 404) { sending = false; state(""); refuse(null, bars.refused.dataset.gone); return; }
      answer = await reply.json();
    } catch {
      sending = false;
      state("waiting");
      timer = setTimeout(send, AGAIN);
      return;
    }
    queue.shift();
    keep();
    settle(answer);
    if (!answer.error) sent += 1;
    else { show(tap.who, answer.at[tap.who] !== undefined, answer.at[tap.who]); refuse(tap, answer.error); }
  }
  sending = false;
  if (sent) state("sent");
}

// Signed out in the meantime: the page comes again after signing in, and sends what is kept.
function leave() {
  leaving = true;
  location.reload();
}

function tap(what, who) {
  const now = new Date();
  if (now - (tapped.get(who) ?? 0) < BREATH) return; // a second tap of an eager thumb
  tapped.set(who, now);
  bars.refused.hidden = true;
  const last = queue.findLast((one) => one.who === who);
  if (last?.what === what || (!last && isHere(who) === (what === "in"))) return; // it is so already
  queue.push({ what, who, key: crypto.randomUUID(), at: now.toISOString(), by: ME });
  keep();
  const clock = new Intl.DateTimeFormat(page.documentElement.lang, { hour: "numeric", minute: "2-digit", timeZone: door.dataset.zone || undefined });
  show(who, what === "in", what === "in" ? clock.format(now) : "");
  tell(Number(door.querySelector("[data-count]").textContent) + (what === "in" ? 1 : -1));
  if (!navigator.onLine) state("waiting");
  send();
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !["in", "out"].includes(button.name)) return;
  event.preventDefault();
  tap(button.name, button.value);
  const other = lineOf(button.value).querySelector(`button[name=${button.name === "in" ? "out" : "in"}]`);
  other.focus({ preventScroll: true });
});

for (const button of page.querySelectorAll("[data-door-again]")) button.addEventListener("click", () => { others = false; send(); });
// Other pages need a signal: this one stays, with what waits on it.
for (const kind of ["submit", "click"]) {
  page.addEventListener(kind, (event) => {
    const away = kind === "submit" ? event.target !== form : event.target.closest?.("main a[href]");
    if (!away || navigator.onLine || event.target.closest("form[data-hide]")) return;
    event.preventDefault();
    refuse(null, bars.refused.dataset.offline);
  }, { capture: true });
}
addEventListener("online", send);
page.addEventListener("visibilitychange", () => { if (!page.hidden && queue.length) send(); });
addEventListener("beforeunload", (event) => { if (queue.length && !leaving) event.preventDefault(); });

// ---- Find a line ----

const search = door.querySelector("input[type=search]");
const none = door.querySelector("[data-none]");
const fold = (text) => text.normalize("NFKD").replace(/[\p{M}'’‘ʻ`´]/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();

search.addEventListener("input", () => {
  const words = fold(search.value).split(" ").filter(Boolean);
  let left = 0;
  for (const line of list.children) {
    line.hidden = !words.every((word) => line.dataset.find.includes(word));
    if (!line.hidden) left += 1;
  }
  none.hidden = left > 0;
});
search.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault(); // the first line that is left is one Tab away
  [...list.children].find((line) => !line.hidden)?.querySelector("button:not([hidden])")?.focus();
});
for (const one of queue) show(one.who, one.what === "in", "");
if (others) state("waiting");
if (queue.length) send();
