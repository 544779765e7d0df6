/* Finds waiters as one types, among those of waiters.js. */
"use strict";

const form = document.getElementById("filter");
const box = document.getElementById("q");
const count = document.getElementById("count");
const none = document.getElementById("none");
const list = document.getElementById("waiters");
const more = document.getElementById("more");
const sources = form.elements.source;
const FIRST = 100; // more take long to lay out, and are too many to read
// Words that a question has and no answer needs.
const FILLERS = new Set(
  "a ansible are aws be been boto3 for has have i in is my of the to until wait waiter waiting waits when".split(" "),
);

const number = (count) => count.toLocaleString("en");
const words = (text) => text.toLowerCase().split(/[^a-z0-9]+/).filter(Boolean);

/* The words of a text, those of CamelCase names also one by one, each after a space: a match begins where a word does. */
function searchable(...texts) {
  const text = texts.join(" ");
  const apart = text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z])([A-Z][a-z])/g, "$1 $2");
  return ` ${words(text).join(" ")} ${words(apart).join(" ")}`;
}

const services = [...document.querySelectorAll("#services li")].map((element) => {
  const { title, params, waiters } = CATALOGUE.services[element.id];
  return { element, service: element.id, title, params, waiters, named: searchable(element.id, title) };
});
// Each waiter with its texts: its names, those with its description and operation, and those with all else.
const waiters = services.flatMap(({ service, title, params, waiters }) =>
  waiters.map(([name, source, operation, description, states]) => {
    const named = searchable(service, title, name, name.replaceAll("_", "")); // the latter as in boto3's spelling
    const described = named + searchable(description, operation);
    return { service, name, source, operation, description,
      texts: [named, described, described + searchable(params[operation], states)] };
  }),
);

function shown(waiter) {
  const part = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });
  const link = part("a", "name", `${waiter.service} `);
  link.href = `services/${waiter.service}.html#${waiter.name}`;
  link.append(part("b", "", waiter.name));
  const source = part("span", `source ${waiter.source}`, CATALOGUE.sources[waiter.source]);
  const item = part("li", "waiter", "");
  item.append(link, " ", source, part("span", "about", waiter.description), part("span", "facts", waiter.operation));
  return item;
}

/* The waiters that match, those whose names match before those with other matches. */
function found(meant, source) {
  const matches = (text) => meant.every((word) => text.includes(` ${word}`));
  const ranks = [[], [], []];
  for (const waiter of waiters) {
    const rank = source === "all" || waiter.source === source ? waiter.texts.findIndex(matches) : -1;
    ranks[rank]?.push(waiter);
  }
  return ranks.flat();
}

function filter(limit = FIRST) {
  const meant = words(box.value).filter((word) => !FILLERS.has(word));
  const matching = found(meant, sources.value);
  const listed = meant.length ? matching : [];
  list.replaceChildren(...listed.slice(0, limit).map(shown));
  more.hidden = listed.length <= limit;
  more.firstChild.textContent = `Show all ${number(listed.length)}`;
  const numbers = new Map();
  for (const { service } of matching) {
    numbers.set(service, (numbers.get(service) ?? 0) + 1);
  }
  for (const { element, service, named } of services) {
    const own = numbers.get(service) ?? 0;
    element.hidden = !own || !meant.every((word) => named.includes(` ${word}`));
    element.lastElementChild.textContent = own;
  }
  const all = `${number(waiters.length)} waiters`;
  count.textContent = matching.length === waiters.length ? all : `${number(matching.length)} of ${all}`;
  none.hidden = matching.length > 0;
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

/* Up to 1.0.0 all waiters were on this page: #athena-query_succeeded. */
function visit() {
  const [, service, name] = location.hash.match(/^#(.+)-(\w+)$/) ?? [];
  if (CATALOGUE.services[service]?.waiters?.some((waiter) => waiter[0] === name)) {
    location.replace(`services/${service}.html#${name}`);
  }
}

box.addEventListener("input", () => { filter(); remember(); });
// not of the box, which changes when a link is pressed: the link must not be replaced before it is released
form.addEventListener("change", (event) => { if (event.target !== box) { filter(); remember(); } });
form.addEventListener("submit", (event) => event.preventDefault());
more.addEventListener("click", () => filter(Infinity));
document.getElementById("clear").addEventListener("click", () => { clear(); box.focus(); });
window.addEventListener("hashchange", visit);
window.addEventListener("popstate", recall);

form.hidden = false;
recall();
visit();
