/* What all pictures of a block share: elements, numbers, names, scales and axes. */

/* The element of this block with an id: of several blocks each has its own name before its ids. */
const here = (id) => document.getElementById(data.block ? `${data.block}-${id}` : id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in made && typeof value !== "string") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "style") made.style.cssText = value; // as an attribute the policy of a served page refuses it
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

function bytes(text) {
  const raw = atob(text);
  const made = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) made[i] = raw.charCodeAt(i);
  return made.buffer;
}
const floats = (text) => new Float32Array(bytes(text));
const integers = (text) => new Int32Array(bytes(text));

/* Write a score, or what has its unit, as the tables of the page do. */
function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value), places = data.scientific ? 3 : data.places;
  const vanishes = size > 0 && size < 0.5 * 10 ** -places;
  if (size >= 1e9 || vanishes || (data.scientific && size > 0 && (size < 1e-3 || size >= 1e7))) {
    return value.toExponential(data.scientific ? data.places : vanishes ? 1 : 3).replaceAll("-", "\u2212");
  }
  return value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places }).replace("-", "\u2212");
}

const REFERENCE_DASHES = ["2 3", "9 4"];
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const cut = (words, most) => (words.length <= most ? words : `${words.slice(0, Math.max(1, most - 1))}\u2026`);

/* The name of a configuration in at most so many letters where that is possible: what all names share is shortened, never what differs. */
function nameOf(i, most) {
  if (data.labels[i].length <= most) return data.labels[i];
  return data.short.find((names) => names[i].length <= most)?.[i] ?? data.short.at(-1)?.[i] ?? data.labels[i];
}

/* Round steps between two ends; at most `most` + 1 of them. With `whole`, none is between whole numbers. */
function ticks(low, high, most, whole = false) {
  const rough = Math.max(whole ? 1 : 0, (high - low) / Math.max(1, most));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.8 && (!whole || Number.isInteger(size))) ?? rough;
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step + 0);
  const places = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9) + (Math.abs(step / power - 2.5) < 1e-6 ? 1 : 0)));
  const largest = Math.max(Math.abs(low), Math.abs(high)), digits = Math.max(0, Math.min(8, Math.floor(Math.log10(largest)) - Math.floor(Math.log10(step) + 1e-9)));
  const exponent = largest >= 1e7 || largest < 1e-3;
  const name = (value) => (exponent && value ? value.toExponential(digits) : value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places })).replaceAll("-", "\u2212");
  return found.map((value) => ({ value, name: name(value) }));
}

function scale(low, high, from, to) {
  const span = high - low || 1;
  const place = (value) => from + ((value - low) / span) * (to - from);
  place.back = (position) => low + ((position - from) / (to - from)) * span;
  place.ends = [low, high];
  return place;
}

/* The k-th smallest of the finite numbers, k between 0 and 1. */
function quantile(values, k) {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  return sorted.length ? sorted[Math.round(k * (sorted.length - 1))] : NaN;
}

/* Ends of an axis for these numbers; the references are shown where that does not squeeze the rest. */
function ends(numbers, references = [], tails = 0) {
  let low = quantile(numbers, tails), high = quantile(numbers, 1 - tails);
  const values = references.map(({ value }) => value);
  if (!Number.isFinite(low)) return values.length ? [0, Math.max(...values) * 1.25 || 1] : [0, 1];
  const above = Math.max(high + 2 * (high - low), 1.3 * high), below = Math.min(low - 2 * (high - low), 0.7 * low);
  for (const value of values.filter((one) => one < above && one > below)) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const margin = 0.05 * (high - low) || 0.05 * Math.abs(high) || 1;
  return [low - margin, high + margin];
}

/* Path through the points; a number that is not finite breaks the line. */
function path(xs, ys) {
  let made = "", drawing = false;
  for (let i = 0; i < xs.length; i++) {
    const there = Number.isFinite(ys[i]);
    if (there) made += `${drawing ? "L" : "M"}${xs[i].toFixed(1)} ${ys[i].toFixed(1)}`;
    drawing = there;
  }
  return made;
}

function ribbon(xs, lows, highs) {
  let made = "", start = 0;
  for (let i = 0; i <= xs.length; i++) {
    if (i < xs.length && Number.isFinite(lows[i]) && Number.isFinite(highs[i])) continue;
    if (i > start) {
      const forth = [], back = [];
      for (let j = start; j < i; j++) {
        forth.push(`${xs[j].toFixed(1)} ${lows[j].toFixed(1)}`);
        back.unshift(`${xs[j].toFixed(1)} ${highs[j].toFixed(1)}`);
      }
      made += `M${forth.join("L")}L${back.join("L")}Z`;
    }
    start = i + 1;
  }
  return made;
}

const text = (content, attributes) => shape("text", attributes, content);

function frame(width, height, label) {
  return shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

function horizontalAxis(svg, x, top, bottom, name, { grid = true, most, whole } = {}) {
  const [from, to] = [x(x.ends[0]), x(x.ends[1])];
  for (const tick of ticks(...x.ends, most ?? Math.max(2, Math.floor((to - from) / 62)), whole)) {
    const at = x(tick.value);
    if (grid) svg.append(shape("line", { class: "rule", x1: at, x2: at, y1: top, y2: bottom }));
    svg.append(text(tick.name, { class: "soft", x: at, y: bottom + 17, "text-anchor": "middle" }));
  }
  svg.append(shape("line", { class: "axis", x1: from, x2: to, y1: bottom, y2: bottom }));
  if (name) svg.append(text(name, { class: "soft", x: (from + to) / 2, y: bottom + 36, "text-anchor": "middle" }));
}

/* The marks of a vertical axis of this height, and the width of their widest name. */
function marksOf(low, high, height) {
  const marks = ticks(low, high, Math.max(2, Math.floor(height / 34)));
  return { marks, width: 14 + 6.9 * Math.max(2, ...marks.map(({ name }) => name.length)) };
}

function verticalAxis(svg, y, marks, left, right) {
  for (const tick of marks) {
    const at = y(tick.value);
    svg.append(shape("line", { class: "rule", x1: left, x2: right, y1: at, y2: at }));
    svg.append(text(tick.name, { class: "soft", x: left - 6, y: at + 4, "text-anchor": "end" }));
  }
}
