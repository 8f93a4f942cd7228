// How many new values are typed; a coloured copy is sent back as it is.
"use strict";

for (const form of document.querySelectorAll("[data-corrections]")) {
  const button = form.querySelector("[data-save]");
  const fields = [...form.querySelectorAll("[data-new]")];
  const usual = button ? button.textContent : "";
  let leaving = false;
  const count = () => fields.filter((field) => field.value.trim()).length;
  const update = () => {
    const n = count();
    if (!button) return;
    button.textContent = n ? say(`写入 ${n} 处新值并重新检查`, `Write ${n} new ${n === 1 ? "value" : "values"} and check again`) : usual;
    button.classList.toggle("main", n > 0 || button.dataset.main === "yes");
  };
  if (button) button.dataset.main = button.classList.contains("main") ? "yes" : "no";
  form.addEventListener("input", update);
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("pageshow", () => { leaving = false; update(); });
  addEventListener("beforeunload", (event) => { if (count() && !leaving) event.preventDefault(); });
  // Enter in a field writes all new values: not the first button of the form, which may be another one.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-new]")) return;
    event.preventDefault();
    if (button && count()) form.requestSubmit(button);
  });
}

for (const input of document.querySelectorAll("[data-returned]")) {
  input.closest("label").hidden = false;
  const result = input.closest("li").querySelector("[data-result]");
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    result.textContent = say("正在比较……", "Comparing …");
    input.disabled = true;
    try {
      const answer = await fetch(input.dataset.returned, { method: "POST", body: file, headers: { "content-type": "application/octet-stream" } });
      if (!answer.ok) throw new Error(String(answer.status));
      location.assign((await answer.json()).to);
    } catch (error) {
      result.textContent = error.message === "413" ? say("文件过大。", "The file is too large.") : say("没有收到。请重试。", "That did not arrive. Try again.");
      input.disabled = false;
    }
  });
}
