// Leaving, on every page alike: the page is emptied at once, then a neutral site takes its place in the history.
(() => {
  "use strict";
  const NEUTRAL = document.currentScript.dataset.leave;
  const QUICK = 2000; // milliseconds for three times Esc
  const root = document.documentElement;
  root.classList.add("k-js"); // from now on the page may say that Esc works
  let escapes = [];
  function leave() {
    root.classList.add("k-left");
    document.body?.replaceChildren();
    document.title = "";
    window.location.replace(NEUTRAL);
  }
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat || event.isComposing) return;
    escapes = [...escapes.filter((time) => event.timeStamp - time < QUICK), event.timeStamp];
    if (escapes.length >= 3) leave();
  }, true);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a.k-leave")) return;
    event.preventDefault();
    leave();
  });
})();
