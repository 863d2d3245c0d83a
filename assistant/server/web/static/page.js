// What the page does in the browser: asking, the history of this tab, focus after an answer, the reader beside the card, copying.
// No data is ever put into HTML here except our own answers and /source pages, which the server has escaped.
(() => {
  "use strict";
  const { limit, suggest } = document.currentScript.dataset;
  const LIMIT = Number(limit);
  const root = document.documentElement;
  const wide = window.matchMedia("(min-width: 1180px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const left = () => root.classList.contains("k-left");
  root.classList.add("k-folding"); // quotes may be folded: there is a button to unfold them

  // a page kept for the Back button must not show the answer, nor leave the question to the browser's own memory of forms
  window.addEventListener("pagehide", () => {
    root.classList.add("k-left");
    document.querySelectorAll("textarea, input").forEach((box) => put(box, ""));
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

  const piece = (id) => { const found = document.getElementById(id); return found ? found.innerHTML : ""; };
  function toTab(name) {
    const tabs = [...document.querySelectorAll("#k-tabs [role=tab]")].filter((tab) => tab.offsetParent);
    const tab = tabs.find((each) => each.textContent.trim() === name);
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
    return tab;
  }

  // Gradio would load the page again once a lost server is back, and what was typed would be gone: it never finds out
  const send = window.fetch;
  window.fetch = (what, ...more) => String((what && what.url) || what).endsWith("/app_id")
    ? Promise.reject(new TypeError("The page stays as it is.")) : send.call(window, what, ...more);

  // ---- the history of this tab. Each place in it has a number; what belongs to it lives in this page, so it is gone with the tab.
  // For a reload it is also sealed with random bytes, used once: the sealed half is in the history, which a browser may write to
  // the disk, the bytes are in the name of the tab, which it does not, and which tells another site nothing.
  const MOST = 40, MARK = "seals", LONGEST_DRAFT = 16000, PAUSE = 400; // characters; milliseconds after the last key
  const contents = new Map(), answers = new Map(); // place -> {question, words, about, sheet}; question -> its answer's HTML
  let seals = [], number = 0; // [[place, bytes]], oldest first; the question that is shown
  try {
    const [mark, list] = JSON.parse(window.name);
    if (mark === MARK) seals = list.filter(([place, bytes]) => Number.isInteger(place) && typeof bytes === "string");
  } catch { /* another name, or none */ }
  const toText = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const mixed = (bytes, seal) => bytes.map((byte, at) => byte ^ seal[at]);
  const state = () => window.history.state || {};
  const country = () => root.dataset.country || ""; // see country.js
  function contentOf({ place, sealed } = state()) {
    if (contents.has(place)) return contents.get(place);
    const seal = (seals.find(([each]) => each === place) || [])[1];
    if (!seal || !sealed) return {};
    const content = JSON.parse(new TextDecoder().decode(mixed(toBytes(sealed), toBytes(seal))));
    contents.set(place, content);
    return content;
  }
  // a new place, or with "instead" another content for this one
  function go(content, instead) {
    const place = (instead && state().place) || Math.max(0, state().place || 0, ...contents.keys(), ...seals.map(([each]) => each)) + 1;
    const bytes = new TextEncoder().encode(JSON.stringify(content)), seal = window.crypto.getRandomValues(new Uint8Array(bytes.length));
    contents.set(place, content);
    seals = [...seals.filter(([each]) => each !== place), [place, toText(seal)]].slice(-MOST);
    const depth = (state().depth || 0) + (instead ? 0 : 1);
    window.history[instead ? "replaceState" : "pushState"]({ depth, place, sealed: toText(mixed(bytes, seal)) }, "");
    keep();
  }
  // what is typed and not asked stays for a reload, as the questions do
  let resting = 0;
  function keepDraft() {
    clearTimeout(resting);
    resting = setTimeout(() => {
      if (left()) return;
      const now = contentOf(), typed = box().value;
      const draft = typed.trim() && typed !== now.words && typed.length < LONGEST_DRAFT ? typed : "";
      if (draft !== (now.draft || "")) go({ ...now, draft }, true);
    }, PAUSE);
  }
  // with the browser's own name for the place, so that other pages of ours can lead back to it
  function keep() {
    const key = seals.length && window.navigation ? window.navigation.currentEntry.key : "";
    window.name = seals.length || country() ? JSON.stringify([MARK, seals, key, country()]) : "";
  }
  function forget() {
    for (const all of [contents, answers]) all.clear();
    seals = [];
    keep();
  }

  // ---- asking: the last question wins. Its words are those in the box when it was asked, and they stand above its answer
  const PATIENCE = 12000; // milliseconds; an answer takes well under one second
  let waiting = null, shared = "", source = "";
  // until Gradio has come, the shell that was served comes first in the document
  const box = () => document.querySelector("#k-first, #k-question textarea");
  const place = () => document.querySelector(".k-place");
  function put(box, words) {
    box.value = words;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const length = (words) => [...words.replace(/\s+/g, " ").trim()].length;
  function ask(words, { again = false, about = source } = {}) {
    const same = waiting && !waiting.late && (words === waiting.words || !words.trim());
    if (same) return; // pressed twice: on a slow link asking again would only take longer
    if (length(words) > LIMIT) { measure(); box().focus(); return; }
    shut();
    if (!again && words.trim()) {
      if (contentOf().draft) go({ ...contentOf(), draft: "" }, true);
      number = Math.max(0, ...[...contents.values()].map(({ question = 0 }) => question), contentOf().question || 0) + 1;
      go({ question: number, words, about }, contentOf().sheet);
    }
    fetchAnswer(words, about);
  }
  async function fetchAnswer(words, about, quiet) {
    if (waiting) { clearTimeout(waiting.timer); waiting.stop.abort(); }
    const mine = waiting = { words, id: number, late: false, stop: new AbortController(), timer: 0 };
    mine.timer = setTimeout(() => { mine.late = true; arrived(piece("k-lost"), mine); }, PATIENCE);
    if (!quiet) { toTab("Answers"); display(piece("k-pending"), words); }
    let html = piece("k-lost");
    try {
      const body = new URLSearchParams({ q: words, about: about || "", country: country() });
      const reply = await fetch("/ask", { method: "POST", body, signal: mine.stop.signal });
      if (reply.ok) html = await reply.text();
      else if (reply.status === 429 || reply.status === 503) html = piece("k-busy");
    } catch { /* the card says so */ }
    clearTimeout(mine.timer);
    if (mine !== waiting) return;
    waiting = null;
    if (html !== piece("k-lost") && html !== piece("k-busy")) answers.set(mine.id, html);
    if (quiet) display(html, words); else arrived(html, mine);
  }
  function display(html, words) {
    place().innerHTML = html;
    shared = words;
    const answer = place().querySelector(".k-answer");
    source = (answer && answer.dataset.source) || "";
    watch(answer);
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
    // on a small screen the main button of an urgent card, or the first quoted word, must be in view: what stands above scrolls away
    const height = window.innerHeight, tabs = document.querySelector("#k-shell .k-shell-tabs, #k-tabs");
    const from = urgent && height < 800 ? urgent : height < 500 ? place().querySelector(".k-asked") || target : tabs;
    clear();
    from.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  }
  // what is scrolled to stands right below the help lines, whatever their height
  function clear() {
    const bar = [...document.querySelectorAll(".k-helpbar")].find((each) => each.offsetParent);
    const fixed = bar && getComputedStyle(bar.closest("#k-helpbar-slot") || bar).position === "sticky";
    root.style.scrollPaddingTop = `${(fixed ? bar.offsetHeight : 0) + 4}px`;
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.defaultPrevented || event.target !== box()) return;
    event.preventDefault();
    ask(box().value);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target, chosen = event.submitter && event.submitter.name === "q" && event.submitter.value;
    if (form.matches(".k-helped")) { event.preventDefault(); return; }
    if (!form.matches("#k-shell form, .k-examples")) return;
    event.preventDefault();
    if (chosen) put(box(), chosen); // an example, or a question that has an answer
    ask(box().value, chosen ? { about: "" } : {});
  });

  // ---- a question that is too long stays in the box, whole, and a line says what to do
  function measure() {
    const typed = box(), over = typed ? length(typed.value) - LIMIT : 0;
    let line = document.getElementById("k-too-long");
    if (over <= 0) { if (line) line.remove(); return; }
    if (!line) {
      line = document.createElement("p");
      line.id = "k-too-long";
      line.setAttribute("role", "status");
    }
    line.textContent = `This is ${over.toLocaleString("en-US")} characters too long. Please shorten it to ${LIMIT.toLocaleString("en-US")}. Nothing was cut.`;
    const form = document.querySelector("#k-shell .k-ask, #k-ask");
    if (form.nextElementSibling !== line) form.after(line);
  }
  document.addEventListener("input", (event) => { if (event.target === box()) { measure(); keepDraft(); } });

  // ---- an answer that was found without the model is asked for again when the model is there
  const LOOK = 2000; // milliseconds
  let watching = 0;
  function watch(answer) {
    clearTimeout(watching);
    if (!answer || !answer.dataset.search) return;
    const id = number, words = shared;
    watching = setTimeout(async () => {
      let search = "";
      try { search = (await (await fetch("/healthz")).json()).search; } catch { /* looked at again */ }
      if (!answer.isConnected || number !== id || waiting) return;
      const read = (reader && reader.open) || answer.contains(document.activeElement) && document.activeElement.matches("a, button, summary");
      if (search === "full" && !read) fetchAnswer(words, "");
      else watch(answer);
    }, LOOK);
  }

  // ---- another country: the answer that is shown names its numbers, and the focus stays where it was chosen
  document.addEventListener("k-country", () => {
    answers.clear();
    const answer = place().querySelector(".k-answer");
    if (answer && shared) fetchAnswer(shared, contentOf().about, true);
  });

  // ---- back and forward: through the questions of this tab; an open source is closed first
  function show({ question = 0, words, about }) {
    const untouched = box() && (!box().value.trim() || box().value === shared);
    number = question;
    if (waiting) { clearTimeout(waiting.timer); waiting.stop.abort(); waiting = null; }
    if (words === undefined) {
      toTab("Answers");
      if (place().querySelector(".k-home")) return;
      place().innerHTML = homePiece;
      shared = source = "";
      if (untouched) put(box(), "");
      earlier();
      return;
    }
    if (untouched) put(box(), words);
    toTab("Answers");
    if (answers.has(question)) arrived(answers.get(question), { words }); else fetchAnswer(words, about);
  }
  window.addEventListener("popstate", (event) => {
    if (left() || !event.state) return; // a link within the page
    const content = contentOf(event.state);
    keep();
    if (!content.sheet) hide();
    if ((content.question || 0) !== number) show(content);
    if (content.sheet) open(null, content.sheet);
  });
  // at the beginning again: what was asked since
  let homePiece = "";
  function earlier() {
    const home = place() && place().querySelector(".k-home");
    const asked = [...new Set([...contents.values()].filter(({ sheet }) => !sheet).map(({ words }) => words).filter(Boolean))];
    if (!home || !asked.length || home.querySelector(".k-earlier")) return;
    const list = document.getElementById("k-earlier").content.cloneNode(true);
    const items = list.querySelector("ul");
    for (const words of asked.reverse().slice(0, 5)) {
      const item = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.className = "k-ask-this";
      button.textContent = words.length > 120 ? `${words.slice(0, 119)}…` : words;
      button.dataset.words = words;
      item.append(button);
      items.append(item);
    }
    home.prepend(list);
  }

  // ---- the page is usable before Gradio has come. Once Gradio stands complete it takes the place
  const parts = ["#k-helpbar-slot .k-helpbar", "#k-masthead-slot h1", "#k-question textarea", "#k-ask-button",
    "#k-tabs [role=tab]", "#k-results .k-place", "#k-notice-slot .k-notice"];
  function takeOver() {
    const app = document.querySelector("gradio-app"), shell = document.getElementById("k-shell");
    if (!app || parts.some((part) => !app.querySelector(part))) return false;
    const typed = shell && box(), answer = shell && place(), focused = document.activeElement;
    const at = focused === typed && [typed.selectionStart, typed.selectionEnd];
    const line = document.getElementById("k-too-long");
    if (line) line.remove();
    if (shell) shell.remove();
    root.classList.add("k-ready");
    document.dispatchEvent(new CustomEvent("k-dress"));
    box().removeAttribute("maxlength");
    box().setAttribute("autocomplete", "off"); // before any word is in it: browsers write what boxes hold to the disk
    if (typed && typed.value) put(box(), typed.value);
    if (at) { box().focus({ preventScroll: true }); box().setSelectionRange(...at); }
    if (answer) {
      place().replaceChildren(...answer.childNodes);
      if (place().contains(focused)) focused.focus({ preventScroll: true });
    }
    return true;
  }
  // a question in the fragment never reaches the server's log; it leaves the address bar at once
  function askFromAddress() {
    const words = new URLSearchParams(window.location.hash.slice(1)).get("q");
    if (!words) return false;
    window.history.replaceState(state(), "", window.location.pathname + window.location.search);
    put(box(), words);
    ask(words, { about: "" });
    return true;
  }
  window.addEventListener("hashchange", askFromAddress);
  function start() {
    if (left()) return;
    homePiece = place().innerHTML;
    if (!window.history.state) window.history.replaceState({ depth: 0 }, "");
    const now = contentOf();
    if (!askFromAddress()) {
      if (now.draft) put(box(), now.draft);
      if (now.words) show(now);
      if (now.sheet) open(null, now.sheet);
    }
    if (takeOver()) return;
    const watcher = new MutationObserver(() => { if (left() || takeOver()) watcher.disconnect(); });
    watcher.observe(root, { childList: true, subtree: true });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();

  // ---- the reader: our stored copy of a source, beside the card or as a full sheet on small screens
  let reader = null, opener = null, opening = "";
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
    body.addEventListener("click", (event) => { // within the source, so no place in the history
      const link = event.target.closest('a[href^="#"]');
      if (!link) return;
      event.preventDefault();
      within(body, link.hash, true);
    });
    reader.append(bar, body);
    reader.addEventListener("cancel", (event) => { event.preventDefault(); shut(); });
    document.body.append(reader);
  }
  function showReader() {
    if (wide.matches) { reader.show(); } else { reader.showModal(); }
    root.classList.toggle("k-reading", wide.matches);
  }
  function hide() {
    if (!reader || !reader.open) return;
    reader.close();
    root.classList.remove("k-reading");
    document.querySelectorAll(".k-card-open").forEach((card) => card.classList.remove("k-card-open"));
    const link = opener && opener.isConnected ? opener : linkTo(opening);
    if (link) link.focus();
    opener = null;
    opening = "";
  }
  const linkTo = (address) => [...document.querySelectorAll("a.k-open")].find((each) => each.href === address) || null;
  // Close and Esc take the step back that Back would, so that forward and back agree
  function shut() {
    if (!reader || !reader.open) return;
    hide();
    if (contentOf().sheet && !left()) window.history.back();
  }
  function within(body, hash, focus) {
    const target = hash && body.querySelector("#" + CSS.escape(decodeURIComponent(hash.slice(1))));
    const before = target && target.previousElementSibling;  // its heading comes into view with it; its note is inside
    const from = before && before.tagName === "H2" ? before : target;
    if (from) body.scrollTop += from.getBoundingClientRect().top - body.getBoundingClientRect().top - 20;
    if (from && focus) { from.tabIndex = -1; from.focus({ preventScroll: true }); }
  }
  async function open(link, href, title) {
    if (!reader) build();
    const address = new URL(href, window.location.href), body = reader.querySelector(".k-reader-body");
    document.querySelectorAll(".k-card-open").forEach((card) => card.classList.remove("k-card-open"));
    opener = link || linkTo(address.href);
    opening = address.href;
    const card = opener && opener.closest(".k-card");
    if (card) card.classList.add("k-card-open");
    reader.querySelector("#k-reader-title").textContent = (opener && opener.dataset.title) || title || "Source";
    body.textContent = "Opening…";
    if (!reader.open) showReader();
    reader.querySelector("#k-reader-title").focus({ preventScroll: true });
    let article = null;
    try {
      const reply = await fetch(address.pathname + address.search, { credentials: "omit" });
      if (reply.ok) article = new DOMParser().parseFromString(await reply.text(), "text/html").getElementById("k-source");
    } catch { /* the sentence below is what the reader needs to know */ }
    if (opening !== address.href) return;
    if (!article) { body.replaceChildren(failure("This text could not be opened.", () => open(opener, href, title))); return; }
    if (!opener) reader.querySelector("#k-reader-title").textContent = article.querySelector("h1").textContent;
    body.replaceChildren(document.adoptNode(article));
    within(body, address.hash);
    const at = card && card.getBoundingClientRect();
    if (card && wide.matches && (at.top < 80 || at.bottom > window.innerHeight)) { clear(); card.scrollIntoView({ block: "start" }); }
  }
  wide.addEventListener("change", () => { if (reader && reader.open) { reader.close(); showReader(); } });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && reader && reader.open && !event.defaultPrevented) { event.preventDefault(); shut(); }
  });

  // ---- tabs: arrow keys move and choose, as in any list of tabs
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest("#k-tabs [role=tab]");
    if (!tab || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    const tabs = [...document.querySelectorAll("#k-tabs [role=tab]")].filter((each) => each.offsetParent);
    const at = tabs.indexOf(tab), last = tabs.length - 1;
    const next = tabs[{ ArrowLeft: at ? at - 1 : last, ArrowRight: at < last ? at + 1 : 0, Home: 0, End: last }[event.key]];
    event.preventDefault();
    next.click();
    next.focus();
  });

  // ---- what these two tabs list comes by Gradio's event stream; where a network lets none through, it is fetched as a page is
  const LISTS = { Sources: "sources", About: "about" }, STREAM = 3000; // milliseconds that the stream has
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("#k-tabs [role=tab]"), name = tab && LISTS[tab.textContent.trim()];
    if (name) setTimeout(list, STREAM, name, 10);
  });
  async function list(name, tries) {
    const slot = document.getElementById(`k-${name}-slot`), now = slot && slot.querySelector("[class^='k-'], p");
    if (slot && slot.querySelector(".k-date")) return; // it has come
    if (!now) { if (tries) setTimeout(list, STREAM, name, tries - 1); return; } // the tab itself has not
    const reply = await fetch(`/${name}`, { credentials: "omit" }).catch(() => null);
    const whole = reply && reply.ok && new DOMParser().parseFromString(await reply.text(), "text/html").getElementById(`k-${name}`);
    if (!now.isConnected) return;
    now.replaceWith(whole ? document.adoptNode(whole) : failure("This list could not be loaded.", () => list(name, 10)));
  }
  function failure(words, again) {
    const line = document.createElement("p"), button = document.createElement("button");
    line.setAttribute("role", "alert");
    button.type = "button";
    button.className = "k-button";
    button.textContent = "Try again";
    button.addEventListener("click", again);
    line.append(words, " ", button);
    return line;
  }

  // ---- copying: the editor's note if there is one, the quote as it stands, then where it is from
  async function told(button, words) {
    const label = button.querySelector("span") || button;
    if (button.dataset.says) return;
    const says = button.dataset.says = label.textContent;
    let done = true;
    try { await navigator.clipboard.writeText(words); } catch { done = false; }
    label.textContent = done ? "Copied" : "Could not copy";
    setTimeout(() => { label.textContent = says; delete button.dataset.says; }, 2500);
  }
  function copy(button) {
    const quote = button.closest(".k-card").querySelector("blockquote").textContent, { note, cite, receipt } = button.dataset;
    told(button, [note, `“${quote}”`, cite, receipt && `Receipt: ${receipt}`].filter(Boolean).join("\n\n"));
  }
  function unfold(button) {
    const card = button.closest(".k-card"), folded = !card.classList.toggle("k-unfolded");
    button.setAttribute("aria-expanded", String(!folded));
    button.querySelector("span").textContent = folded ? "Show the whole passage" : "Show less";
  }

  // ---- suggestions come with the first key, or the first look into the box
  document.addEventListener("focusin", (event) => {
    if (event.target !== box() || document.getElementById("k-suggesting")) return;
    const script = document.createElement("script");
    script.id = "k-suggesting";
    script.src = suggest;
    document.head.append(script);
  });

  const presses = {
    "#k-ask-button": () => ask(box().value),
    ".k-chip": (chip) => { put(box(), chip.textContent.trim()); ask(box().value, { about: "" }); },
    ".k-ask-this": (button) => { put(box(), button.dataset.words); ask(button.dataset.words, { about: "" }); },
    "#k-sources-slot .k-again": () => list("Sources", 10),
    ".k-again": () => ask(shared, { again: true, about: "" }),
    ".k-alone": () => ask(shared, { about: "" }),
    ".k-forget": (button) => {
      forget();
      button.closest(".k-earlier").remove();
      box().focus();
    },
    ".k-copy": copy,
    ".k-unfold": unfold,
    ".k-share-link": (button) => told(button, `${window.location.origin}${window.location.pathname}#q=${encodeURIComponent(shared)}`),
    ".k-pass-on": (button) => told(button, new URL(button.dataset.link, window.location.href).href),
    ".k-helped button": (button) => {
      fetch("/helped", { method: "POST", body: new URLSearchParams({ helped: button.value }) }).catch(() => { /* not counted */ });
      button.closest(".k-helped").textContent = "Thank you.";
    },
  };
  document.addEventListener("click", (event) => {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.defaultPrevented;
    const link = event.target.closest("a.k-open, a.k-to-sources");
    if (link && plain) {
      const tab = link.classList.contains("k-to-sources") && toTab("Sources");
      if (link.classList.contains("k-to-sources") && !tab) return; // Gradio has not come yet: the page of its own opens
      event.preventDefault();
      if (tab) { tab.focus(); return; }
      const href = link.getAttribute("href"), now = contentOf();
      go({ question: number, words: now.words, about: now.about, sheet: href }, now.sheet);
      open(link, href);
      return;
    }
    const within = plain && event.target.closest('a[href^="#"]'), target = within && document.querySelector(`${within.hash}`);
    if (target) { // no place in the history: a reload there would not know the question
      event.preventDefault();
      clear();
      target.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
      const inside = (target.matches(".k-country") && target.querySelector("select")) || target;
      if (inside === target) target.tabIndex = -1;
      inside.focus({ preventScroll: true });
      return;
    }
    for (const [what, press] of Object.entries(presses)) {
      const pressed = event.target.closest(what);
      if (pressed) { press(pressed); return; }
    }
  });
  document.addEventListener("k-chosen", (event) => { put(box(), event.detail); ask(event.detail, { about: "" }); });
})();
