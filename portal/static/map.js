/* The map that moves, in the place of the drawn one. Loaded with Leaflet only when somebody opens it (search.js).
   The list stays the truth: each number leads to its row. Without tiles it shows county lines on plain ground. */
(() => {
  "use strict";

  const LEAST = 14; // closer than a few streets a rounded place would look surer than it is
  let map = null;

  function numbered(number, chosen) {
    const dot = document.createElement("span");
    dot.className = "dot-n" + (chosen ? " chosen" : "");
    dot.textContent = number;
    return window.L.divIcon({ html: dot, className: "dot-at", iconSize: [44, 44], popupAnchor: [0, -12] });
  }

  function words(text) {
    const said = document.createElement("span");
    said.textContent = text;
    return said;
  }

  function way(number, name, text) {
    const box = document.createElement("div");
    const link = document.createElement("a");
    link.href = `#place-${number}`;
    link.textContent = text.replace("#", number);
    link.addEventListener("click", (event) => {
      const row = document.querySelector(`#place-${number} [data-open]`);
      if (!row) return;
      event.preventDefault(); // following the address would take the focus away again
      row.focus();
    });
    box.append(words(name), document.createElement("br"), link);
    return box;
  }

  function mark([number, name, latitude, longitude], facts) {
    const row = document.querySelector(`#place-${number}`);
    const chosen = Boolean(row?.querySelector("[data-select]:checked"));
    const marker = window.L.marker([latitude, longitude], { icon: numbered(number, chosen), title: name });
    marker.bindPopup(way(number, name, facts.words.place));
    marker.on("add", () => marker.getElement().setAttribute("aria-label", `${number}: ${name}`));
    return marker.addTo(map);
  }

  async function outline(facts) {
    const box = map.getBounds().pad(0.2);
    const sides = { west: box.getWest(), south: box.getSouth(), east: box.getEast(), north: box.getNorth() };
    const asked = new URLSearchParams(Object.entries(sides).map(([side, degrees]) => [side, degrees.toFixed(2)]));
    const reply = await fetch(`${facts.lines}?${asked}`).catch(() => null);
    if (!reply?.ok) return;
    const style = { className: "m-outline", weight: 1, fill: false, interactive: false };
    window.L.geoJSON(await reply.json(), { style: () => style }).addTo(map);
  }

  document.addEventListener("map", ({ target, detail }) => {
    map?.remove();
    const spot = document.createElement("div");
    spot.className = "leaf";
    spot.setAttribute("role", "region");
    spot.setAttribute("aria-label", detail.words.map);
    target.replaceChildren(spot);
    map = window.L.map(spot, { attributionControl: false, zoomControl: false, maxZoom: LEAST, scrollWheelZoom: false, zoomSnap: 0.5 });
    window.L.control.zoom({ zoomInTitle: detail.words.in, zoomOutTitle: detail.words.out }).addTo(map);
    const seen = detail.places.map((one) => [one[2], one[3]]);
    map.fitBounds(window.L.latLngBounds(detail.home ? [...seen, detail.home] : seen).pad(0.15));
    if (detail.tiles) {
      window.L.tileLayer(detail.tiles, { referrerPolicy: "no-referrer" }).addTo(map);
      window.L.control.attribution({ prefix: false }).addTo(map).getContainer().textContent = detail.credit;
    } else outline(detail);
    if (detail.home) {
      const icon = window.L.divIcon({ className: "dot-home", iconSize: [20, 20] });
      const house = { icon, keyboard: false, interactive: false, title: detail.words.home, zIndexOffset: -1000 };
      window.L.marker(detail.home, house).addTo(map);
    }
    detail.places.forEach((one) => mark(one, detail));
  });
})();
