// The counts follow each choice: they were made for every combination that is offered.
"use strict";

(async () => {
  const tally = document.querySelector("[data-counts]");
  const form = document.getElementById("choices");
  if (!tally || !form) return;
  const answer = await fetch(tally.dataset.counts, { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const counts = await answer.json();
  const own = Object.fromEntries(counts.definitions.map((one) => [one.name, one.values]));
  const value = (name) => {
    const word = form.elements[name]?.value ?? "";
    return name === "max_lesions" && word === "other" ? String(Number(form.elements.max_lesions_number.value) || "") : word;
  };

  function patterns(word) {
    let place = 0;
    for (const [name, values] of counts.axes) {
      const found = word(name) === "definition" ? own[word("preset")][name] : word(name);
      const at = values.indexOf(found);
      if (at < 0) return null;
      place = place * values.length + at;
    }
    return counts.is_live ? counts.numbers.slice(3 * place, 3 * place + 3) : null;
  }

  const first = patterns((name) => counts.choices[name]);
  const names = ["oligo", "systemic", "unclassifiable"];
  const signed = (n) => (n > 0 ? `+${n}` : `−${-n}`);

  function note(found, n) {
    if (!found) return say("该选择的人数在保存后给出。", "The counts of this choice are given once it is saved.");
    const m = counts.minimum_group;
    if (Math.min(found[0], found[1]) < m) return say(`某组少于 ${m} 例：该组的比较将不给出。`, `A group has fewer than ${m} patients: comparisons with it will be withheld.`);
    return say(`共 ${n} 例进展患者。`, `${n} patients with progression.`);
  }

  function show() {
    const found = patterns(value);
    names.forEach((name, i) => {
      tally.querySelector(`[data-n=${name}]`).textContent = found ? found[i] : "–";
      const shift = found && first ? found[i] - first[i] : 0;
      tally.querySelector(`[data-shift=${name}]`).textContent = shift ? signed(shift) : "";
    });
    const total = found ? found[0] + found[1] + found[2] || 1 : 1;
    const [oligo, systemic] = tally.querySelectorAll("[data-bar] rect");
    oligo.setAttribute("width", found ? (100 * found[0]) / total : 0);
    systemic.setAttribute("x", found ? (100 * found[0]) / total : 0);
    systemic.setAttribute("width", found ? (100 * found[1]) / total : 0);
    const types = counts.types_of[value("study_preset")]?.[value("resistance")] ?? {};
    const list = tally.querySelector("[data-types]");
    list.replaceChildren(...Object.entries(types).filter(([, n]) => n).map(([type, n]) => {
      const item = document.createElement("span");
      const number = document.createElement("strong");
      number.textContent = n;
      item.append(`${counts.types[type]?.[language] ?? say("无类型", "no type")} `, number);
      return item;
    }));
    const text = note(found, counts.n[value("study_preset")]);
    tally.querySelector("[data-note]").textContent = text;
    for (const hint of form.querySelectorAll("[data-defined]")) {
      const word = own[value("preset")]?.[hint.dataset.defined];
      const same = form.querySelector(`input[name=${hint.dataset.defined}][value="${word}"] + span`);
      hint.textContent = same ? same.firstChild.textContent.trim() : word;
    }
    if (found) announce(say(`寡进展 ${found[0]}，广泛进展 ${found[1]}，无法判定 ${found[2]}`, `${found[0]} oligoprogression, ${found[1]} systemic, ${found[2]} not assessable`));
  }

  form.addEventListener("change", (event) => {
    // A definition chosen by name brings its own parts; a preset of the study all of its definitions.
    const { name, value: word } = event.target;
    const set = (card, to) => { if (form.elements[card]) form.elements[card].value = to; };
    if (name === "preset") for (const card of Object.keys(own[word])) set(card, "definition");
    if (name === "study_preset") for (const [card, to] of Object.entries(counts.presets[word].choices)) if (typeof to === "string" && card !== "reference") set(card, to);
    show();
  });
  form.elements.max_lesions_number.addEventListener("input", () => { form.elements.max_lesions.value = "other"; show(); });
})();
