// What scripts add. Every page works without this file; it takes its words from the page.

const announce = (element, text) => { element.textContent = text; };

// Errors: the page opens at the summary. Browsers that know the autofocus attribute have done it by now.
addEventListener("load", () => requestAnimationFrame(() => {
  const summary = document.querySelector(".kp-error-summary");
  if (document.activeElement === document.body) summary?.focus();
}));

// 文字サイズ: changes at once and keeps what was typed. Where the request fails, the form is posted as without scripts.
for (const form of document.querySelectorAll("form.kp-size")) {
  form.addEventListener("submit", async (event) => {
    const chosen = event.submitter;
    if (!chosen) return;
    event.preventDefault();
    document.documentElement.dataset.size = chosen.value;
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === chosen));
    }
    const body = new URLSearchParams([[chosen.name, chosen.value]]);
    const back = form.querySelector("input[name=return]");
    if (back) body.append(back.name, back.value);
    try {
      // The answer leads back to this page; it need not be fetched again.
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      if (answer.ok || answer.type === "opaqueredirect") return;
    } catch {
      // Falls through to the form.
    }
    const size = document.createElement("input");
    size.type = "hidden";
    size.name = chosen.name;
    size.value = chosen.value;
    form.append(size);
    form.submit();
  });
}

// Passwords: a button of its own for each field, hidden again before anything is sent or remembered by the browser.
for (const field of document.querySelectorAll(".kp-field[data-show]")) {
  const words = field.dataset;
  const input = field.querySelector("input");
  const button = document.createElement("button");
  const status = document.createElement("span");
  button.type = "button";
  button.className = "kp-reveal";
  button.setAttribute("aria-controls", input.id);
  status.className = "kp-vh";
  status.setAttribute("role", "status");
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? words.hide : words.show;
    button.setAttribute("aria-label", visible ? words.hideOf : words.showOf);
  };
  show(false);
  button.addEventListener("click", () => {
    const visible = input.type === "password";
    show(visible);
    announce(status, visible ? words.shown : words.hidden);
  });
  input.form?.addEventListener("submit", () => show(false));
  addEventListener("pagehide", () => show(false));
  input.after(button, status);
  if (words.strength) meter(field, input, words);
}

// How hard a password is to guess, roughly: what repeats or runs on (aaa, abc, 123) adds nothing.
function strength(password) {
  let length = 0;
  let alphabet = 0;
  const characters = [...password];
  characters.forEach((character, index) => {
    const step = index > 0 ? character.codePointAt(0) - characters[index - 1].codePointAt(0) : 9;
    if (Math.abs(step) > 1) length += 1;
  });
  length = Math.min(length, new Set(characters).size * 1.5);
  for (const [kind, size] of [[/[a-z]/, 26], [/[A-Z]/, 26], [/[0-9]/, 10], [/[^a-zA-Z0-9]/, 15]]) {
    if (kind.test(password)) alphabet += size;
  }
  const bits = length * Math.log2(alphabet || 1);
  if (characters.length < 8 || bits < 45) return 1;
  return bits < 65 ? 2 : 3;
}

function meter(field, input, words) {
  const levels = words.strengthLevels.split("|");
  const box = document.createElement("div");
  const text = document.createElement("p");
  box.className = "kp-strength";
  text.setAttribute("aria-live", "polite");
  for (const level of levels) {
    const bar = document.createElement("span");
    bar.setAttribute("aria-hidden", "true");
    bar.dataset.name = level;
    box.append(bar);
  }
  box.append(text);
  field.querySelector(".kp-input").after(box);
  let timer = 0;
  const update = () => {
    const level = input.value ? strength(input.value) : 0;
    box.dataset.level = String(level);
    clearTimeout(timer);
    // Spoken when the typing pauses, not at every key.
    timer = setTimeout(() => {
      announce(text, level === 0 ? "" : words.strength + levels[level - 1] + (level < levels.length ? "　" + words.strengthAdvice : ""));
    }, 400);
  };
  input.addEventListener("input", update);
  update();
}
