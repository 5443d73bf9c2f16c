// Charts to explore: Plotly takes over from the server's drawings. charts.js loads this script when it
// is wanted, and this one Plotly. The table of each chart stays.
const files = document.getElementById("plot-files").dataset;

const PAUSE = 300; // ms after a click, since it may be the first of two, which show all again

function token(value) {
  return getComputedStyle(document.documentElement).getPropertyValue(value).trim();
}

// Colours are named by the tokens of the page: put in what the theme makes of them.
function coloured(part) {
  if (typeof part === "string") return part.startsWith("--") ? token(part) : part;
  if (Array.isArray(part)) return part.map(coloured);
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, coloured(value)]));
  }
  return part;
}

function script(source) {
  return new Promise((done, failed) => {
    const one = document.createElement("script");
    one.src = source;
    one.onload = done;
    one.onerror = failed;
    document.head.append(one);
  });
}

let loading = null;
function plotly() {
  loading ??= (async () => {
    const style = document.createElement("link"); // its id keeps Plotly from writing a style element
    style.id = "plotly.js-style-global";
    style.className = "no-inline-styles";
    style.rel = "stylesheet";
    style.href = files.style;
    document.head.append(style);
    await script(files.shim);
    await script(files.script);
  })();
  loading.catch(() => { loading = null; }); // the next try loads anew
  return loading;
}

let asking = null;
function figures() {
  asking ??= fetch(files.plots).then(reply => (reply.ok ? reply.json() : Promise.reject(reply)));
  asking.catch(() => { asking = null; }); // the next try asks anew
  return asking;
}

// "M1 2l3 4 5-6z": the shapes of the states are written so, in whole numbers.
function shape(path) {
  const xs = [], ys = [];
  for (const ring of path.split("M").slice(1)) {
    const numbers = ring.match(/-?\d+/g).map(Number);
    let [x, y] = numbers;
    const first = [x, y];
    xs.push(x);
    ys.push(y);
    for (let at = 2; at < numbers.length; at += 2) {
      x += numbers[at];
      y += numbers[at + 1];
      xs.push(x);
      ys.push(y);
    }
    xs.push(first[0], null);
    ys.push(first[1], null);
  }
  return [xs, ys];
}

function corners(square) {
  const [x, y, w, h] = ["x", "y", "width", "height"].map(name => Number(square.getAttribute(name)));
  return [[x, x + w, x + w, x, x], [y, y, y + h, y + h, y]];
}

// The map: each state of the drawing as a filled line, with its own colours.
function places(drawing) {
  const traces = [];
  for (const mark of drawing.querySelectorAll("path, rect")) {
    const [x, y] = mark.tagName === "path" ? shape(mark.getAttribute("d")) : corners(mark);
    const look = getComputedStyle(mark);
    const label = mark.parentElement.querySelector("title")?.textContent;
    traces.push({
      type: "scatter", mode: "lines", fill: "toself", x, y,
      fillcolor: look.fill, line: {color: look.stroke === "none" ? look.fill : look.stroke, width: 1},
      hoveron: "fills", text: label ?? "", name: "", hoverinfo: label ? "text" : "skip",
      meta: mark.closest("a")?.getAttribute("href") ?? "",
    });
  }
  const words = [...drawing.querySelectorAll("text")];
  traces.push({
    type: "scatter", mode: "text", hoverinfo: "skip",
    x: words.map(word => Number(word.getAttribute("x"))),
    y: words.map(word => Number(word.getAttribute("y")) - 8),
    text: words.map(word => word.textContent),
    textfont: {size: 11, color: words.map(word => getComputedStyle(word).fill)},
  });
  return traces;
}

const pen = document.createElement("canvas").getContext("2d");

// A name in lines that are so many pixels wide, as far as its words are.
function broken(name, room, font) {
  pen.font = `${font.weight} ${font.size}px ${font.family}`;
  const lines = [];
  for (const word of name.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length && pen.measureText(longer).width <= room) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("<br>");
}

// The heat map lies on its table, which keeps its place: as large, and its cells where those are.
function over(table, layout) {
  const cell = table.querySelector("td");
  const half = parseFloat(getComputedStyle(table).borderSpacing) / 2; // of what is free between cells
  const margin = {l: cell.offsetLeft - half, t: cell.offsetTop - half, r: half, b: half};
  const annotations = layout.annotations.map(one => {
    const beside = one.xref === "paper";
    const room = beside ? margin.l - 16 : cell.offsetWidth;
    const text = broken(one.name, room, {family: layout.font.family, ...one.font});
    return {...one, text, xshift: beside ? 8 - margin.l : 0};
  });
  return {margin, annotations, width: table.offsetWidth, height: table.offsetHeight};
}

const watched = new ResizeObserver(changes => {
  for (const {target} of changes) {
    const box = target.parentElement;
    const plot = box.querySelector(":scope > .plot");
    if (box.dataset.drawn) window.Plotly.relayout(plot, over(target, plot.layout));
  }
});

async function draw(box) {
  const [plots] = await Promise.all([figures(), plotly()]);
  const figure = coloured(plots[box.dataset.figure]);
  const drawing = box.querySelector(":scope > svg");
  const table = box.querySelector(":scope > table");
  if (drawing?.classList.contains("states")) figure.data = places(drawing);
  const family = getComputedStyle(document.body).fontFamily;
  figure.layout.font.family = family;
  figure.layout.hoverlabel.font = {...figure.layout.hoverlabel.font, family};
  if (table) Object.assign(figure.layout, over(table, figure.layout));
  let plot = box.querySelector(".plot");
  if (!plot) {
    plot = document.createElement("div");
    plot.className = "plot";
    plot.setAttribute("role", "img");
    plot.setAttribute("aria-label", drawing?.getAttribute("aria-label") ?? box.dataset.says);
    const hint = document.createElement("p");
    hint.className = "small mute hint";
    const opens = drawing?.querySelector("a[href]") ||
      figure.data.some(one => one.customdata?.flat().some(Boolean));
    hint.textContent = opens ? `${files.hint} ${files.opens}` : files.hint;
    if (table) {
      box.prepend(plot);
      box.append(hint);
      watched.observe(table);
    } else {
      box.prepend(plot, hint);
    }
  }
  box.classList.add("plotted");
  await window.Plotly.react(plot, figure.data, figure.layout, {
    responsive: !table, displayModeBar: false, showTips: false, doubleClick: "reset",
  });
  plot.removeAllListeners?.("plotly_click");
  let opening;
  plot.on("plotly_click", event => {
    const point = event.points[0];
    const address = point.customdata ?? point.data?.meta ?? point.fullData?.meta;
    clearTimeout(opening);
    if (address && event.event.detail < 2) opening = setTimeout(() => location.assign(address), PAUSE);
  });
  box.dataset.drawn = "yes";
}

function back(box) {
  box.classList.remove("plotted");
  delete box.dataset.drawn;
}

// Shows the plot of a box, or takes it away. Where it cannot be shown, the server's drawing stays.
export async function turn(box, plotted) {
  try {
    await (plotted ? draw(box) : back(box));
  } catch (problem) {
    back(box);
    throw problem;
  }
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const box of document.querySelectorAll("[data-figure][data-drawn]")) draw(box);
});
