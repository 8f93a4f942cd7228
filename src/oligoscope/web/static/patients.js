// Writing a reason says that the patient is wrong, unless it was said to be right; a picture takes its own height.
"use strict";

for (const form of document.querySelectorAll(".sign form")) {
  const words = form.querySelector("textarea");
  const wrong = form.querySelector("[data-wrong]");
  const update = () => { words.required = wrong.checked; };
  form.addEventListener("change", update);
  words.addEventListener("input", () => {
    if (words.value.trim() && !form.querySelector("[name=verdict]:checked")) wrong.checked = true;
    update();
  });
}
