// Shows what the demo's API says: swaps the parts of the page that changed, and lets one see what they were.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const form = $(".composer");
const outcome = $(".outcome");
let version = Number(document.body.dataset.version);
const shown = {}; // part name: the HTML that is shown

const boxes = () => new Map($$("[data-part=body] input[data-ref]").map((box) => [box.dataset.ref, box.defaultChecked]));
const botComments = () => new Map($$("[data-by='ddbot[bot]']").map((c) => [c.id, $(".markdown", c).textContent]));

function show(state) {
  if (state.version < version) return; // an answer that was overtaken
  version = state.version;
  const ticks = boxes(), comments = botComments(), focused = document.activeElement?.dataset?.line;
  for (const [name, html] of Object.entries(state.parts)) {
    if (shown[name] === html) continue;
    $(`[data-part=${name}]`).innerHTML = shown[name] = html;
  }
  if (focused) $(`input[data-line="${focused}"]`)?.focus({ preventScroll: true });
  const changed = $$("[data-part=body] input[data-ref]").filter((box) => ticks.get(box.dataset.ref) !== box.defaultChecked);
  for (const box of changed) box.closest("li").classList.add("flash");
  const said = $$("[data-by='ddbot[bot]']").filter((c) => comments.get(c.id) !== $(".markdown", c).textContent);
  for (const comment of said) comment.classList.add("fresh");
  const news = changed[0]?.closest("li") ?? said[0];
  if (news) reveal(news, changed.length ? "center" : "nearest");
  if (state.busy) tell("ddbot is at work…", "busy");
  else if (state.last) tell(state.summary, kindOf(state.last));
}

// kindOf tells a refusal of GitHub, an answer of the bot and a success apart.
function kindOf(last) {
  if (last.refused) return "wrong";
  if (last.reactions.length || last.ticked) return "good";
  return last.replies.length ? "said" : "";
}

// overlooked tells whether a comment that looks like a command was none.
const overlooked = (last, text) =>
  /(^|\s)\/?dd\b|\/[a-z]/i.test(text) && !last.replies.length && !last.reactions.length && !last.ticked && !last.unticked && !last.refused;

// reveal scrolls only if one would miss it.
function reveal(element, block) {
  const { top, bottom } = element.getBoundingClientRect();
  if (top >= 0 && bottom <= form.getBoundingClientRect().top) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
}

function tell(text, kind) {
  if (outcome.textContent !== text) outcome.textContent = text;
  outcome.className = `outcome ${kind}`;
}

// refresh runs once at a time, and once more if it was asked for meanwhile.
let running = false, again = false;
async function refresh() {
  if (running) { again = true; return; }
  running = true;
  try {
    do {
      again = false;
      const answer = await fetch("/api/state");
      if (answer.ok) show(await answer.json());
    } while (again);
  } catch {
    tell("The demo does not answer. Was it stopped?", "wrong");
  } finally {
    running = false;
  }
}

async function post(path, data) {
  tell("ddbot is at work…", "busy");
  for (const old of $$(".flash, .fresh")) old.classList.remove("flash", "fresh");
  try {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
    const result = await answer.json();
    if (answer.ok) { show(result); return result; }
    await refresh();
    tell(result.error, "wrong");
  } catch {
    tell("The demo does not answer. Was it stopped?", "wrong");
  }
  return false;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { as, body } = form.elements, button = $("[type=submit]", form);
  if (button.disabled) return;
  button.disabled = true;
  const text = body.value.trim() ? body.value : body.placeholder; // what stands there in grey is the first thing to try
  const result = await post("/api/comment", { as: as.value, body: text });
  if (result) body.value = "";
  if (result?.last && !result.busy && overlooked(result.last, text))
    tell("ddbot found no command in that: one begins with / at the beginning of its own line, outside of quotes and code.", "wrong");
  button.disabled = false;
});

form.elements.body.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

document.addEventListener("click", (event) => {
  const { example, days } = event.target.closest("button")?.dataset ?? {};
  if (example) {
    form.elements.body.value = example;
    form.elements.body.focus();
  }
  if (days) post("/api/clock", { days: Number(days) });
});

document.addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.matches("input[data-line]")) return;
  const done = await post("/api/tick", { as: form.elements.as.value, line: Number(box.dataset.line), checked: box.checked });
  if (!done && box.isConnected) box.checked = box.defaultChecked;
});

// Whoever has a keyboard can begin to type; on a phone it would cover the page.
if (matchMedia("(pointer: fine)").matches) form.elements.body.focus({ preventScroll: true });

// Live where the browser can, else by asking.
for (const part of $$("[data-part]")) shown[part.dataset.part] = part.innerHTML;
const poll = () => setInterval(refresh, 1500);
if (window.EventSource) {
  const events = new EventSource("/api/events");
  events.onmessage = (event) => { if (Number(event.data) > version) refresh(); };
  events.onerror = () => { if (events.readyState === EventSource.CLOSED) poll(); };
} else {
  poll();
}
