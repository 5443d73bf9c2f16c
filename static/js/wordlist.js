// A note that seems to hold status, health or faith gets a yellow banner. Nothing is blocked,
// nothing is sent: the list is compared in the page, as one types.

const marked = "textarea[data-words]:not([data-words-watched])";
const from = document.querySelector("script[data-words-from]")?.dataset.wordsFrom;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const escaped = (word) => plain(word).replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\\?\*$/, "\\p{L}*").replace(/\s+/g, "\\s+");

function own(area) {
  const holder = area.dataset.words && document.getElementById(area.dataset.words);
  try { return holder ? JSON.parse(holder.textContent) : []; } catch { return []; }
}

function banner(area, title, text) {
  const box = document.createElement("div");
  box.setAttribute("role", "status");
  const inside = document.createElement("div");
  inside.className = "banner warn";
  inside.hidden = true;
  const words = document.createElement("div");
  const strong = document.createElement("b");
  strong.textContent = title;
  const more = document.createElement("p");
  more.className = "small";
  words.append(strong, more);
  inside.append(words);
  box.append(inside);
  area.after(box);
  return (found) => {
    inside.hidden = !found;
    const says = found ? text.replace("%s", `“${found}”`) : "";
    if (more.textContent !== says) more.textContent = says;
  };
}

function watch(area, list) {
  const words = [...list.words, ...own(area)];
  const test = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.map(escaped).join("|")})(?![\\p{L}\\p{N}])`, "u");
  const spoken = list.says[document.documentElement.lang.slice(0, 2)] ?? list.says.en;
  const show = banner(area, area.dataset.wordsTitle || spoken.title, area.dataset.wordsText || spoken.text);
  const check = () => {
    const text = plain(area.value);
    show((text.match(test) ?? list.shapes.map((shape) => text.match(shape)).find(Boolean))?.[0]);
  };
  let soon;
  area.addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(check, 300); });
  check();
}

async function find(root) {
  const areas = [...root.querySelectorAll(marked)];
  if (!areas.length || !from) return;
  for (const area of areas) area.dataset.wordsWatched = "";
  const { list } = await import(from);
  for (const area of areas) watch(area, list);
}

find(document);
document.addEventListener("htmx:load", (event) => find(event.detail.elt));
