"use strict";
(function () {
  var place = document.querySelector(".search");
  var box = place.querySelector("input");
  var count = place.querySelector("output");
  var sections = Array.from(document.querySelectorAll("main section"));
  var groups = Array.from(document.querySelectorAll("details.group"));
  var found = null;
  var waiting = 0;

  // Each row and each list of patients, with its words and those of the groups that it is in.
  function entries() {
    if (!found) {
      found = Array.from(document.querySelectorAll("tbody tr, .patients")).map(function (element) {
        var within = [], words = [element.textContent], first = element.querySelector("[title]");
        if (first) words.push(first.title);
        for (var at = element.closest("details.group"); at; at = at.parentElement.closest("details.group")) {
          within.push(at);
          words.push(at.querySelector("summary").textContent);
        }
        return { element: element, within: within, text: words.join(" ").toLowerCase() };
      });
    }
    return found;
  }

  function search() {
    var words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    var open = new Set(), n = 0;
    entries().forEach(function (entry) {
      var hit = words.every(function (word) { return entry.text.indexOf(word) >= 0; });
      entry.element.hidden = !hit;
      if (hit && words.length) {
        n += 1;
        entry.within.forEach(function (group) { open.add(group); });
      }
    });
    groups.forEach(function (group) {
      group.open = open.has(group);
      group.hidden = words.length > 0 && !open.has(group);
    });
    sections.forEach(function (section) {
      section.hidden = words.length > 0 && !section.querySelector("details.group:not([hidden])");
    });
    count.textContent = words.length ? count.dataset.found.replace("{}", n) : "";
  }

  // Browsers that do not open a closed group for a link to a place in it.
  function reveal() {
    var place = location.hash && document.getElementById(location.hash.slice(1));
    if (!place) return;
    if (place.closest("[hidden]") || place.hidden) { box.value = ""; search(); }
    var inside = place.matches("section") ? place.querySelector("details.group") : place;
    for (var at = inside && inside.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    place.scrollIntoView();
  }

  place.hidden = false;
  box.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(search, 200); });
  window.addEventListener("hashchange", reveal);
  reveal();
})();
