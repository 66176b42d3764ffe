/* Files on their way in: chosen or dropped, sent one by one, and followed until they are read.
   Forms with data-post are sent from here too; what is wrong with them is said beside them. */
(function () {
  "use strict";
  const waiting = [];
  let isSending = false;
  let leftOut = 0;
  let refused = [];

  const at = (id) => document.getElementById(id);
  const zone = () => at("drop");
  const words = () => JSON.parse(zone().dataset.words);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const say = (text) => { if (at("sending")) at("sending").textContent = text; };

  function show(id, props) { window.dash_clientside.set_props(id, props); }
  function changed(said) { show("changed", { data: { said, n: String(Date.now()) } }); }

  /* --- which files */
  function pattern(glob) {
    const text = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".");
    return new RegExp("^" + text + "$", "i");
  }
  function useful(path) {
    const name = path.split("/").pop();
    if (path.split("/").some((part) => part.startsWith(".") || part.startsWith("~$"))) return false;
    if (JSON.parse(zone().dataset.never).some((glob) => pattern(glob).test(name))) return false;
    const end = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
    return !(path.includes("/") && JSON.parse(zone().dataset.useless).includes(end));
  }

  function take(found) {
    for (const one of found) {
      if (useful(one.path)) waiting.push(one);
      else leftOut += 1;
    }
    if (!isSending) send();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-chooses]");
    if (!button) return;
    const input = at(button.dataset.chooses);
    if (input.dataset.upload === "folder") input.webkitdirectory = true;
    input.click();
  });
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.dataset || !input.dataset.upload) return;
    take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
    input.value = "";
  });

  /* A file dropped beside the place would be opened instead of this page. */
  document.addEventListener("dragover", (event) => {
    if (!zone() || !event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone().classList.toggle("over", zone().contains(event.target));
  });
  document.addEventListener("dragleave", (event) => {
    if (zone() && !event.relatedTarget) zone().classList.remove("over");
  });
  document.addEventListener("drop", async (event) => {
    if (!zone() || !event.dataTransfer || !event.dataTransfer.files.length) return;
    event.preventDefault();
    zone().classList.remove("over");
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    const files = [...event.dataTransfer.files];
    if (entries.every(Boolean)) take((await Promise.all(entries.map(inside))).flat());
    else take(files.map((file) => ({ file, path: file.name })));
  });

  /* All files in a dropped folder; what cannot be read is sent as nothing and refused by name. */
  function inside(entry) {
    const path = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) {
      return new Promise((done) => entry.file((file) => done([{ file, path }]), () => done([{ file: null, path }])));
    }
    const reader = entry.createReader();
    const found = [];
    return new Promise((done) => {
      const more = () => reader.readEntries((some) => {
        if (!some.length) { Promise.all(found.map(inside)).then((all) => done(all.flat())); return; }
        found.push(...some);
        more();
      }, () => done([]));
      more();
    });
  }

  /* --- sending */
  async function send() {
    if (!waiting.length && !leftOut) return;
    isSending = true;
    const text = words();
    try {
      const begun = await post("/uploads");
      if (!begun.ok) { say((await said(begun)) || text.failed); waiting.length = 0; return; }
      const batch = (await begun.json()).batch;
      let number = 0;
      while (waiting.length) {
        const one = waiting.shift();
        number += 1;
        say(fill(text.sending, { name: one.path, number, total: number + waiting.length }));
        await sendOne(batch, one, number, text);
      }
      const started = await post("/uploads/" + batch + "/start", JSON.stringify({ refused, left_out: leftOut }));
      if (!started.ok) { say((await said(started)) || text.failed); return; }
      say("");
      at("sent").replaceChildren();
      const query = new URLSearchParams(location.search);
      query.set("batch", batch);
      window.dashboard.visit(location.pathname + "?" + query);
    } catch {
      say(text.failed);
      waiting.length = 0;
    } finally {
      isSending = false;
      leftOut = 0;
      refused = [];
    }
  }

  function post(url, body) {
    return fetch(url, { method: "POST", body, headers: body ? { "Content-Type": "application/json" } : {} });
  }
  async function said(response) {
    try { return (await response.json()).said; } catch { return ""; }
  }

  function sendOne(batch, one, number, text) {
    const line = document.createElement("li");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    const name = document.createElement("span");
    name.textContent = one.path;
    bar.setAttribute("aria-label", fill(text.progress, { name: one.path }));
    line.append(name, state, bar);
    at("sent").append(line);
    const stop = (why, sentence) => {
      bar.remove();
      const alert = document.createElement("span");
      alert.className = "alert";
      alert.textContent = sentence || text[why];
      line.append(alert);
    };
    const refuse = (why) => { refused.push({ name: one.path, why }); stop(why); };
    if (!one.file) { refuse("nothing"); return Promise.resolve(); }
    if (one.file.size > Number(zone().dataset.bytes)) { refuse("too_large"); return Promise.resolve(); }
    if (number > Number(zone().dataset.files)) { refuse("too_many"); return Promise.resolve(); }
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", one.file, "file");
      request.open("POST", "/uploads/" + batch + "/files?path=" + encodeURIComponent(one.path));
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; }
      });
      request.addEventListener("load", () => {
        if (request.status < 300) { bar.max = 1; bar.value = 1; state.textContent = text.sent; }
        else stop("interrupted", request.response && request.response.said);
        done();
      });
      request.addEventListener("error", () => { refuse(one.file.size ? "interrupted" : "nothing"); done(); });
      request.send(form);
    });
  }

  /* --- following an import */
  let isAsking = false;
  async function follow() {
    const place = document.querySelector("[data-poll]");
    if (!place || isAsking) return;
    isAsking = true;
    try {
      const response = await fetch(place.dataset.poll);
      const now = await response.json();
      if (now.state === "done" || now.state === "gone") {
        changed(now.said);
        arriveAt("result-title");
        await new Promise((done) => setTimeout(done, 1500));
      } else if (place.isConnected) {
        at("reading").max = Math.max(now.total, 1);
        at("reading").value = now.done;
        if (at("reading-said").textContent !== now.said) at("reading-said").textContent = now.said;
      }
    } catch { /* asked again below */ } finally { isAsking = false; }
  }
  setInterval(follow, 500);

  /* The result is where the reader goes on, unless the reader is busy elsewhere. */
  function arriveAt(id, tries = 40) {
    const target = at(id);
    const busy = document.activeElement;
    if (busy && busy !== document.body && !busy.closest("#give, #result")) return;
    if (target) target.focus();
    else if (tries) setTimeout(() => arriveAt(id, tries - 1), 100);
  }

  /* --- forms */
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset || !form.dataset.post) return;
    event.preventDefault();
    const alert = form.querySelector("[role=alert]");
    const body = new FormData(form);
    if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
    for (const field of form.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    if (form.dataset.busy) return;
    form.dataset.busy = "true";
    try {
      const response = await fetch(form.dataset.post, { method: "POST", body });
      const answer = await response.json();
      if (response.ok) { alert.textContent = ""; changed(answer.said); return; }
      alert.textContent = answer.said;
      const field = answer.field && form.querySelector("[name=" + CSS.escape(answer.field) + "]");
      if (field) {
        field.setAttribute("aria-invalid", "true");
        field.setAttribute("aria-describedby", alert.id);
        field.focus();
      }
    } catch {
      alert.textContent = zone() ? words().failed : String(form.dataset.failed || "");
    } finally {
      delete form.dataset.busy;
    }
  });
})();
