/* Handrail: keys, copying, undo, focus, and a word when the server does not answer.
   Every page works without this file. Elements are found by data attributes only (templates/components/README.md). */
(() => {
  "use strict";

  const body = document.body;
  const all = (what, inside = document) => [...inside.querySelectorAll(what)];
  const one = (what, inside = document) => inside.querySelector(what);
  /* What a closed <details> holds has a place on the page but cannot be seen. */
  const shown = (thing) => thing.checkVisibility?.() ?? thing.getClientRects().length > 0;

  /* The row at hand: j and k, Tab, or a click. Focus would let a row slip away under the mouse. */
  const rows = () => all("[data-row]").filter(shown);
  const here = () => one("[data-row].here");
  let place = 0;
  let fromRow = false;

  function stand(row) {
    const before = here();
    if (before === row) return;
    before?.classList.remove("here");
    before?.removeAttribute("aria-current");
    row.classList.add("here");
    row.setAttribute("aria-current", "true");
    place = rows().indexOf(row);
  }

  function go(index) {
    const list = rows();
    const row = list[Math.max(0, Math.min(index, list.length - 1))];
    if (!row) return false;
    stand(row);
    one("[data-open]", row)?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keyup", ({ target }) => {
    const row = target.closest("[data-row]");
    if (row) stand(row);
  });
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-row]");
    if (row) stand(row);
  });

  /* Single keys, outside of fields only, switched off by data-keys="off" on body. */
  const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  let afterG = 0;

  /* Of the row at hand an open panel comes first; what "More" holds is pressed while it is closed, too. */
  function inRow(row, named) {
    const open = all(`details[open] ${named}`, row).find(shown);
    const found = open || all(named, row).find(shown) || one(`[data-more] ${named}`, row);
    if (found && !shown(found)) found.closest("details").open = true;
    return found;
  }

  function press(key) {
    const row = here();
    const named = `[data-key="${key}"]`;
    const found =
      (row && inRow(row, named)) ||
      all(`main ${named}`).find((thing) => shown(thing) && !thing.closest("[data-row]")) ||
      all(named).find((thing) => shown(thing) && !thing.closest("[data-row]"));
    if (!found || found.disabled) return false;
    if (found.matches(FIELDS)) {
      found.focus();
      found.select?.();
    } else {
      found.click();
      if (found.type === "radio") found.focus(); // Enter sends its form, the arrows go on from it
      found.closest("[data-sheet]")?.scrollIntoView({ block: "nearest" });
    }
    return true;
  }

  function choose() {
    if (!here()) go(0);
    const box = one(".here [data-select]");
    box?.click();
    return Boolean(box);
  }

  function close() {
    const panel = one(".here details[open]");
    panel?.removeAttribute("open");
    return Boolean(panel);
  }

  function answer(event) {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const free = event.target === body || event.target.matches("[data-open]");
    if (Date.now() < afterG) {
      afterG = 0;
      const way = one(`[data-go="${key}"]`);
      way?.click();
      return Boolean(way);
    }
    if (key === "Escape") return close();
    if (key === "g") afterG = Date.now() + 1500;
    if (key === "j" || key === "k") return go(here() ? place + (key === "j" ? 1 : -1) : 0);
    if (key === "x" || (key === " " && free)) return choose();
    if (key === "Enter") {
      if (event.target !== body) return false;
      const open = here() && one("[data-open]", here());
      open?.click();
      return Boolean(open);
    }
    return key.length === 1 && key !== '"' && key !== "\\" && press(key);
  }

  document.addEventListener("keydown", (event) => {
    if (body.dataset.keys !== "on" || event.defaultPrevented || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(FIELDS)) return;
    if (answer(event)) event.preventDefault();
  });

  /* Short words and undo. */
  function run(toast) {
    if (toast.dataset.running) return;
    toast.dataset.running = "yes";
    const count = one("[data-count]", toast);
    let left = Number(toast.dataset.toast);
    const timer = setInterval(() => {
      // A plain word waits for its reader; a batch leaves on time, whoever looks at it.
      if (!count && toast.matches(":hover, :focus-within")) return;
      left -= 1;
      if (count) count.textContent = Math.max(left, 0);
      if (left > 0) return;
      clearInterval(timer);
      if (toast.contains(document.activeElement)) one("main")?.focus();
      toast.remove();
    }, 1000);
  }

  function say({ message, undo, seconds }) {
    const region = one("[data-toasts]");
    const form = one("[data-toast-form]");
    if (!region || !form || !message) return;
    const toast = form.content.firstElementChild.cloneNode(true);
    one("[data-message]", toast).textContent = message;
    if (undo) one("form", toast).action = undo;
    else one("form", toast).remove();
    if (seconds) toast.dataset.toast = seconds;
    region.replaceChildren(toast);
    run(toast);
  }
  document.addEventListener("toast", ({ detail }) => say(detail));

  /* Copying: data-copy names an element, data-copy-url a plain text. Refused: the text is shown, selected. */
  async function copy(button) {
    const source = button.dataset.copy && one(button.dataset.copy);
    try {
      const text = source ? source.value ?? source.textContent : await plain(button.dataset.copyUrl);
      await navigator.clipboard.writeText(text.trim());
      say({ message: button.dataset.copied });
    } catch {
      if (!source) return void (location.href = button.href || button.dataset.copyUrl);
      for (let box = source; box; box = box.parentElement) {
        box.hidden = false;
        if (box.matches("details")) box.open = true;
      }
      source.focus();
      source.select?.();
    }
  }

  async function plain(address) {
    const reply = await fetch(address, { headers: { Accept: "text/plain" } });
    if (!reply.ok) throw new Error(reply.status);
    return reply.text();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-url]");
    if (!button) return;
    event.preventDefault();
    copy(button);
  });

  /* What is chosen in a list, shown in the tray. Hidden fields count too: they were chosen on another page. */
  document.addEventListener("change", ({ target }) => {
    const tray = one("[data-tray]");
    if (!tray || !target.matches("[data-select]")) return;
    const names = all("[data-select]")
      .filter((box) => box.checked || box.type === "hidden")
      .map((box) => box.dataset.name);
    tray.hidden = !names.length;
    one("[data-tray-count]", tray).textContent = names.length;
    one("[data-tray-names]", tray).textContent = names.join(", ");
  });

  /* After a swap: focus goes to what the server marked, and j k go on where they were. The worklist has a row at hand
     from the first moment on: the one an undo brought back, or the first. */
  function settle(part, asked) {
    all("[data-toast]").forEach(run);
    const marked = asked ? "[data-focus]" : "[data-focus='']";
    const spot = part.matches?.(marked) ? part : one(marked, part);
    if (spot) spot.focus();
    else if (here() || !rows().length) return;
    else if (fromRow || place) go(place);
    else if (one(".todo, .diff")) stand((location.hash.startsWith("#todo-") && one(location.hash)) || rows()[0]);
    fromRow = false;
  }
  document.addEventListener("htmx:beforeRequest", ({ detail }) => (fromRow = Boolean(detail.elt.closest("[data-row]"))));
  document.addEventListener("htmx:afterSettle", ({ target, detail }) =>
    settle(target, detail.requestConfig?.triggeringEvent?.type !== "change"),
  );

  /* No answer: the form stays as it is, and one button tries again. */
  const trouble = one("[data-trouble]");
  let failed = null;

  function fail({ detail }) {
    if (!trouble) return;
    failed = { thing: detail.elt, how: detail.requestConfig?.triggeringEvent?.type || "click" };
    trouble.hidden = false;
    trouble.scrollIntoView({ block: "nearest" });
  }
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, fail));
  document.addEventListener("htmx:afterOnLoad", ({ detail }) => {
    if (trouble && detail.successful !== false) trouble.hidden = true;
  });
  trouble?.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-again]") || !failed) return;
    trouble.hidden = true;
    if (failed.thing.matches("form")) failed.thing.requestSubmit();
    else window.htmx.trigger(failed.thing, failed.how);
  });

  /* The session: a word two minutes before it ends, and one when it has ended. */
  const idle = Number(body.dataset.idle) * 1000;
  let seen = Date.now();
  const active = () => (seen = Date.now());

  function watch() {
    const left = seen + idle - Date.now();
    one("[data-ending]").hidden = left > 120000 || left <= 0;
    one("[data-ended]").hidden = left > 0;
  }
  if (idle && one("[data-ending]")) {
    setInterval(watch, 5000);
    document.addEventListener("htmx:afterOnLoad", active);
    one("[data-stay]").addEventListener("click", async () => {
      const reply = await fetch(location.href, { method: "HEAD" }).catch(() => ({}));
      if (reply.ok && !reply.redirected) active();
      watch();
    });
  }

  if (window.htmx) window.htmx.config.timeout = 20000;
  settle(document);
  // The button a page is made for takes Enter at once; the page stays at its top, to be read first.
  one("[data-ready]")?.focus({ preventScroll: true });
})();
