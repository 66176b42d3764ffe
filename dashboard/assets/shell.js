/* What happens around pages: filters, focus, theme, menu, chart or table, printing.
   Everything hangs on the document, so pages need no script of their own. */
(function () {
  "use strict";
  const root = document.documentElement;

  /* --- theme: the reader's choice, else the computer's */
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    let wish = null;
    try { wish = localStorage.getItem("bereik-theme"); } catch { /* no storage: follow the computer */ }
    root.dataset.theme = wish || (dark.matches ? "dark" : "light");
  }
  paint();
  dark.addEventListener("change", paint);

  /* --- the address: filters and sorting go through it */
  function go(changes) {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const text = query.toString();
    window.dashboard.visit(location.pathname + (text ? "?" + text : ""));
  }

  document.addEventListener("change", (event) => {
    const control = event.target;
    if (control.dataset.period) {
      const [from, to] = control.value.split(",");
      go({ from, to });
    } else if (control.dataset.pick) {
      pick(control);
    } else if (control.dataset.query && control.type !== "date") {
      go({ [control.dataset.query]: control.value });
    }
  });

  /* Boxes that choose several things gather them in the address: data-pick="with" on each. */
  function pick(box) {
    const name = box.dataset.pick;
    const picked = (new URLSearchParams(location.search).get(name) || "").split(",").filter(Boolean);
    const others = picked.filter((one) => one !== box.name);
    go({ [name]: (box.checked ? [...others, box.name] : others).join(",") });
  }

  /* A date is whole only when it is left: while typing, each key would be a new period. Going on to
     the other date of the period is no leaving: the page would be made anew under one's fingers. */
  function commit(event) {
    const control = event.target;
    if (control.type !== "date" || !control.dataset || !control.dataset.query) return;
    if (event.type === "keydown" && event.key !== "Enter") return;
    if (event.relatedTarget && event.relatedTarget.type === "date" && event.relatedTarget.dataset.query) return;
    const query = new URLSearchParams(location.search);
    const from = document.getElementById("filter-from").value;
    const to = document.getElementById("filter-to").value;
    if (control.value !== (control.defaultValue || "") || query.get(control.dataset.query) !== control.value) {
      if (control.dataset.query === "from" ? from : to) go({ from, to });
    }
  }
  document.addEventListener("focusout", commit);
  document.addEventListener("keydown", commit);

  /* --- clicks */
  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, a");
    if (!target) return;
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);
    if (target.dataset.inside && isPlain && !event.defaultPrevented) {
      event.preventDefault();
      window.dashboard.visit(target.getAttribute("href"));
    }
    if (target.id === "theme") {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("bereik-theme", next); } catch { /* lasts for this page then */ }
      root.dataset.theme = next;
    } else if (target.id === "menu") {
      menu(target.getAttribute("aria-expanded") !== "true");
    } else if (target.id === "language") {
      event.preventDefault();
      location.assign(target.getAttribute("href") + "?next=" + encodeURIComponent(location.pathname + location.search));
    } else if (target.id === "print") {
      window.print();
    } else if (target.dataset.shows) {
      turn(target);
    } else if (target.dataset.png) {
      save(target);
    } else if (target.closest("#navigation")) {
      menu(false);
    }
  });

  function menu(isOpen) {
    const button = document.getElementById("menu");
    if (!button) return;
    button.setAttribute("aria-expanded", String(isOpen));
    document.getElementById("navigation").classList.toggle("open", isOpen);
  }

  /* A chart and its table are both there; one is shown. */
  function turn(tab) {
    const section = tab.closest(".chart");
    const wantsTable = tab.dataset.shows === "table-tab";
    for (const one of section.querySelectorAll("[data-shows]")) {
      one.setAttribute("aria-pressed", String(one === tab));
    }
    section.querySelector(".as-table").hidden = !wantsTable;
    section.querySelector(".picture").hidden = wantsTable;
  }

  function save(button) {
    const plot = document.querySelector("#" + CSS.escape(button.dataset.png) + " .js-plotly-plot");
    if (!plot) return;
    const ink = getComputedStyle(root).getPropertyValue("--ink").trim();
    const paper = getComputedStyle(root).getPropertyValue("--surface").trim();
    const figure = {
      data: plot.data,
      layout: { ...plot.layout, paper_bgcolor: paper, font: { ...plot.layout.font, family: "sans-serif", color: ink } },
    };
    window.Plotly.downloadImage(figure, { format: "png", scale: 2, width: 1000, height: plot.offsetHeight + 60, filename: button.dataset.name });
  }

  /* --- what is chosen in a list that opens makes the page anew: it stays open meanwhile */
  let open = null;
  document.addEventListener("toggle", (event) => {
    if (event.target.dataset && event.target.dataset.stays) {
      open = event.target.open ? event.target.id : null;
    }
  }, true);
  function closeOthers(event) {
    for (const details of document.querySelectorAll("details[data-stays][open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  }
  document.addEventListener("click", closeOthers);
  document.addEventListener("focusin", closeOthers);

  /* --- escape closes what is open */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu(false);
    for (const details of document.querySelectorAll("details.popup[open]")) details.open = false;
    const hint = event.target.closest && event.target.closest(".hint");
    if (hint) {
      hint.classList.add("closed");
      hint.addEventListener("focusout", () => hint.classList.remove("closed"), { once: true });
    }
  });
  document.addEventListener("mouseout", (event) => {
    const hint = event.target.closest && event.target.closest(".hint.closed");
    if (hint && !hint.contains(event.relatedTarget)) hint.classList.remove("closed");
  });
  /* A tooltip stays inside the window. */
  function place(event) {
    const hint = event.target.closest && event.target.closest(".hint");
    if (!hint) return;
    const tip = hint.querySelector(".tooltip");
    const anchor = hint.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.min(anchor.left + anchor.width / 2 - size.width / 2, root.clientWidth - size.width - 8);
    const fits = anchor.bottom + 6 + size.height < window.innerHeight;
    tip.style.setProperty("--x", Math.max(8, left) + "px");
    tip.style.setProperty("--y", (fits ? anchor.bottom + 4 : Math.max(8, anchor.top - size.height - 4)) + "px");
  }
  document.addEventListener("mouseover", place);
  document.addEventListener("focusin", place);

  /* --- a new page: say it, and begin at its heading; the same page: stay where one was */
  let shown = null;
  let path = null;
  let last = null;
  document.addEventListener("focusin", (event) => { if (event.target.id) last = event.target.id; });
  function arrived() {
    const title = document.getElementById("title");
    if (!title || title === shown) return;
    shown = title;
    document.title = title.textContent + " – bereik";
    const isFirst = path === null;
    const isNew = path !== location.pathname;
    path = location.pathname;
    const announced = document.getElementById("announced");
    const stays = !isNew && open && document.getElementById(open);
    if (stays) stays.open = true;
    if (isNew && !isFirst) {
      if (announced) announced.textContent = title.textContent;
      title.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    } else if (!isFirst && last && document.activeElement === document.body) {
      const again = document.getElementById(last);
      if (again) again.focus({ preventScroll: true });
    }
  }
  /* What a page wants to be focused, once: the first field that is wrong, a row that was added. */
  let wanted = null;
  function focusWanted() {
    const target = document.querySelector("[data-focus]");
    if (!target || target.dataset.focus === wanted) return;
    wanted = target.dataset.focus;
    target.focus();
  }
  new MutationObserver(focusWanted).observe(document.body || root, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-focus"],
  });
  new MutationObserver(arrived).observe(document.body || root, { childList: true, subtree: true });

  /* --- what is said shows for a while, each time anew */
  let lastSaid = "";
  function speak() {
    const said = document.getElementById("said");
    if (!said || said.textContent === lastSaid) return;
    lastSaid = said.textContent;
    said.style.animation = "none";
    void said.offsetWidth; /* the browser must see it without, or nothing begins anew */
    said.style.animation = "";
  }
  new MutationObserver(speak).observe(document.body || root, { childList: true, characterData: true, subtree: true });
})();
