// On every page alike: leaving it, clearing it when nobody is there, Enter in a question box, and the country that was chosen.
(() => {
  "use strict";
  const { leave: NEUTRAL, idle, choosing } = document.currentScript.dataset, { nonce } = document.currentScript;
  const QUICK = 2000; // milliseconds for three times Esc
  const TURN = 800; // milliseconds that going back within this page may take; it is empty meanwhile
  const LEFT = "left:"; // stands in the name of the tab while it is being left
  const root = document.documentElement;
  root.classList.add("k-js"); // from now on the page may say that Esc works
  let escapes = [], going = false;

  function empty() {
    root.classList.add("k-left");
    document.body?.replaceChildren();
    document.title = "";
  }
  // The page is emptied first. Then what it put into the history goes: a question has a place of its own there, without words.
  function leave(to = NEUTRAL) {
    empty();
    if (going) return;
    const depth = window.history.state?.depth || 0;
    const replace = () => {
      if (going === "done") return;
      going = "done";
      window.name = "";
      window.location.replace(to);
      going = false; // a site that does not answer leaves the emptied page, where the way out still works
    };
    if (!depth) { replace(); return; }
    going = true;
    window.name = LEFT + to; // a page of ours that opens meanwhile leaves too
    window.addEventListener("popstate", () => { // a step back that was on its way, as Esc takes when it closes a source, comes first
      const more = window.history.state?.depth || 0;
      if (more) window.history.go(-more); else replace();
    });
    setTimeout(replace, TURN);
    window.history.go(-depth);
  }
  if (window.name.startsWith(LEFT)) {
    const to = window.name.slice(LEFT.length);
    window.name = "";
    empty();
    window.location.replace(to);
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

  // ---- "Ask a question" leads back to the questions of this tab, where there are some and the browser can tell
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href="/"]');
    if (!link || !window.navigation || event.ctrlKey || event.metaKey || event.shiftKey) return;
    let key = "";
    try { key = JSON.parse(window.name)[2]; } catch { /* nothing was asked */ }
    if (!key || !window.navigation.entries().some((place) => place.key === key)) return;
    event.preventDefault();
    window.navigation.traverseTo(key);
  });

  // ---- Enter asks, Shift and Enter break the line
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented) return;
    if (!event.target.matches(".k-ask textarea[name=q]")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });

  // ---- the script that changes help lines comes when a country was chosen in this tab, or a list of them is touched
  if (choosing) {
    let country = "";
    try { country = JSON.parse(window.name)[3] || ""; } catch { /* nothing was chosen */ }
    root.dataset.country = country;
    const bring = () => {
      if (document.getElementById("k-choosing")) return;
      const script = document.createElement("script");
      Object.assign(script, { id: "k-choosing", src: choosing, nonce });
      script.addEventListener("error", () => { // the list must not name a country whose lines are not there
        script.remove();
        for (const list of document.querySelectorAll("select[name=country]")) {
          const shown = [...list.options].findIndex((option) => option.defaultSelected);
          if (list.selectedIndex === shown) continue;
          list.selectedIndex = shown;
          for (const line of document.querySelectorAll(".k-chosen")) line.textContent = "The help lines could not be changed. Please try again.";
        }
      });
      document.head.append(script);
    };
    if (country) bring();
    for (const sign of ["focusin", "change"]) {
      document.addEventListener(sign, (event) => { if (event.target.matches("select[name=country]")) bring(); });
    }
  }

  // ---- paper: with the day and the address of the page, which hold no word of a question
  const unprinted = () => document.querySelectorAll(".k-printed").forEach((each) => each.remove());
  window.addEventListener("beforeprint", () => {
    unprinted();
    const { protocol, href } = window.location, line = document.createElement("p");
    line.className = "k-printed";
    line.textContent = `Printed ${new Date().toLocaleDateString("en-CA")}`;
    if (protocol !== "file:") line.append(` from ${href.replace(/(\/plain)\/.+/, "$1")}`); // what is kept there is gone soon
    document.querySelector(".k-answer, .k-source, main")?.append(line);
  });
  window.addEventListener("afterprint", unprinted);
  document.addEventListener("click", (event) => { if (event.target.closest(".k-print")) window.print(); });

  // ---- on a shared screen: after a time without a key or a touch the page starts afresh
  if (Number(idle) > 0) {
    const WARNING = Math.min(20, Number(idle) / 2); // seconds that are left to say that somebody is there
    const line = document.createElement("p");
    line.className = "k-idle";
    line.setAttribute("role", "alert");
    let timer = 0;
    const wait = () => {
      clearTimeout(timer);
      line.remove();
      timer = setTimeout(warn, (Number(idle) - WARNING) * 1000);
    };
    const warn = () => {
      (document.querySelector("dialog[open]") || document.body)?.append(line);
      line.textContent = `Are you still there? In ${Math.round(WARNING)} seconds this page will be emptied. Touch the screen or press a key to stay.`;
      timer = setTimeout(() => leave(window.location.protocol === "file:" ? "index.html" : "/"), WARNING * 1000);
    };
    for (const sign of ["keydown", "input", "pointerdown", "pointermove", "wheel", "scroll"]) window.addEventListener(sign, wait, { capture: true, passive: true });
    wait();
  }
})();
