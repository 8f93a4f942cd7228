// Who is selected: sets of patients as bits, a selection as the address writes it, and how many of each mark are in it.
// Patients are only counted here; every set comes from the files of the run.
"use strict";

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);
const SIDES = { zh: 0, en: 1 };
const inWords = (pair) => pair[SIDES[language]];

function decoded(text, size) {
  const found = new Uint8Array(size), raw = atob(text);
  for (let i = 0; i < raw.length && i < size; i++) found[i] = raw.charCodeAt(i);
  return found;
}

function countOf(bits) {
  let n = 0;
  for (let i = 0; i < bits.length; i++) n += ONES[bits[i]];
  return n;
}

function sharedBy(a, b) {
  let n = 0;
  for (let i = 0; i < a.length; i++) n += ONES[a[i] & b[i]];
  return n;
}

class Cohort {
  // `data` is answer.json; a mark is {name, value, text, n, bits}, found by "name=value".
  constructor(data) {
    this.data = data;
    this.n = data.ids.length;
    this.size = (this.n + 7) >> 3;
    this.marks = new Map();
    this.progressed = decoded(data.progressed, this.size);
    this.nProgressed = countOf(this.progressed);
    for (const set of data.sets) for (const mark of set.marks) this.add(set.name, mark.value, inWords(set.title), mark);
    for (const box of data.flow) this.add("flow", `${box.kind}:${box.value}`, say("患者筛选", "Flow"), { ...box, text: box.text });
    for (const band of data.bands) {
      const text = [`${band.text[0][0]} → ${band.text[1][0]}`, `${band.text[0][1]} → ${band.text[1][1]}`];
      this.add("band", `${band.from}>${band.to}`, say("基线 → 进展", "Baseline → progression"), { ...band, text });
    }
    this.months = {};
    for (const [name, time] of Object.entries(data.times)) {
      this.months[name] = Float64Array.from(time.days, (days) => (days === null ? NaN : days / data.days_per_month));
    }
  }

  add(name, value, title, mark) {
    const bits = mark.bits ? decoded(mark.bits, this.size) : null;
    this.marks.set(`${name}=${value}`, { name, value, title, text: inWords(mark.text), n: mark.n, bits, why: mark.why });
  }

  // Who is selected: in every part of the address at least one of its values. Null where nothing is.
  select(query, extra = new Map()) {
    let chosen = null;
    for (const [name, values] of query) {
      const found = new Uint8Array(this.size);
      for (const value of values) {
        const own = this.months[name] ? this.within(name, value) : (this.marks.get(`${name}=${value}`) ?? extra.get(`${name}=${value}`))?.bits;
        if (own) for (let i = 0; i < found.length; i++) found[i] |= own[i];
      }
      if (chosen === null) chosen = found;
      else for (let i = 0; i < found.length; i++) chosen[i] &= found[i];
    }
    return chosen;
  }

  // Patients with a progression whose time lies in a range such as 3-9, ends included.
  within(name, range) {
    const found = new Uint8Array(this.size), limits = rangeOf(range), months = this.months[name];
    if (limits === null) return found;
    const [low, high] = limits;
    for (let i = 0; i < this.n; i++) {
      if (months[i] >= low && months[i] <= high) found[i >> 3] |= 1 << (i & 7);
    }
    for (let i = 0; i < this.size; i++) found[i] &= this.progressed[i];
    return found;
  }

  // How many of each mark are selected.
  counts(chosen) {
    const found = new Map();
    for (const [key, mark] of this.marks) found.set(key, mark.bits === null ? null : sharedBy(mark.bits, chosen));
    return found;
  }

  places(chosen) {
    const found = [];
    for (let i = 0; i < this.n; i++) if (chosen[i >> 3] & (1 << (i & 7))) found.push(i);
    return found;
  }
}

function rangeOf(text) {
  const found = /^(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text);
  if (found === null) return null;
  const low = Number(found[1]), high = Number(found[2]);
  return low <= high ? [low, high] : [high, low];
}

// The selection that an address writes; what the pictures do not know is left out of it.
function queryOf(search, cohort) {
  const found = new Map();
  for (const [name, value] of new URLSearchParams(search)) {
    const known = cohort.months[name] ? rangeOf(value) !== null : cohort.marks.get(`${name}=${value}`)?.bits || (name === "row" && /^\d{1,9}$/.test(value));
    if (!known) continue;
    const values = found.get(name) ?? [];
    if (!values.includes(value)) found.set(name, [...values, value]);
  }
  return found;
}

function searchOf(query) {
  const pairs = [...query].flatMap(([name, values]) => values.map((value) => [name, value]));
  const text = new URLSearchParams(pairs).toString();
  return text ? `?${text}` : "";
}

// The same selection with one value more, or without it.
function toggled(query, name, value, alone = false) {
  const found = new Map(query), values = found.get(name) ?? [];
  const next = values.includes(value) ? values.filter((v) => v !== value) : alone ? [value] : [...values, value];
  if (next.length) found.set(name, next);
  else found.delete(name);
  return found;
}

function monthsText(value) {
  const [low, high] = rangeOf(value);
  return say(`${low}~${high} 个月`, `${low} to ${high} months`);
}

const guarded = (text) => (/^'*[=+\-@\t\r＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text);
const csvCell = (value) => {
  const text = guarded(String(value ?? ""));
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
