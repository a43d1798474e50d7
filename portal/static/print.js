/* Handrail: prints the list by its button or by p. Without it the browser's own print does the same. */
(() => {
  "use strict";
  const button = document.querySelector("[data-print]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select"));
    if (document.body.dataset.keys === "on" && plain && event.key === "p") button.click();
  });
})();
