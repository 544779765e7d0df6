/* Finds waiters as one types, on the page that tools/site.py writes. */
"use strict";

const form = document.getElementById("filter");
const box = document.getElementById("q");
const count = document.getElementById("count");
const none = document.getElementById("none");
// Words that a question has and no answer needs.
const FILLERS = new Set(
  "a ansible are aws be been boto3 for has have i in is my of the to until wait waiter waiting waits when".split(" "),
);

const words = (text) => text.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);

// Each waiter's words, those of CamelCase names also one by one, each after a space: a match begins where a word does.
const waiters = [...document.querySelectorAll(".waiter")].map((element) => {
  const title = element.closest(".service").querySelector("h2");
  const parts = [title, ...element.querySelectorAll("summary, .acceptors, .corrections, .params, .also")];
  const text = parts.map((part) => part.textContent).join(" ");
  const apart = text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return { element, source: element.dataset.source, text: ` ${words(text).join(" ")} ${words(apart).join(" ")}` };
});
const sources = form.elements.source;
const sections = [...document.querySelectorAll(".service")];

function filter() {
  const meant = words(box.value).filter((word) => !FILLERS.has(word));
  const source = sources.value;
  let shown = 0;
  for (const waiter of waiters) {
    const matches =
      (source === "all" || waiter.source === source) && meant.every((word) => waiter.text.includes(` ${word}`));
    waiter.element.hidden = !matches;
    shown += matches;
  }
  for (const section of sections) {
    section.hidden = !section.querySelector(".waiter:not([hidden])");
  }
  count.textContent = shown === waiters.length ? `${shown} waiters` : `${shown} of ${waiters.length} waiters`;
  none.hidden = shown > 0;
}

/* The address of the page says what is looked for, so that it can be sent to somebody. */
function remember() {
  const address = new URL(location.href);
  address.search = new URLSearchParams({
    ...(box.value.trim() && { q: box.value.trim() }),
    ...(sources.value !== "all" && { source: sources.value }),
  });
  address.hash = "";
  history.replaceState(null, "", address);
}

function recall() {
  const asked = new URL(location.href).searchParams;
  box.value = asked.get("q") ?? "";
  sources.value = "all"; // which stays where the address names none that there is
  sources.value = asked.get("source") ?? "all";
  filter();
}

function clear() {
  box.value = "";
  sources.value = "all";
  filter();
  remember();
}

/* What an address names is shown and open, whatever else is looked for. */
function visit() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target || !target.matches(".waiter, .service")) {
    return;
  }
  if (target.hidden) {
    const hash = location.hash;
    clear();
    history.replaceState(null, "", hash);
  }
  if (target.matches(".waiter")) {
    target.open = true;
  }
  target.scrollIntoView();
}

/* A button for the clipboard beside each task, where the browser lets pages write to it. */
function offer(waiter) {
  const task = waiter.querySelector(".task");
  if (!waiter.open || !navigator.clipboard || waiter.querySelector(".copy")) {
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy the task";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(task.textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy the task"), 2000);
  });
  waiter.querySelector(".links").prepend(button);
}

box.addEventListener("input", () => { filter(); remember(); });
form.addEventListener("change", () => { filter(); remember(); });
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("clear").addEventListener("click", () => { clear(); box.focus(); });
document.getElementById("waiters").addEventListener("toggle", (event) => offer(event.target), true);
window.addEventListener("hashchange", visit);
window.addEventListener("popstate", recall);

form.hidden = false;
recall();
visit();
