// The country whose help lines are shown: chosen by hand, on every page of this tab, and gone with it. leave.js brings this file.
(() => {
  "use strict";
  const MARK = "seals"; // what page.js keeps in the name of the tab begins with it; the country comes fourth
  const root = document.documentElement;
  const named = () => { try { const kept = JSON.parse(window.name); return kept[0] === MARK ? kept : null; } catch { return null; } };
  const lists = () => [...document.querySelectorAll("select[name=country]")];
  let country = root.dataset.country, parts = null; // parts: its help lines and notice

  // Gradio's page is built twice: what is there already is changed, what comes later is changed by page.js, through k-dress
  function dress() {
    for (const list of country ? lists() : []) list.value = country;
    for (const hidden of document.querySelectorAll("input[type=hidden][name=country]")) if (country) hidden.value = country;
    for (const what of parts ? [".k-helpbar", ".k-notice"] : []) {
      for (const old of document.querySelectorAll(what)) {
        if (old.closest("#k-reader") || old.dataset.country === country) continue;
        const made = parts.querySelector(what).cloneNode(true);
        made.dataset.country = country;
        const focused = old.contains(document.activeElement) && document.activeElement.matches("select");
        old.replaceWith(made);
        const list = made.querySelector("select[name=country]");
        if (list) list.value = country;
        if (focused && list) list.focus({ preventScroll: true });
      }
    }
  }
  async function fetched(wanted) {
    const reply = await fetch(`/lines/${encodeURIComponent(wanted)}`, { credentials: "omit" });
    if (!reply.ok) throw new Error("no lines");
    return new DOMParser().parseFromString(await reply.text(), "text/html");
  }
  function tell(words) {
    for (const line of document.querySelectorAll(".k-chosen")) line.textContent = words;
  }
  async function choose(wanted, list) {
    let lines = null;
    try { lines = await fetched(wanted); } catch {
      list.value = country || list.querySelector("[selected]").value;
      tell("The help lines could not be changed. Please try again.");
      return;
    }
    country = root.dataset.country = wanted;
    parts = lines;
    const kept = named() || [MARK, [], ""];
    window.name = JSON.stringify([...kept.slice(0, 3), country]);
    dress();
    tell(`These are the help lines for: ${list.selectedOptions[0].textContent}.`);
    document.dispatchEvent(new CustomEvent("k-country"));
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("select[name=country]")) choose(event.target.value, event.target);
  });
  // an answer that /plain shows names numbers too, so it is asked for again
  document.addEventListener("k-country", () => {
    const form = document.querySelector("form.k-ask:has(select[name=country])");
    if (form && document.querySelector(".k-answer")) form.requestSubmit(form.querySelector("button"));
  });
  document.addEventListener("k-dress", dress);
  async function start() {
    dress();
    const shown = (document.querySelector(".k-helpbar") || { dataset: {} }).dataset.country;
    const picked = lists().find((list) => list.value !== country && list.value !== (list.querySelector("[selected]") || {}).value);
    if (picked) choose(picked.value, picked); // while this file was on its way
    else if (country && (shown !== country || document.querySelector("gradio-app"))) { // else the server has dressed it
      try { parts = await fetched(country); dress(); } catch { /* the page's own lines stay, with their country */ }
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
