/* Returns the texts with too little contrast, one for each pair of colours; also those that are folded away. */
document.querySelectorAll("details").forEach((details) => { details.open = true; });
const parse = (colour) => {
  const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
  return { rgb: [r, g, b], a };
};
const linear = (part) => (part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const over = (top, below) => top.rgb.map((part, i) => part * top.a + below[i] * (1 - top.a));
function ground(element) {
  if (!element) return [255, 255, 255];
  const own = parse(getComputedStyle(element).backgroundColor);
  return own.a === 1 ? own.rgb : over(own, ground(element.parentElement));
}
const opacity = (element) => (element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1);
const weak = new Map();
for (const element of document.querySelectorAll("article *, .sidebar-tree *")) {
  const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join(" ");
  const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  if (!text.trim() || !seen || element.closest("svg, script, style")) continue;
  const below = ground(element);
  const own = parse(getComputedStyle(element).color);
  const colour = over({ rgb: own.rgb, a: own.a * opacity(element) }, below);
  const [dark, light] = [luminance(colour), luminance(below)].sort((a, b) => a - b);
  const ratio = (light + 0.05) / (dark + 0.05);
  const pair = `${colour} on ${below}`;
  if (ratio < 4.5) weak.set(pair, [ratio.toFixed(2), pair, text.slice(0, 40), element.className]);
}
return [...weak.values()];
