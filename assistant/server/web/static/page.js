// What the page does in the browser: asking, focus after an answer, the reader beside the card, copying a quotation.
// No data is ever put into HTML here except our own answers and /source pages, which the server has escaped.
(() => {
  "use strict";
  const wide = window.matchMedia("(min-width: 1180px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

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

  // ---- asking: the last question wins. Its words are those in the box when it was asked, and they stand above its answer
  const PATIENCE = 12000; // milliseconds; an answer takes well under one second
  let waiting = null, shared = "";
  // until Gradio has come, the shell that was served comes first in the document
  const box = () => document.querySelector("#k-first, #k-question textarea");
  const place = () => document.querySelector(".k-place");
  async function ask(words) {
    const same = waiting && !waiting.late && (words === waiting.words || !words.trim());
    if (same) return; // pressed twice: on a slow link asking again would only take longer
    if (waiting) { clearTimeout(waiting.timer); waiting.stop.abort(); }
    const mine = waiting = { words, late: false, stop: new AbortController(), timer: 0 };
    mine.timer = setTimeout(() => { mine.late = true; arrived(piece("k-lost"), mine); }, PATIENCE);
    shut();
    toTab("Answers");
    display(piece("k-pending"), words);
    let html = piece("k-lost");
    try {
      const reply = await fetch("/ask", { method: "POST", body: new URLSearchParams({ q: words }), signal: mine.stop.signal });
      if (reply.ok) html = await reply.text();
      else if (reply.status === 429 || reply.status === 503) html = piece("k-busy");
    } catch { /* the card says so */ }
    clearTimeout(mine.timer);
    if (mine !== waiting) return;
    waiting = null;
    arrived(html, mine);
  }
  function display(html, words) {
    place().innerHTML = html;
    shared = words;
    if (!words.trim() || place().querySelector(".k-asked")) return;
    const line = document.getElementById("k-asked").content.cloneNode(true);
    line.querySelector("span").textContent = words;
    place().prepend(line);
  }
  // focus goes to what has changed, so that it is read out; who types the next question already keeps the box
  function arrived(html, { words }) {
    display(html, words);
    const target = place().querySelector("[data-focus]"), urgent = place().querySelector(".k-urgent");
    const typing = document.activeElement === box() && box().value.trim() && box().value !== words;
    if (urgent) toTab("Answers");
    if (!target || (typing && !urgent)) return;
    if (!typing) target.focus({ preventScroll: true });
    // on a small screen the main button of an urgent card must be in view: the question box scrolls away
    const from = urgent && window.innerHeight < 800 ? "#k-shell .k-shell-tabs, #k-tabs" : "#k-shell .k-ask, #k-ask";
    document.querySelector(from).scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== box()) return;
    event.preventDefault();
    ask(box().value);
  }, true);
  document.addEventListener("submit", (event) => {
    const shell = document.getElementById("k-shell");
    if (!shell || !shell.contains(event.target)) return;
    event.preventDefault();
    if (event.submitter && event.submitter.value) put(box(), event.submitter.value); // an example
    ask(box().value);
  });

  // ---- the page is usable before Gradio has come. Once Gradio stands complete it takes the place
  const parts = ["#k-helpbar-slot .k-helpbar", "#k-masthead-slot h1", "#k-question textarea", "#k-ask-button",
    "#k-tabs [role=tab]", "#k-results .k-home", "#k-notice-slot .k-notice"];
  function put(box, words) {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function takeOver() {
    const app = document.querySelector("gradio-app"), shell = document.getElementById("k-shell");
    if (!app || parts.some((part) => !app.querySelector(part))) return false;
    const typed = shell && box(), answer = shell && place(), focused = document.activeElement;
    const at = focused === typed && [typed.selectionStart, typed.selectionEnd];
    if (shell) shell.remove();
    document.documentElement.classList.add("k-ready");
    if (typed && typed.value) put(box(), typed.value);
    if (at) { box().focus({ preventScroll: true }); box().setSelectionRange(...at); }
    if (answer && !answer.querySelector(".k-home")) {
      place().replaceChildren(...answer.childNodes);
      if (place().contains(focused)) focused.focus({ preventScroll: true });
    }
    return true;
  }
  // a question in the fragment never reaches the server's log; it leaves the address bar at once
  function askFromAddress() {
    const words = new URLSearchParams(window.location.hash.slice(1)).get("q");
    if (!words) return;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    put(box(), words);
    ask(words);
  }
  window.addEventListener("hashchange", askFromAddress);
  function start() {
    askFromAddress();
    if (takeOver()) return;
    const watch = new MutationObserver(() => { if (takeOver()) watch.disconnect(); });
    watch.observe(document.documentElement, { childList: true, subtree: true });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();

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
    if (event.target.closest("#k-ask-button")) { ask(box().value); return; }
    const example = event.target.closest(".k-chip");
    if (example) { put(box(), example.textContent.trim()); ask(box().value); return; }
    const button = event.target.closest(".k-copy");
    if (button) { copy(button); return; }
    const share = event.target.closest(".k-share-link");
    if (share) { told(share, `${window.location.origin}${window.location.pathname}#q=${encodeURIComponent(shared)}`); return; }
    if (event.target.closest(".k-print")) { window.print(); return; }
    if (event.target.closest(".k-to-sources")) {
      const tab = toTab("Sources");
      if (tab) tab.focus(); else window.location.assign("/plain#k-sources"); // Gradio has not come yet
    }
  });
})();
