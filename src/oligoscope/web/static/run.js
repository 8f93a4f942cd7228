// The stages of a run: which one it is at.
"use strict";

document.addEventListener("job", (event) => {
  const stages = event.target.querySelector("[data-stages]");
  if (!stages) return;
  [...stages.children].forEach((item, i) => {
    item.className = i < event.detail.phase ? "done" : i === event.detail.phase ? "now" : "";
    if (i === event.detail.phase) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  });
});
