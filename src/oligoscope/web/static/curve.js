// A survival curve of the run with its numbers at risk; months are chosen by dragging, by fields, or interval by interval.
"use strict";

class Curve extends Picture {
  constructor(cohort, choose, curve) {
    super(cohort, choose, inWords(curve.title));
    this.curve = curve;
    this.name = curve.outcome;
  }

  into(place, isFramed) {
    if (this.curve.why) {
      place.replaceChildren(...(isFramed ? [html("h3", {}, this.title)] : []), html("p", { class: "notice warn" }, inWords(this.curve.why)));
      return;
    }
    super.into(place, isFramed);
    place.insertBefore(this.fields(), this.root.nextSibling);
    // Of the outcomes, only time from the progression on is free of immortal time.
    if (this.name !== "pps") place.insertBefore(html("p", { class: "note" }, say("自治疗起计时，含永恒时间，不是主要比较。", "Counted from treatment: contains immortal time, so it is not the primary comparison.")), this.root);
  }

  fields() {
    const field = (label) => html("input", { type: "number", min: 0, step: "any", inputmode: "decimal", "aria-label": label });
    this.from = field(say("自（月）", "From, months"));
    this.to = field(say("至（月）", "To, months"));
    const form = html("form", { class: "months" }, html("span", {}, say("选择月份：", "Months: ")), this.from, html("span", {}, say("至", "to")), this.to, html("button", { class: "quiet" }, say("选择", "Select")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const low = this.from.value === "" ? 0 : Number(this.from.value), high = this.to.value === "" ? this.last : Number(this.to.value);
      if (Number.isFinite(low) && Number.isFinite(high)) this.choose(this.name, rangeText(low, high), event, true);
    });
    return form;
  }

  drawn(width) {
    const groups = this.curve.groups, left = 44, right = 12, top = 14, high = Math.min(300, Math.max(190, width * 0.42));
    this.last = Math.max(1, ...groups.map((group) => group.months.at(-1)));
    const step = [1, 2, 3, 6, 12, 24, 60].find((s) => this.last / s <= (width < 460 ? 6 : 10)) ?? 120;
    const end = Math.ceil(this.last / step) * step;
    const x = (month) => left + ((width - left - right) * month) / end, y = (share) => top + high * (1 - share);
    Object.assign(this, { x, end, left, right, width });
    const root = svg("svg", { role: "group", "aria-label": say(`${this.title}：曲线`, `${this.title}: curves`) });
    for (const share of [0, 0.25, 0.5, 0.75, 1]) {
      root.append(svg("line", { class: "grid-line", x1: left, x2: width - right, y1: y(share), y2: y(share) }), svg("text", { class: "tick", x: left - 6, y: y(share) + 5, "text-anchor": "end" }, `${share * 100}%`));
    }
    groups.forEach((group, i) => root.append(...this.lines(group, colour(group, i), x, y)));
    const foot = top + high, bins = [];
    for (let month = 0; month <= end; month += step) {
      root.append(svg("text", { class: "tick", x: x(month), y: foot + 18, "text-anchor": "middle" }, String(month)));
      if (month < end) bins.push([month, month + step]);
    }
    root.append(svg("text", { class: "tick", x: (left + width - right) / 2, y: foot + 36, "text-anchor": "middle" }, say("月", "Months")));
    this.brush = svg("rect", { class: "brush", x: 0, y: top, width: 0, height: high });
    const plate = svg("rect", { class: "plate", x: left, y: top, width: width - left - right, height: high });
    root.append(this.brush, plate);
    this.dragged(plate);
    let below = foot + 60;
    root.append(svg("text", { class: "group-title", x: 0, y: below }, say("风险人数", "Number at risk")));
    groups.forEach((group, at) => {
      const i = colour(group, at);
      below += 40;
      root.append(svg("path", { class: `line g${i}`, d: `M0 ${below - 23}h28` }), svg("text", { class: `name g${i}`, x: 34, y: below - 18 }, inWords(group.text)));
      let free = -Infinity;
      for (const [month, n] of group.at_risk.filter(([m]) => m % step === 0 && m <= end)) {
        const half = widthOf(String(n)) / 2;
        if (x(month) - half < free) continue;
        root.append(svg("text", { class: "tick", x: x(month), y: below, "text-anchor": "middle" }, String(n)));
        free = x(month) + half + 6;
      }
    });
    below += 30;
    root.append(svg("text", { class: "group-title", x: 0, y: below }, say("随访至此的患者（按区间）", "Patients followed to here, by interval")));
    below += 10;
    const base = below + 34;
    this.bins = bins.map(([low, upper]) => this.bin(low, upper));
    const most = Math.max(1, ...this.bins.map((bin) => bin.n));
    for (const bin of this.bins) {
      const tall = (34 * bin.n) / most, at = x(bin.low) + 1, wide = x(bin.high) - x(bin.low) - 2;
      bin.mark = button(this, `${this.name}=${rangeText(bin.low, bin.high)}`, "", [
        svg("rect", { class: "ring", x: at, y: below, width: wide, height: 74, rx: 3 }),
        svg("rect", { class: "track", x: at, y: base - tall, width: wide, height: tall }),
        svg("rect", { class: "part", x: at, y: base, width: wide, height: 0 }),
        svg("text", { class: "count", x: at + wide / 2, y: base + 16, "text-anchor": "middle" }, String(bin.n)),
        svg("text", { class: "of", x: at + wide / 2, y: base + 31, "text-anchor": "middle" }),
      ]);
      bin.mark.classList.add("bin");
      Object.assign(bin, { tall, base });
      root.append(bin.mark);
    }
    sized(root, width, base + 42);
    return root;
  }

