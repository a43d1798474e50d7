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

  function settle() {
    const way = one("[data-map-way]");
    if (way) way.hidden = opened;
    if (opened) openMap();
  }
  document.addEventListener("htmx:afterSettle", settle);
  settle();
})();
