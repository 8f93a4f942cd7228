// The pictures of a run and the list of patients follow one selection, which the address writes.
"use strict";

const place = document.getElementById("linked");
const SHOWN = 50; // patients of the list at once

// What pictures show that a study may have no data for.
const MISSING = {
  pattern: () => say("进展模式", "progression pattern"),
  resistance: () => say("耐药类型", "resistance type"),
  best_response: () => say("最佳总体疗效", "best overall response"),
  organ: () => say("首次进展的器官", "organs of first progression"),
  site_relation: () => say("新旧部位", "old and new sites"),
  bands: () => say("从基线器官到进展器官", "organs at baseline and at progression"),
  window: () => say("进展的时段", "windows of progression"),
  month: () => say("进展的月份", "months of progression"),
  baseline: () => say("基线特征", "baseline characteristics"),
  flow: () => say("患者筛选", "flow of patients"),
};

class Page {
  constructor(cohort) {
    this.cohort = cohort;
    this.query = new Map();
    this.rows = new Map(); // of results.csv, by "row=N"
    this.shown = SHOWN;
    this.pictures = [...document.querySelectorAll("[data-picture]")].map((spot) => [spot, this.picture(spot.dataset.picture)]);
    const missing = [];
    for (const [spot, picture] of this.pictures) {
      if (picture !== null) {
        picture.into(spot, "framed" in spot.dataset);
        continue;
      }
      missing.push(MISSING[spot.dataset.picture]?.() ?? spot.dataset.picture);
      spot.remove();
    }
    if (missing.length) (document.getElementById("explore") ?? place).append(html("p", { class: "meta" }, say(`未画出（本研究没有所需的数据）：${missing.join("、")}。`, `Not drawn, as this study has no data for it: ${missing.join(", ")}.`)));
    this.pictures = this.pictures.filter(([, picture]) => picture !== null);
    this.button("selection-clear", () => this.go(new Map()));
    this.button("selection-csv", () => this.save());
    this.button("selection-copy", () => this.copy());
    this.button("patients-more", () => {
      this.shown += SHOWN;
      this.list(this.cohort.places(this.chosen));
    });
    addEventListener("popstate", () => this.read());
    let timer = 0, wide = innerWidth;
    addEventListener("resize", () => {
      if (innerWidth === wide) return;
      wide = innerWidth;
      clearTimeout(timer);
      timer = setTimeout(() => {
        for (const [, picture] of this.pictures) if (picture.twin) picture.curve?.why || picture.draw();
        this.show();
      }, 150);
    });
  }

  button(id, act) {
    document.getElementById(id)?.addEventListener("click", act);
  }

  picture(name) {
    const { data } = this.cohort, choose = (...chosen) => this.choose(...chosen);
    const curve = data.curves.find((one) => one.outcome === name);
    if (curve) return new Curve(this.cohort, choose, curve);
    if (name === "flow") return data.flow.length ? new Flow(this.cohort, choose, say("患者筛选", "Flow of patients")) : null;
    if (name === "bands") return data.bands.length ? new Bands(this.cohort, choose, say("基线器官到进展器官", "From organ at baseline to organ of progression")) : null;
    if (name === "baseline") {
      const sets = data.sets.filter((set) => set.chapter === "baseline");
      return sets.length ? new Bars(this.cohort, choose, say("基线特征（表 1 的各行）", "Baseline characteristics (rows of Table 1)"), sets) : null;
    }
    const set = data.sets.find((one) => one.name === name);
    return set ? new Bars(this.cohort, choose, inWords(set.title), [set]) : null;
  }

  choose(name, value, event, replaces = false) {
    const isMonths = name in this.cohort.months;
    const query = replaces ? new Map(this.query).set(name, [value]) : toggled(this.query, name, value, isMonths || !(event.shiftKey || event.ctrlKey || event.metaKey));
    this.go(query);
  }

  go(query) {
    history.pushState(null, "", `${location.pathname}${searchOf(query)}`);
    this.query = query;
    this.shown = SHOWN;
    this.show();
  }

  async read() {
    this.query = queryOf(location.search, this.cohort);
    for (const row of this.query.get("row") ?? []) await this.rowOf(row);
    this.shown = SHOWN;
    this.show();
  }

  // The patients of a row of results.csv; without them the row is left out.
  async rowOf(row) {
    if (this.rows.has(`row=${row}`)) return;
    const answer = await fetch(`${place.dataset.base}/answer/numbers/${row}.json`);
    const found = answer.ok ? await answer.json() : null;
    if (found?.bits) this.rows.set(`row=${row}`, { text: inWords(found.text), bits: decoded(found.bits, this.cohort.size) });
    else this.query.delete("row");
  }

