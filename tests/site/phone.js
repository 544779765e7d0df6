/* Returns what sticks out of the page at the right and can't be scrolled to by itself, and the size of the smallest text. */
document.querySelectorAll("details").forEach((details) => { details.open = true; });
const article = document.querySelector("article");
const seen = [...article.querySelectorAll("*"), article].filter((element) => element.checkVisibility());
const scrolls = (element) =>
  element !== article.parentElement
  && (["auto", "scroll"].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
const wide = seen.filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element));
const sizes = seen
  .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((element) => !element.closest("sup, svg"))
  .map((element) => parseFloat(getComputedStyle(element).fontSize));
return [wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 100)), Math.min(...sizes, 99)];
