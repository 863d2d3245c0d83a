// What the page does in the browser: focus after an answer, the reader beside the card, copying a quotation, leaving.
// No data is ever put into HTML here except our own /source pages, which the server has escaped.
(() => {
  "use strict";
  const wide = window.matchMedia("(min-width: 1180px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  document.documentElement.classList.add("k-js");

  // ---- leaving: the page is emptied, then its place in the history goes to a neutral site
  const NEUTRAL = document.currentScript.dataset.leave;
  const QUICK = 2000; // milliseconds for three times Esc
  let escapes = [];
  function leave() {
    document.documentElement.classList.add("k-left");
    document.body.replaceChildren();
    document.title = "";
    window.location.replace(NEUTRAL);
  }
  window.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat || event.isComposing) return;
    escapes = [...escapes.filter((time) => event.timeStamp - time < QUICK), event.timeStamp];
    if (escapes.length >= 3) leave();
  }, true);
  // a page kept for the Back button must not keep the question, nor show the answer again
  window.addEventListener("pagehide", () => {
    document.documentElement.classList.add("k-left");
    document.querySelectorAll("textarea, input").forEach((box) => {
      box.value = "";
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  const piece = (id) => { const found = document.getElementById(id); return found ? found.innerHTML : ""; };
  function toTab(name) {
    const tabs = [...document.querySelectorAll("#k-tabs [role=tab]")].filter((tab) => tab.offsetParent);
    const tab = tabs.find((each) => each.textContent.trim() === name);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
    return tab;
  }

  // ---- when no answer comes: Gradio leaves the place empty after a lost connection or a refusal
  const PATIENCE = 12000; // milliseconds; an answer takes well under one second
  let timer = 0, why = "k-lost", asked = "";
  function settle() {
    clearTimeout(timer);
    why = "k-lost";
    document.documentElement.classList.remove("k-late-lost", "k-late-busy");
  }
  function late() {
    clearTimeout(timer);
    if (!document.querySelector("#k-results .k-wait")) return;
    document.documentElement.classList.add(why === "k-busy" ? "k-late-busy" : "k-late-lost");
    document.querySelector(`#k-results .${why} [data-focus]`).focus({ preventScroll: true });
  }
  const fetched = window.fetch;
  window.fetch = async (...request) => {
    const asks = String(request[0]).includes("/queue/");
    try {
      const reply = await fetched(...request);
      if (asks && !reply.ok) {
        if (reply.status === 429 || reply.status === 503) why = "k-busy";
        setTimeout(late, 50);
      }
      return reply;
    } catch (error) {
      if (asks) setTimeout(late, 50);
      throw error;
    }
  };

  // ---- after an answer: focus goes to what has changed, so that it is read out
  function arrived() {
    if (document.querySelector("#k-results .k-wait")) { late(); return; }
    settle();
    const target = document.querySelector("#k-results [data-focus]");
    if (!target) return;
    target.focus({ preventScroll: true });
    const box = document.querySelector("#k-ask");
    const urgent = document.querySelector("#k-results .k-urgent");
    const tabs = document.querySelector("#k-tabs");
    // on a small screen the main button of an urgent card must be in view: the question box scrolls away
    (urgent && window.innerHeight < 800 ? tabs : box || target).scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }
  // ---- the page is usable before Gradio has come: its form goes to /plain. Once Gradio stands complete it takes the place
  const parts = ["#k-helpbar-slot .k-helpbar", "#k-masthead-slot h1", "#k-question textarea", "#k-ask-button",
    "#k-tabs [role=tab]", "#k-results .k-home", "#k-notice-slot .k-notice"];
  const asksFor = () => new URLSearchParams(window.location.hash.slice(1)).get("q") || "";
  function put(box, words) {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function takeOver() {
    const app = document.querySelector("gradio-app"), shell = document.getElementById("k-shell");
    if (!app || parts.some((part) => !app.querySelector(part))) return false;
    const typed = shell && shell.querySelector("textarea"), box = app.querySelector("#k-question textarea");
    const words = typed ? typed.value : "", focused = typed && document.activeElement === typed;
    const at = focused ? [typed.selectionStart, typed.selectionEnd] : [];
    if (shell) shell.remove();
    document.documentElement.classList.add("k-ready");
    if (words) put(box, words);
    if (focused) { box.focus({ preventScroll: true }); box.setSelectionRange(...at); }
    askFromAddress();
    return true;
  }
  // a question in the fragment never reaches the server's log; it leaves the address bar at once
  function askFromAddress() {
    const words = asksFor(), box = document.querySelector("#k-question textarea");
    if (!words || !box) return;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    put(box, words);
    setTimeout(() => document.querySelector("#k-ask-button").click(), 0);
  }
  window.addEventListener("hashchange", askFromAddress);
  function early() {
    const box = document.querySelector("#k-shell textarea");
    if (box && !box.value) box.value = asksFor();
    if (takeOver()) return;
    const watch = new MutationObserver(() => { if (takeOver()) watch.disconnect(); });
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", early); else early();

  window.ketamineAnswers = {
    arrived: () => { requestAnimationFrame(() => setTimeout(arrived, 60)); },
    asking: () => { shut(); toTab("Answers"); settle(); asked = document.querySelector("#k-question textarea").value; timer = setTimeout(late, PATIENCE); return piece("k-pending"); },
    lost: () => { setTimeout(arrived, 120); return piece(why); },
  };

  // ---- the reader: our stored copy of a source, beside the card or as a full sheet on small screens
  let reader = null, opener = null;
  function build() {
    reader = document.createElement("dialog");
    reader.id = "k-reader";
    reader.setAttribute("aria-labelledby", "k-reader-title");
    const bar = document.createElement("div");
    bar.className = "k-reader-bar";
    const title = document.createElement("p");
    title.id = "k-reader-title";
    title.tabIndex = -1;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", shut);
    bar.append(title, document.querySelector("a.k-leave").cloneNode(true), close); // over the whole screen, it hides the help bar
    const body = document.createElement("div");
    body.className = "k-reader-body";
    body.tabIndex = 0;
    body.setAttribute("role", "region");
    body.setAttribute("aria-labelledby", "k-reader-title");
    reader.append(bar, body);
    reader.addEventListener("cancel", (event) => { event.preventDefault(); shut(); });
    document.body.append(reader);
  }
  function show() {
    if (wide.matches) { reader.show(); } else { reader.showModal(); }
    document.documentElement.classList.toggle("k-reading", wide.matches);
  }
  function shut() {
    if (!reader || !reader.open) return;
    reader.close();
    document.documentElement.classList.remove("k-reading");
    document.querySelectorAll(".k-card-open").forEach((card) => card.classList.remove("k-card-open"));
    if (opener && opener.isConnected) opener.focus();
    opener = null;
  }
  async function open(link) {
    if (!reader) build();
    const body = reader.querySelector(".k-reader-body");
    const address = new URL(link.href);
    document.querySelectorAll(".k-card-open").forEach((card) => card.classList.remove("k-card-open"));
    opener = link;
    const card = link.closest(".k-card");
    if (card) card.classList.add("k-card-open");
    reader.querySelector("#k-reader-title").textContent = link.dataset.title || "Source";
    body.textContent = "Opening…";
    if (!reader.open) show();
    reader.querySelector("#k-reader-title").focus({ preventScroll: true });
    let article = null;
    try {
      const reply = await fetch(address.pathname + address.search, { credentials: "omit" });
      if (reply.ok) article = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("k-source");
    } catch { /* the sentence below is what the reader needs to know */ }
    if (opener !== link) return;
    if (!article) { body.textContent = "This text could not be opened. Please try again."; return; }
    body.replaceChildren(document.adoptNode(article));
    const target = address.hash && body.querySelector("#" + CSS.escape(address.hash.slice(1)));
    const before = target && target.previousElementSibling;  // its heading comes into view with it; its note is inside
    const from = before && before.tagName === "H2" ? before : target;
    const top = from ? from.getBoundingClientRect().top - body.getBoundingClientRect().top - 20 : 0;
    body.scrollTop += top;
    if (card && wide.matches) card.scrollIntoView({ block: "nearest" });
  }
  wide.addEventListener("change", () => { if (reader && reader.open) { reader.close(); show(); } });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && reader && reader.open) { event.preventDefault(); shut(); }
  });

  // ---- copying: the editor's note if there is one, the quote as it stands, then where it is from
  async function told(button, words) {
    if (button.dataset.says) return;
    const says = button.dataset.says = button.textContent;
    let done = true;
    try { await navigator.clipboard.writeText(words); } catch { done = false; }
    button.textContent = done ? "Copied" : "Could not copy";
    setTimeout(() => { button.textContent = says; delete button.dataset.says; }, 2500);
  }
  function copy(button) {
    const quote = button.closest(".k-card").querySelector("blockquote").textContent;
    told(button, [button.dataset.note, `“${quote}”`, button.dataset.cite].filter(Boolean).join("\n\n"));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.k-open");
    if (link && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey) {
      event.preventDefault();
      open(link);
      return;
    }
    if (event.target.closest("a.k-leave")) { event.preventDefault(); leave(); return; }
    const button = event.target.closest(".k-copy");
    if (button) { copy(button); return; }
    const share = event.target.closest(".k-share-link");
    if (share) { told(share, `${window.location.origin}${window.location.pathname}#q=${encodeURIComponent(asked)}`); return; }
    if (event.target.closest(".k-print")) { window.print(); return; }
    if (event.target.closest(".k-to-sources")) {
      const tab = toTab("Sources");
      if (tab) tab.focus();
    }
  });
})();
