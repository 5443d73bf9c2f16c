// A sheet of paper typed in by keyboard: Enter goes on to the next line, new lines come by
// themselves, and a name that somebody bears whom we know asks at once who is meant.

const page = document;
const table = page.querySelector("[data-sheet-lines]");
const body = table.tBodies[0];
const form = table.closest("form");

const nameOf = (line) => line.querySelector("input[name$='-name']");
const isLast = (line) => line === body.lastElementChild;

function addLine() {
  const last = body.lastElementChild;
  const number = body.children.length;
  const line = last.cloneNode(true);
  line.querySelector("td").textContent = number + 1;
  for (const field of line.querySelectorAll("input")) {
    field.name = field.name.replace(/^lines-\d+-/, `lines-${number}-`);
    field.setAttribute("aria-label", (field.getAttribute("aria-label") ?? "").replace(/\d+/, number + 1));
    if (field.type === "checkbox") field.checked = false;
    else field.value = "";
  }
  const who = line.querySelector("[data-who]");
  who.dataset.who = `lines-${number}-who`;
  who.replaceChildren();
  body.append(line);
}

table.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input, select")) return;
  event.preventDefault();
  const line = event.target.closest("tr");
  if (isLast(line)) addLine();
  nameOf(line.nextElementSibling).focus();
});

table.addEventListener("input", (event) => {
  const line = event.target.closest("[data-line]");
  if (line && isLast(line) && nameOf(line).value.trim()) addLine();
});

// The line's own answer: asked when the name is left, and forgotten when it changes.
table.addEventListener("change", async (event) => {
  if (!event.target.matches("input[name$='-name']")) return;
  const line = event.target.closest("tr");
  const place = line.querySelector("[data-who]");
  place.replaceChildren();
  const name = event.target.value.trim();
  if (!name) return;
  const data = new FormData();
  data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.set("name", name);
  data.set("line", place.dataset.who.split("-")[1]);
  for (let one = body.firstElementChild; one !== line; one = one.nextElementSibling) data.append("before", nameOf(one).value);
  try {
    const reply = await fetch(table.dataset.like, { method: "POST", body: data, credentials: "same-origin" });
    if (reply.ok && event.target.value.trim() === name) place.innerHTML = await reply.text();
  } catch { /* no signal: the server asks when the sheet is saved */ }
});
