/* The search page: suggestions while typing, the map on demand, filters that stay open. Works with or without htmx;
   without this file the page is links and forms. */
(() => {
  "use strict";

  const one = (what, inside = document) => inside.querySelector(what);

  /* The map: its files are fetched when it is first opened, and it stays open when the list changes. */
  let opened = false;
  let fetched = null;

  function file(address) {
    const css = address.includes(".css");
    const part = document.createElement(css ? "link" : "script");
    if (css) part.rel = "stylesheet";
    part[css ? "href" : "src"] = address;
    return new Promise((done, fail) => {
      part.onload = done;
      part.onerror = fail;
      document.head.append(part);
    });
  }

  async function openMap() {
    const button = one("[data-map]");
    const figure = one("#map");
    if (!button || !figure) return;
    try {
      fetched ??= JSON.parse(button.dataset.mapParts).reduce((before, next) => before.then(() => file(next)), Promise.resolve());
      await fetched;
    } catch {
      fetched = null;
      return;
    }
    opened = true;
    button.closest("[data-map-way]").hidden = true;
    figure.dispatchEvent(new CustomEvent("map", { bubbles: true, detail: JSON.parse(button.dataset.map) }));
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-map]")) openMap().then(() => one("#map .leaf")?.focus());
  });

  /* Suggestions: a combobox made of the plain field when the first answer comes. Typing never waits for it. */
  const PAUSE = 150;
  let list = null; // the open list, its field and what is said about it
  let timer = 0;
  let asking = null;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    if (!list) return;
    list.field.setAttribute("aria-expanded", "false");
    list.field.removeAttribute("aria-activedescendant");
    list.box.remove();
    list = null;
  }

  function option({ text, more }, number) {
    const item = document.createElement("li");
    item.id = `suggested-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.text = text;
    const name = document.createElement("bdi");
    name.textContent = text;
    item.append(name);
    if (more) {
      const about = document.createElement("small");
      about.textContent = more;
      item.append(" ", about);
    }
    return item;
  }

  function show(field, { items, said }) {
    close();
    const spoken = one("[data-suggested]");
    if (spoken) spoken.textContent = said;
    if (!items.length) return;
    const box = document.createElement("ul");
    box.id = "suggested";
    box.className = "suggested";
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", field.labels[0].textContent);
    box.append(...items.map(option));
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "suggested");
    field.setAttribute("aria-expanded", "true");
    field.parentElement.append(box);
    list = { field, box, at: -1 };
  }

  function stand(at) {
    const options = [...list.box.children];
    list.at = (at + options.length + 1) % (options.length + 1);
    if (list.at === options.length) list.at = -1; // past the end is the field again
    options.forEach((item, number) => item.setAttribute("aria-selected", String(number === list.at)));
    const here = options[list.at];
    if (here) list.field.setAttribute("aria-activedescendant", here.id);
    else list.field.removeAttribute("aria-activedescendant");
    here?.scrollIntoView({ block: "nearest" });
  }

  function choose(item) {
    const { field } = list;
    field.value = item.dataset.text;
    close();
    if (one("#q").value.trim()) field.form.requestSubmit();
  }

  async function ask(field) {
    asking?.abort();
    asking = new AbortController();
    const typed = new URLSearchParams({ [field.dataset.suggest]: field.value });
    try {
      const reply = await fetch(`${field.form.dataset.suggest}?${typed}`, { signal: asking.signal });
      if (reply.ok && document.activeElement === field) show(field, await reply.json());
    } catch {
      /* no suggestions is no trouble: what is typed can be searched for */
    }
  }

  document.addEventListener("input", ({ target, isComposing }) => {
    if (!target.matches("[data-suggest]") || isComposing) return;
    clearTimeout(timer);
    if (target.value.trim()) timer = setTimeout(ask, PAUSE, target);
    else close();
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== list.field || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = event.key === "Enter" && list.box.children[list.at];
    if (step) stand(list.at < 0 && step < 0 ? list.box.children.length - 1 : list.at + step);
    else if (event.key === "Escape") close();
    else if (chosen) choose(chosen);
    else return void (event.key === "Tab" && close());
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => {
    if (event.target.closest("#suggested")) event.preventDefault(); // the field keeps the focus
  });
  document.addEventListener("click", ({ target }) => {
    const item = target.closest("#suggested li");
    if (item) choose(item);
  });
  document.addEventListener("focusout", ({ target }) => target === list?.field && close());
  document.addEventListener("submit", close);

  /* Further filters stay open through the answer; a day and a time are asked for together. */
  document.addEventListener(
    "toggle",
    ({ target }) => {
      if (target.matches("[data-more]")) one("[name=more]", target).disabled = !target.open;
    },
    true,
  );
  document.addEventListener("change", ({ target }) => {
    if (target.id === "day" && one("#time").value) target.form.requestSubmit();
  });

  /* Who goes on typing while an answer comes keeps what is typed. */
  let typing = null;
  document.addEventListener("htmx:beforeSwap", () => {
    const field = document.activeElement;
    typing = field?.matches("[data-suggest]") ? { id: field.id, value: field.value } : null;
    close();
  });
  document.addEventListener("htmx:afterSwap", () => {
    const field = typing && document.getElementById(typing.id);
    if (field) field.value = typing.value;
  });

  function settle() {
    const way = one("[data-map-way]");
    if (way) way.hidden = opened;
    if (opened) openMap();
  }
  document.addEventListener("htmx:afterSettle", settle);
  settle();
})();
