// The linked pictures, as SVG: each draws its marks once, and is then given how many of each are selected.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const LINE = 18; // pixels between lines of text
const pen = document.createElement("canvas").getContext("2d");

function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function html(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const widthOf = (text) => { pen.font = `14px ${getComputedStyle(document.body).fontFamily}`; return pen.measureText(text).width; };

// A text cut into lines that fit; between words, in Chinese between any two signs.
function wrapped(text, width) {
  const pieces = text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? [text];
  const lines = [""];
  for (const piece of pieces) {
    const last = lines.length - 1;
    if (lines[last] && widthOf(lines[last] + piece.trimEnd()) > width) lines.push(piece);
    else lines[last] += piece;
  }
  return lines.map((line) => line.trim());
}

function textLines(lines, x, y, attributes = {}) {
  const made = svg("text", { x, y, ...attributes });
  lines.forEach((line, i) => made.append(svg("tspan", { x, dy: i ? LINE : 0 }, line)));
  return made;
}

const ofN = (k, n) => (k === null ? `${n}` : say(`${k}/${n}`, `${k} of ${n}`));

// A mark that can be chosen; `draw` adds its shapes.
function button(picture, key, label, shapes) {
  const made = svg("g", { role: "button", class: "mark", tabindex: -1, "aria-pressed": "false", "aria-label": label, "data-key": key }, ...shapes);
  picture.marks.push(made);
  return made;
}

class Picture {
  constructor(cohort, choose, title) {
    this.cohort = cohort;
    this.choose = choose;
    this.title = title;
    this.marks = [];
    this.root = html("div", { class: "drawing" });
    this.twin = html("tbody");
    this.status = html("p", { class: "picture-status" });
  }

  // The picture in its place, with its table.
  into(place, isFramed) {
    this.place = place;
    place.replaceChildren();
    if (isFramed) place.append(html("h3", {}, this.title));
    place.append(this.root, this.status, this.table());
    this.draw();
    this.root.addEventListener("click", (event) => this.chosen(event.target.closest(".mark"), event));
    this.root.addEventListener("keydown", (event) => this.walk(event));
  }

  draw() {
    this.marks = [];
    const width = Math.max(240, Math.floor(this.root.clientWidth || this.place.clientWidth || 320));
    this.root.replaceChildren(this.drawn(width));
    if (this.marks.length) this.marks[0].setAttribute("tabindex", 0);
  }

  table() {
    const head = html("tr", {}, html("th", { scope: "col" }, this.title), html("th", { scope: "col", class: "number" }, say("例数", "Patients")), html("th", { scope: "col", class: "number" }, say("选中", "Selected")));
    const table = html("table", {}, html("caption", { class: "sr-only" }, this.title), html("thead", {}, head), this.twin);
    return html("details", { class: "twin" }, html("summary", {}, say("以表格查看", "As a table")), table);
  }

  chosen(mark, event) {
    if (!mark || mark.getAttribute("aria-disabled")) return;
    const key = mark.dataset.key, at = key.indexOf("=");
    this.focusOn(mark, false);
    this.choose(key.slice(0, at), key.slice(at + 1), event);
  }

  focusOn(mark, moves = true) {
    for (const one of this.marks) one.setAttribute("tabindex", one === mark ? 0 : -1);
    if (moves) mark.focus();
  }

  walk(event) {
    const at = this.marks.indexOf(event.target.closest(".mark"));
    if (at < 0) return;
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    if (event.key === "Enter" || event.key === " ") this.chosen(this.marks[at], event);
    else if (event.key in steps) this.focusOn(this.marks[(at + steps[event.key] + this.marks.length) % this.marks.length]);
    else if (event.key === "Home") this.focusOn(this.marks[0]);
    else if (event.key === "End") this.focusOn(this.marks.at(-1));
    else return;
    event.preventDefault();
  }

  // Below the picture: how many are selected, and the way to them.
  say(n) {
    const text = n === null ? "" : say(`选中 ${n} 名患者，看是哪些`, `${n} patients selected: see who they are`);
    this.status.replaceChildren(...(text ? [html("a", { href: "#selection" }, text)] : []));
  }

  // Which marks are chosen and how many of each are selected; `counts` is null where nothing is.
  update(counts, query) {
    const rows = [];
    for (const mark of this.marks) {
      const key = mark.dataset.key, known = this.cohort.marks.get(key);
      const at = key.indexOf("="), isChosen = (query.get(key.slice(0, at)) ?? []).includes(key.slice(at + 1));
      mark.setAttribute("aria-pressed", String(isChosen));
      const k = counts === null || !known ? null : counts.get(key);
      if (known) {
        this.fill(mark, known, counts === null ? null : k ?? 0);
        mark.setAttribute("aria-label", `${known.text}${say("：", ": ")}${say(`${known.n} 例`, `${known.n} patients`)}${k === null ? "" : say(`，选中 ${k} 例`, `, ${k} selected`)}`);
        rows.push(html("tr", {}, html("th", { scope: "row" }, known.text), html("td", { class: "number" }, String(known.n)), html("td", { class: "number" }, k === null ? "–" : String(k))));
      }
    }
    this.twin.replaceChildren(...rows);
  }

  fill(mark, known, k) {
    const track = mark.querySelector(".track"), part = mark.querySelector(".part"), count = mark.querySelector(".count");
    if (track && part) part.setAttribute("width", k === null || !known.n ? 0 : (Number(track.getAttribute("width")) * k) / known.n);
    if (count) count.textContent = ofN(k, known.n);
    mark.classList.toggle("lit", k !== null);
  }
}

class Bars extends Picture {
  constructor(cohort, choose, title, sets) {
    super(cohort, choose, title);
    this.sets = sets;
  }

  drawn(width) {
    const root = svg("svg", { role: "group", "aria-label": this.title });
    const most = Math.max(1, ...this.sets.flatMap((set) => set.marks.map((mark) => mark.n)));
    let y = 0;
    for (const set of this.sets) {
      if (this.sets.length > 1) {
        root.append(svg("text", { x: 0, y: y + 20, class: "group-title" }, inWords(set.title)));
        y += 28;
      }
      for (const mark of set.marks) {
        const key = `${set.name}=${mark.value}`, lines = wrapped(inWords(mark.text), width - 110), top = y;
        const height = lines.length * LINE + 22, long = Math.max(2, (width * mark.n) / most), bar = top + lines.length * LINE + 4;
        const side = set.name === "pattern" ? ` ${mark.value}` : "";
        const made = button(this, key, inWords(mark.text), [
          svg("rect", { class: "ring", x: 0, y: top, width, height: height - 2, rx: 4 }),
          textLines(lines, 4, top + 15),
          svg("text", { class: "count", x: width - 4, y: top + 15, "text-anchor": "end" }, String(mark.n)),
          svg("rect", { class: `track${side}`, x: 0, y: bar, width: long, height: 9, rx: 2 }),
          svg("rect", { class: `part${side}`, x: 0, y: bar, width: 0, height: 9, rx: 2 }),
        ]);
        if (mark.why) {
          made.setAttribute("aria-disabled", "true");
          made.append(svg("title", {}, inWords(mark.why)));
        }
        root.append(made);
        y += height;
      }
    }
    sized(root, width, y + 2);
    return root;
  }
}

function sized(root, width, height) {
  for (const [key, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) root.setAttribute(key, value);
}

class Flow extends Picture {
  drawn(width) {
    const root = svg("svg", { role: "group", "aria-label": this.title });
    const boxes = this.cohort.data.flow, populations = boxes.filter((box) => box.kind === "population");
    let y = 0;
    const add = (box, x, wide, quiet) => {
      const key = `flow=${box.kind}:${box.value}`, lines = wrapped(inWords(box.text), wide - 112), height = Math.max(34, lines.length * LINE + 18);
      const made = button(this, key, inWords(box.text), [
        svg("rect", { class: `box${quiet ? " quiet" : ""}`, x: x + 1, y: y + 1, width: wide - 2, height: height - 2, rx: 5 }),
        svg("rect", { class: "track hidden-track", x: x + 1, y: y + height - 6, width: wide - 2, height: 4 }),
        svg("rect", { class: "part", x: x + 1, y: y + height - 6, width: 0, height: 4 }),
        textLines(lines, x + 10, y + 21),
        svg("text", { class: "count", x: x + wide - 10, y: y + 21, "text-anchor": "end" }, String(box.n)),
        svg("rect", { class: "ring", x: x + 1, y: y + 1, width: wide - 2, height: height - 2, rx: 5 }),
      ]);
      if (!box.bits) made.setAttribute("aria-disabled", "true");
      root.append(made);
      return height;
    };
    populations.forEach((population, i) => {
      y += add(population, 0, width, false) + 4;
      for (const box of boxes.filter((b) => b.kind === "excluded" && b.population === population.population && b.n)) y += add(box, 24, width - 24, true) + 3;
      if (i < populations.length - 1) {
        root.append(svg("path", { class: "arrow", d: `M10 ${y - 2}v10m-4 -4l4 4l4 -4` }));
        y += 12;
      }
    });
    const groups = boxes.filter((box) => box.kind === "group");
    if (groups.length) {
      root.append(svg("path", { class: "arrow", d: `M10 ${y - 2}v10m-4 -4l4 4l4 -4` }));
      y += 12;
      for (const group of groups) y += add(group, 0, width, false) + 4;
    }
    sized(root, width, y);
    return root;
  }
}

class Bands extends Picture {
  drawn(width) {
    const bands = this.cohort.data.bands, side = Math.min(130, Math.max(84, width * 0.26)), gap = 12;
    const root = svg("svg", { role: "group", "aria-label": this.title });
    const left = totals(bands, "from", "left", 0), right = totals(bands, "to", "right", 1);
    const scale = 300 / Math.max(sum(left), sum(right), 1);
    const place = (nodes) => {
      let y = 26;
      for (const node of nodes.values()) {
        node.y = y;
        node.at = y;
        y += Math.max(node.total * scale, LINE - 2) + gap;
      }
      return y;
    };
    const height = Math.max(place(left), place(right));
    root.append(svg("text", { class: "group-title", x: 0, y: 14 }, say("基线", "Baseline")), svg("text", { class: "group-title", x: width, y: 14, "text-anchor": "end" }, say("首次进展", "First progression")));
    const x0 = side, x1 = width - side;
    for (const band of [...bands].sort((a, b) => left.get(a.from).y - left.get(b.from).y || right.get(a.to).y - right.get(b.to).y)) {
      const a = left.get(band.from), b = right.get(band.to), shape = [x0 + 8, a.at, band.left * scale, x1 - 8, b.at, band.right * scale];
      a.at += band.left * scale;
      b.at += band.right * scale;
      const made = button(this, `band=${band.from}>${band.to}`, "", [svg("path", { class: "track band", d: bandPath(shape, 1) }), svg("path", { class: "part", d: "" })]);
      made.shape = shape;
      if (!band.bits) made.setAttribute("aria-disabled", "true");
      root.append(made);
    }
    for (const [nodes, x, anchor, edge] of [[left, x0 - 8, "end", x0], [right, x1 + 8, "start", x1 - 8]]) {
      for (const node of nodes.values()) {
        root.append(svg("rect", { class: "node", x: edge, y: node.y, width: 8, height: Math.max(1, node.total * scale) }));
        const lines = wrapped(node.text, side - 14).slice(0, 2);
        root.append(textLines(lines, x, node.y + Math.max(12, Math.min(node.total * scale / 2 + 5, 200)), { "text-anchor": anchor, class: "label" }));
      }
    }
    sized(root, width, height + 8);
    return root;
  }

  fill(mark, known, k) {
    const part = mark.querySelector(".part");
    part.setAttribute("d", k && known.n ? bandPath(mark.shape, k / known.n) : "");
    mark.classList.toggle("lit", k !== null);
  }
}

const sum = (nodes) => [...nodes.values()].reduce((total, node) => total + node.total, 0);

function totals(bands, key, weight, place) {
  const found = new Map();
  for (const band of bands) {
    const node = found.get(band[key]) ?? { total: 0, text: inWords(band.text[place]) };
    node.total += band[weight];
    found.set(band[key], node);
  }
  return new Map([...found].sort((a, b) => b[1].total - a[1].total));
}

// A band whose ends have these heights, or the same share of each, from the top.
function bandPath([x0, y0, h0, x1, y1, h1], share) {
  const a = Math.max(h0 * share, share < 1 ? 0 : 1.2), b = Math.max(h1 * share, share < 1 ? 0 : 1.2), m = (x0 + x1) / 2;
  return `M${x0} ${y0}C${m} ${y0} ${m} ${y1} ${x1} ${y1}V${y1 + b}C${m} ${y1 + b} ${m} ${y0 + a} ${x0} ${y0 + a}Z`;
}
