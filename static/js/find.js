// The search box: arrow keys go through what was found, Enter opens (a link does), Escape closes.

const LETTER = /^.$/u;

for (const form of document.querySelectorAll("form[data-find]")) {
  const input = form.querySelector("input[name=q]");
  const box = document.getElementById(input.getAttribute("hx-target")?.slice(1));
  const hits = () => [...box.querySelectorAll("a[data-hit]")];

  const close = () => {
    input.dispatchEvent(new Event("htmx:abort"));
    box.replaceChildren();
    input.focus();
  };

  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const all = hits();
    const at = all.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== input) return;
    if (event.key === "ArrowDown" && all.length) {
      all[Math.min(at + 1, all.length - 1)].focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      (all[at - 1] ?? input).focus();
    } else if (event.key === "Escape" && box.childElementCount) {
      close();
    } else if (at >= 0 && (LETTER.test(event.key) || event.key === "Backspace")) {
      input.focus(); // typing goes on in the box
      event.stopPropagation();
      return;
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
}
