// Questions that have an answer, while somebody types: an ARIA combobox. The list comes once; nothing that is typed is sent.
(() => {
  "use strict";
  const MOST = 5, LONGEST = 60; // suggestions; characters of what is typed, beyond which it is a story and no search
  const LIGHT = new Set("a an the is it i of to in on for and or do does can what how my me you are if with".split(" "));
  const BOXES = "#k-first, #k-question textarea";
  let questions = [], list = null, shown = [], active = -1;
  const fold = (text) => text.toLowerCase().replace(/[’']/g, "").match(/[a-z0-9]+/g) || [];

  function matches(typed) {
    if (typed.length > LONGEST || typed.includes("\n")) return [];
    const words = fold(typed).filter((word, at, all) => !LIGHT.has(word) || all.length === 1);
    if (!words.join("").length || words.join("").length < 2) return [];
    return questions.filter(({ parts }) => words.every((word) => parts.some((part) => part.startsWith(word))))
      .sort((a, b) => a.parts.length - b.parts.length).slice(0, MOST);
  }
  function build(box) {
    list = document.createElement("ul");
    list.id = "k-suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Questions that have an answer");
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose([...list.children].indexOf(option), box);
    });
    const told = document.createElement("p");
    told.id = "k-suggested";
    told.className = "k-sr";
    told.setAttribute("role", "status");
    box.closest("#k-ask, .k-ask").append(list, told);
  }
  function dress(box) {
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": "k-suggestions",
      "aria-expanded": "false" })) box.setAttribute(name, value);
  }
  function close(box) {
    shown = [];
    active = -1;
    if (list) list.replaceChildren();
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }
  function open(box) {
    if (!list || !list.isConnected) build(box);
    if (box.getAttribute("role") !== "combobox") dress(box);
    close(box);
    shown = matches(box.value);
    const told = document.getElementById("k-suggested");
    told.textContent = shown.length ? `${shown.length} suggested ${shown.length === 1 ? "question" : "questions"}` : "";
    shown.forEach(({ question }, at) => {
      const option = document.createElement("li");
      option.id = `k-suggestion-${at}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.textContent = question;
      list.append(option);
    });
    box.setAttribute("aria-expanded", String(shown.length > 0));
  }
  function move(step, box) {
    active = (active + step + shown.length + 1) % (shown.length + 1); // one place more: none chosen
    const none = active === shown.length;
    if (none) active = -1;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    if (active < 0) box.removeAttribute("aria-activedescendant"); else box.setAttribute("aria-activedescendant", `k-suggestion-${active}`);
  }
  function choose(at, box) {
    const { question } = shown[at];
    close(box);
    document.dispatchEvent(new CustomEvent("k-chosen", { detail: question }));
    close(box);
  }
  const target = (event) => event.target.matches && event.target.matches(BOXES) ? event.target : null;
  document.addEventListener("input", (event) => {
    const box = target(event);
    if (!box) return;
    if (event.isTrusted) open(box); else close(box);
  });
  document.addEventListener("focusout", (event) => { const box = target(event); if (box) close(box); });
  document.addEventListener("keydown", (event) => {
    const box = target(event);
    if (!box || event.isComposing || !shown.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(active < 0 && event.key === "ArrowUp" ? shown.length : event.key === "ArrowDown" ? 1 : -1, box);
    } else if (event.key === "Enter" && !event.shiftKey) {
      if (active >= 0) { event.preventDefault(); choose(active, box); } else close(box);
    } else if (event.key === "Escape") {
      event.preventDefault();
      close(box);
    }
  }, true);
  fetch("/ui/suggestions.json").then((reply) => reply.json()).then((all) => {
    questions = all.map((question) => ({ question, parts: fold(question) }));
  }).catch(() => { /* the page works without them */ });
  const box = document.querySelector(BOXES);
  if (box) dress(box);
})();
