// Charts to explore: where there is room and a mouse they are at once, elsewhere when asked. The
// script that does it is loaded then, not before: most who read on a phone never ask.
const plots = document.getElementById("plot-files")?.dataset;

let explorer = null;
let tries = 0;
// Whether a box shows its plot. Some browsers remember a script that did not come, by its address:
// each try has its own.
async function turn(box, plotted) {
  explorer ??= import(tries++ ? `${plots.explorer}?${tries}` : plots.explorer);
  explorer.catch(() => { explorer = null; });
  return (await explorer).turn(box, plotted);
}

// The server's drawing stays, and it is said.
function failed() {
  document.getElementById("plot-said").textContent = plots.failed;
}

// One press shows the plot, or the table that it covers; another takes it away again.
function offer(box, shows) {
  const button = document.querySelector(`[data-${shows}="${box.dataset.figure}"]`);
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const pressed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-busy", "true");
    try {
      await turn(box, pressed === (shows === "explore"));
      button.setAttribute("aria-pressed", String(pressed));
    } catch {
      failed();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

if (plots) {
  const roomy = matchMedia("(min-width: 62rem)").matches && !navigator.connection?.saveData;
  for (const box of document.querySelectorAll("[data-figure]")) {
    if (roomy) turn(box, true).then(() => offer(box, "table"), failed);
    else offer(box, "explore");
  }
}
