/* A file that is too large is refused by name before it is sent: a server that stops reading cannot always say why. */
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[type=file][data-most]")) {
    const look = () => {
      const size = field.files[0]?.size ?? 0;
      field.setCustomValidity(size > Number(field.dataset.most) ? field.dataset.tooLarge : "");
      return field.reportValidity();
    };
    field.addEventListener("change", look);
    field.form.addEventListener("submit", (event) => {
      if (!look()) event.preventDefault();
    });
  }
})();