  show() {
    const began = performance.now(), { cohort, query } = this;
    const chosen = cohort.select(query, this.rows), counts = chosen === null ? null : cohort.counts(chosen);
    this.chosen = chosen;
    for (const [, picture] of this.pictures) picture.update(counts, query, chosen);
    const places = chosen === null ? [] : cohort.places(chosen);
    for (const [, picture] of this.pictures) picture.say(chosen === null ? null : places.length);
    this.words(places);
    this.list(places);
    for (const link of document.querySelectorAll("a[data-keeps], a.language")) link.search = searchOf(query);
    place.dataset.took = (performance.now() - began).toFixed(1);
  }

  words(places) {
    const box = document.getElementById("selection"), n = places.length;
    box.hidden = this.chosen === null;
    if (this.chosen === null) return;
    const { cohort } = this, progressed = sharedBy(this.chosen, cohort.progressed);
    const percent = cohort.nProgressed ? ((100 * progressed) / cohort.nProgressed).toFixed(1) : "0.0";
    let text = say(`选中 ${n} 名患者，其中进展者 ${progressed}/${cohort.nProgressed}（${percent}%）。`, `${n} patients; ${progressed} of the ${cohort.nProgressed} with a progression (${percent}%).`);
    if (progressed === n) text = say(`选中进展患者 ${n}/${cohort.nProgressed}（${percent}%）。`, `${n} of the ${cohort.nProgressed} patients with a progression (${percent}%).`);
    document.getElementById("selection-count").textContent = text;
    const chips = [];
    for (const [name, values] of this.query) {
      for (const value of values) chips.push(this.chip(name, value));
    }
    document.getElementById("selection-chips").replaceChildren(...chips);
  }

  named(name, value) {
    if (name in this.cohort.months) return `${inWords(this.cohort.data.times[name].title)}${say("：", ": ")}${monthsText(value)}`;
    const mark = this.cohort.marks.get(`${name}=${value}`);
    return mark ? `${mark.title}${say("：", ": ")}${mark.text}` : this.rows.get(`${name}=${value}`)?.text ?? value;
  }

  chip(name, value) {
    const text = this.named(name, value), made = html("button", { type: "button", class: "chip", "aria-label": say(`取消：${text}`, `Remove: ${text}`) }, text, html("span", { "aria-hidden": "true" }, " ×"));
    made.addEventListener("click", () => this.go(toggled(this.query, name, value)));
    return html("li", {}, made);
  }

  heads() {
    const { data } = this.cohort;
    return [say("研究编号", "Study number"), ...Object.values(data.columns).map((column) => inWords(column.title)), say("进展器官", "Organs of progression"),
      ...Object.values(data.times).map((time) => `${inWords(time.title)}${say("/月", ", months")}`)];
  }

  cells(i, long = false) {
    const { data, months } = this.cohort;
    const labels = Object.values(data.columns).map((column) => (column.of[i] < 0 ? "" : inWords(column.names[column.of[i]])));
    const organs = (data.organs.of[i] ?? []).map((organ) => inWords(data.organs.names[organ])).join(say("、", ", "));
    const times = Object.entries(data.times).map(([name, time]) => {
      if (!Number.isFinite(months[name][i])) return "";
      const event = time.event[i] === 1 ? "" : "+";
      return long ? `${months[name][i].toFixed(2)}${event}` : `${months[name][i].toFixed(1)}${event}`;
    });
    return [data.ids[i], ...labels, organs, ...times];
  }

  list(places) {
    const section = document.getElementById("selected-list");
    if (!section) return;
    section.hidden = this.chosen === null;
    if (this.chosen === null) return;
    const shown = places.slice(0, this.shown), table = document.getElementById("patients-table");
    const note = say(`前 ${shown.length} 名，共 ${places.length} 名；+ 表示截尾`, `The first ${shown.length} of ${places.length}; + marks a censored time`);
    table.querySelector("caption")?.remove();
    table.prepend(html("caption", {}, note));
    table.tHead.replaceChildren(html("tr", {}, ...this.heads().map((head) => html("th", { scope: "col" }, head))));
    table.tBodies[0].replaceChildren(...shown.map((i) => {
      const [id, ...others] = this.cells(i);
      const link = html("a", { href: `${place.dataset.base}/answer/patients/${encodeURIComponent(id)}` }, id);
      return html("tr", {}, html("th", { scope: "row" }, link), ...others.map((cell) => html("td", {}, cell)));
    }));
    document.getElementById("patients-more").hidden = shown.length >= places.length;
  }

  save() {
    const rows = [this.heads(), ...this.cohort.places(this.chosen).map((i) => this.cells(i, true))];
    const text = `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
    const link = html("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: say("选中的患者.csv", "selected patients.csv") });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      announce(say("地址已复制。", "The address is copied."));
    } catch {
      announce(say("请从地址栏复制。", "Copy it from the address bar."));
    }
  }
}

async function begin() {
  const answer = await fetch(place.dataset.source);
  if (!answer.ok) return;
  const page = new Page(new Cohort(await answer.json()));
  await page.read();
  place.dataset.ready = "yes";
  if (location.hash === "#explore") document.getElementById("explore")?.scrollIntoView();
}

if (place) begin();