  // Patients whose time ends in (low, high]; the first interval holds 0 too.
  bin(low, high) {
    const bits = new Uint8Array(this.cohort.size), months = this.cohort.months[this.name] ?? [];
    for (let i = 0; i < months.length; i++) {
      if ((months[i] > low || (low === 0 && months[i] >= 0)) && months[i] <= high) bits[i >> 3] |= 1 << (i & 7);
    }
    for (let i = 0; i < bits.length; i++) bits[i] &= this.cohort.progressed[i];
    return { low, high, bits, n: countOf(bits) };
  }

  lines(group, i, x, y) {
    const { months, survival, low, high, censored } = group;
    let line = `M${x(0)} ${y(1)}`, upper = `M${x(0)} ${y(1)}`, lower = "", ticks = "";
    let a = 1, b = 1;
    const corners = [[x(0), y(1)]];
    for (let k = 0; k < months.length; k++) {
      line += `H${x(months[k]).toFixed(1)}V${y(survival[k]).toFixed(1)}`;
      upper += `H${x(months[k]).toFixed(1)}V${y(high[k] ?? a).toFixed(1)}`;
      corners.push([x(months[k]), y(b)], [x(months[k]), y(low[k] ?? b)]);
      a = high[k] ?? a;
      b = low[k] ?? b;
      if (censored[k]) ticks += `M${x(months[k]).toFixed(1)} ${(y(survival[k]) - 4).toFixed(1)}v8`;
    }
    for (const [px, py] of corners.reverse()) lower += `L${px.toFixed(1)} ${py.toFixed(1)}`;
    return [svg("path", { class: `limits g${i}`, d: `${upper}${lower}Z` }), svg("path", { class: `line g${i}`, d: line }), svg("path", { class: `ticks g${i}`, d: ticks })];
  }

  dragged(plate) {
    const month = (event) => {
      const box = this.root.firstChild.getBoundingClientRect(), px = ((event.clientX - box.left) * this.width) / box.width;
      return Math.min(this.end, Math.max(0, ((px - this.left) * this.end) / (this.width - this.left - this.right)));
    };
    let began = null;
    plate.addEventListener("pointerdown", (event) => {
      began = month(event);
      plate.setPointerCapture(event.pointerId);
    });
    plate.addEventListener("pointermove", (event) => {
      if (began !== null) this.shade([Math.min(began, month(event)), Math.max(began, month(event))]);
    });
    plate.addEventListener("pointerup", (event) => {
      if (began === null) return;
      const ends = month(event), low = Math.min(began, ends), high = Math.max(began, ends);
      began = null;
      if (high - low > this.end / 100) this.choose(this.name, rangeText(low, high), event, true);
      else this.shade(this.range);
    });
    plate.addEventListener("pointercancel", () => {
      began = null;
      this.shade(this.range);
    });
  }

  shade(range) {
    if (!this.brush) return;
    const [low, high] = range ?? [0, 0];
    this.brush.setAttribute("x", this.x(Math.min(low, this.end)));
    this.brush.setAttribute("width", Math.max(0, this.x(Math.min(high, this.end)) - this.x(Math.min(low, this.end))));
  }

  update(_counts, query, chosen) {
    if (this.curve.why) return;
    const value = query.get(this.name)?.at(-1);
    this.range = value ? rangeOf(value) : null;
    this.shade(this.range);
    if (this.from) [this.from.value, this.to.value] = this.range ?? ["", ""];
    const rows = [];
    for (const bin of this.bins) {
      const k = chosen === null ? null : sharedBy(bin.bits, chosen), part = bin.mark.querySelector(".part");
      const tall = k === null || !bin.n ? 0 : (bin.tall * k) / bin.n;
      part.setAttribute("y", bin.base - tall);
      part.setAttribute("height", tall);
      bin.mark.classList.toggle("lit", k !== null);
      bin.mark.querySelector(".count").textContent = String(k ?? bin.n);
      bin.mark.querySelector(".of").textContent = k === null ? "" : say(`共 ${bin.n}`, `of ${bin.n}`);
      bin.mark.setAttribute("aria-pressed", String(value === rangeText(bin.low, bin.high)));
      const label = monthsText(rangeText(bin.low, bin.high));
      bin.mark.setAttribute("aria-label", `${label}${say("：", ": ")}${say(`${bin.n} 例`, `${bin.n} patients`)}${k === null ? "" : say(`，选中 ${k} 例`, `, ${k} selected`)}`);
      rows.push(html("tr", {}, html("th", { scope: "row" }, label), html("td", { class: "number" }, String(bin.n)), html("td", { class: "number" }, k === null ? "–" : String(k))));
    }
    for (const group of this.curve.groups) rows.push(...this.readings(group));
    this.twin.replaceChildren(...rows);
  }

  // The curve where numbers at risk are given: what the picture shows, in words.
  readings(group) {
    const step = this.bins[0].high - this.bins[0].low;
    return group.at_risk.filter(([month]) => month % step === 0).map(([month, n]) => {
      let at = 0;
      while (at + 1 < group.months.length && group.months[at + 1] <= month) at++;
      const share = (group.survival[at] * 100).toFixed(1);
      return html("tr", {}, html("th", { scope: "row" }, `${inWords(group.text)}${say("，", ", ")}${month} ${say("个月", "months")}`), html("td", { class: "number" }, say(`${n} 例有风险`, `${n} at risk`)), html("td", { class: "number" }, say(`生存 ${share}%`, `${share}% alive`)));
    });
  }
}

// The two patterns have the same colours everywhere.
const colour = (group, at) => ({ oligoprogression: 0, systemic: 1 })[group.value] ?? at + 2;
const rangeText = (low, high) => [low, high].map((month) => String(Number(month.toFixed(1)))).join("-");
