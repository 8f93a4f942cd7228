// Files are sent one after the other, each with its bar and a way to stop it; then the page shows how they are read.
"use strict";

const drop = document.getElementById("drop");
const chooser = document.getElementById("choose");
const list = document.getElementById("sending");
const dialog = document.getElementById("replace");
const waiting = [];
let busy = false;
let refused = false;

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "quiet";
  stop.textContent = say("取消", "Cancel");
  stop.setAttribute("aria-label", say(`取消 ${file.name}`, `Cancel ${file.name}`));
  const bar = document.createElement("progress");
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const note = document.createElement("p");
  note.className = "meta";
  note.textContent = say("等待中", "Waiting");
  item.append(name, stop, bar, note);
  list.append(item);
  list.hidden = false;
  return { file, item, stop, bar, note, cancelled: false };
}

function end(one, text, bad) {
  one.note.textContent = text;
  one.note.className = bad ? "bad" : "meta";
  one.bar.hidden = bad;
  one.stop.hidden = true;
  announce(`${one.file.name}: ${text}`);
  if (bad) refused = true;
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

function send(one, replace) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const address = `${drop.dataset.to}?name=${encodeURIComponent(one.file.name)}${replace ? "&replace=yes" : ""}`;
    request.open("POST", address);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => {
      one.bar.value = event.loaded;
      one.note.textContent = event.loaded < event.total
        ? say(`已传 ${megabytes(event.loaded)} / ${megabytes(event.total)} MB`, `${megabytes(event.loaded)} of ${megabytes(event.total)} MB`)
        : say("正在检查", "Looking at it");
    });
    request.addEventListener("load", () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { answer = {}; }
      done({ status: request.status, ...answer });
    });
    request.addEventListener("error", () => done({ status: 0, problem: say("与程序的连接已断开，文件未保留。", "The program does not answer; the file was not kept.") }));
    request.addEventListener("abort", () => done({ status: -1 }));
    one.stop.onclick = () => { one.cancelled = true; request.abort(); };
    request.send(one.file);
  });
}

function mayReplace(file) {
  return new Promise((done) => {
    document.getElementById("replace-text").textContent = say(`研究中已有“${file.name}”。`, `The study has a file “${file.name}” already.`);
    dialog.returnValue = "no";
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
  });
}

async function take(one) {
  if (one.cancelled) return;
  if (one.file.size > Number(drop.dataset.largest)) {
    end(one, say(`文件有 ${megabytes(one.file.size)} MB，超过上限 ${drop.dataset.largest / 1e6} MB。请删去不用的列或工作表，或另存为 csv。`,
      `The file has ${megabytes(one.file.size)} MB; the limit is ${drop.dataset.largest / 1e6} MB. Delete columns or sheets that are not needed, or save it as csv.`), true);
    return;
  }
  let answer = await asked(one);
  if (answer.exists) {
    if (!(await mayReplace(one.file))) { end(one, say("保留了原文件。", "The old file was kept."), false); return; }
    answer = await send(one, true);
  }
  if (answer.status === 200) end(one, say("已放入", "Taken"), false);
  else if (answer.status === -1) end(one, say("已取消，未保留。", "Cancelled; nothing was kept."), false);
  else end(one, answer.problem || say("文件未能放入，请重试。", "The file was not taken. Try again."), true);
}

// A file that is there already is asked about before its bytes are sent.
async function asked(one) {
  const there = [...document.querySelectorAll(".file-head h2")].some((h) => h.textContent.toLowerCase() === one.file.name.normalize("NFC").toLowerCase());
  return there ? { status: 409, exists: true } : send(one, false);
}

async function work() {
  if (busy) return;
  busy = true;
  let taken = 0;
  while (waiting.length) {
    const one = waiting.shift();
    await take(one);
    if (one.note.textContent === say("已放入", "Taken")) taken += 1;
  }
  busy = false;
  chooser.value = "";
  if (!taken) return;
  if (!refused) { location.reload(); return; }
  const go = document.createElement("button");
  go.type = "button";
  go.className = "main";
  go.textContent = say("查看已放入的文件", "Show the files that were taken");
  go.onclick = () => location.reload();
  const item = document.createElement("li");
  item.append(go);
  list.append(item);
  go.focus();
}

function add(files) {
  for (const file of files) {
    const one = row(file);
    one.stop.onclick = () => { one.cancelled = true; end(one, say("已取消，未保留。", "Cancelled; nothing was kept."), false); };
    waiting.push(one);
  }
  work();
}

chooser.addEventListener("change", () => add(chooser.files));
for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  add(event.dataTransfer.files);
});
