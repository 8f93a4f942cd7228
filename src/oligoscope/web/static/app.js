// What every page needs: a job that runs is followed, and a page that waited for it is loaded again when it has ended.
"use strict";

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const say = (zh, en) => (language === "zh" ? zh : en);

function announce(text) {
  document.getElementById("announce").textContent = text;
}

function timeLeft(seconds) {
  if (seconds === null) return "";
  if (seconds < 60) return say(`约剩 ${Math.max(1, Math.round(seconds))} 秒`, `about ${Math.max(1, Math.round(seconds))} s left`);
  return say(`约剩 ${Math.round(seconds / 60)} 分钟`, `about ${Math.round(seconds / 60)} min left`);
}

async function follow(box) {
  let stage = "";
  for (;;) {
    let job;
    try {
      const answer = await fetch(box.dataset.job, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      job = await answer.json();
    } catch {
      box.querySelector("[data-stage]").textContent = say("与程序的连接已断开。程序是否已关闭？", "The program does not answer. Was it closed?");
      await new Promise((done) => setTimeout(done, 3000));
      continue;
    }
    if (job.status !== "running") {
      // A page that waits for results leads on to them; where there is something to say first it is loaded again.
      if (job.has_all && box.dataset.then) location.assign(box.dataset.then);
      else location.reload();
      return;
    }
    box.dispatchEvent(new CustomEvent("job", { detail: job, bubbles: true }));
    const text = job.stopping ? say("正在停止", "Stopping") : job.stage || say("正在开始", "Starting");
    box.querySelector("[data-stage]").textContent = text;
    box.querySelector("[data-left]").textContent = timeLeft(job.seconds_left);
    const bar = box.querySelector("progress");
    if (job.total) { bar.max = job.total; bar.value = job.done; } else bar.removeAttribute("value");
    if (text !== stage) announce(text);
    stage = text;
    await new Promise((done) => setTimeout(done, 400));
  }
}

// On a narrow screen the list of steps scrolls: the step of this page is in view.
for (const here of document.querySelectorAll(".steps [aria-current]")) here.scrollIntoView({ block: "nearest", inline: "center" });

for (const box of document.querySelectorAll("[data-job]")) follow(box);

// A form that asks for work is sent once.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
