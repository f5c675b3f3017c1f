"use strict";
/* What all pictures share: elements, numbers, scales, axes, and one way to point at data by mouse, finger or keyboard. */

const data = JSON.parse(document.getElementById("data").textContent);

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
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
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

function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "\u2013";
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-4)) return value.toExponential(3).replace("-", "\u2212");
  const places = size >= 1e4 ? 0 : size >= 1000 ? 1 : size >= 1 ? 3 : 5;
  return value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places }).replace("-", "\u2212");
}

const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const cut = (text, most) => (text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}\u2026`);

/* Round steps between two ends; at most `most` + 1 of them. */
function ticks(low, high, most) {
  const rough = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.8) ?? rough;
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step + 0);
  const places = Math.max(0, Math.min(8, -Math.floor(Math.log10(step) + 1e-9) + (Math.abs(step / power - 2.5) < 1e-6 ? 1 : 0)));
  const exponent = Math.max(Math.abs(low), Math.abs(high)) >= 1e7;
  const name = (value) => (exponent ? value.toExponential(1) : value.toLocaleString("en", { minimumFractionDigits: places, maximumFractionDigits: places })).replace("-", "\u2212");
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

/* Ends of an axis for these numbers; the reference is shown where that does not squeeze the rest. */
function ends(numbers, reference, tails = 0) {
  let low = quantile(numbers, tails), high = quantile(numbers, 1 - tails);
  if (!Number.isFinite(low)) return reference ? [0, reference * 1.25] : [0, 1];
  if (reference !== null && reference < Math.max(high + 2 * (high - low), 1.3 * high)) {
    low = Math.min(low, reference);
    high = Math.max(high, reference);
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

function horizontalAxis(svg, x, top, bottom, name, { grid = true, most } = {}) {
  const [from, to] = [x(x.ends[0]), x(x.ends[1])];
  for (const tick of ticks(...x.ends, most ?? Math.max(2, Math.floor((to - from) / 62)))) {
    const at = x(tick.value);
    if (grid) svg.append(shape("line", { class: "rule", x1: at, x2: at, y1: top, y2: bottom }));
    svg.append(text(tick.name, { class: "soft", x: at, y: bottom + 17, "text-anchor": "middle" }));
  }
  svg.append(shape("line", { class: "axis", x1: from, x2: to, y1: bottom, y2: bottom }));
  if (name) svg.append(text(name, { class: "soft", x: (from + to) / 2, y: bottom + 36, "text-anchor": "middle" }));
}

function verticalAxis(svg, y, left, right) {
  for (const tick of ticks(...y.ends, Math.max(2, Math.floor(Math.abs(y(y.ends[0]) - y(y.ends[1])) / 34)))) {
    const at = y(tick.value);
    svg.append(shape("line", { class: "rule", x1: left, x2: right, y1: at, y2: at }));
    svg.append(text(tick.name, { class: "soft", x: left - 6, y: at + 4, "text-anchor": "end" }));
  }
}

/* Let a plot be pointed at. `at(x, y)` finds the nearest item, `move(item, key)` the next one, `mark(item)` draws a mark and
   returns where it is, `tell(item)` its words, line by line. */
function pointable(plot, svg, { name, first, at, move, mark, tell }) {
  const tip = document.getElementById("tip"), spoken = document.getElementById("spoken");
  const marks = shape("g", { "aria-hidden": "true" });
  let current = null;
  svg.append(marks);
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-label", `${name}. Use the arrow keys to go through it.`);

  function leave() {
    marks.replaceChildren();
    tip.hidden = true;
    current = null;
  }
  function show(item, aloud) {
    current = item;
    const place = mark(item, marks), lines = tell(item);
    tip.replaceChildren(...lines.map((line) => element("div", {}, line)));
    tip.hidden = false;
    const area = svg.getBoundingClientRect(), zoom = area.width / svg.viewBox.baseVal.width;
    const left = area.left + place.x * zoom, top = area.top + place.y * zoom;
    const beside = left + 16 + tip.offsetWidth < document.documentElement.clientWidth ? left + 14 : left - 14 - tip.offsetWidth;
    tip.style.left = `${Math.max(4, beside) + window.scrollX}px`;
    tip.style.top = `${Math.max(4, top - tip.offsetHeight - 8) + window.scrollY}px`;
    if (aloud) spoken.textContent = lines.join("; ");
  }
  svg.addEventListener("pointermove", (event) => {
    const area = svg.getBoundingClientRect(), zoom = svg.viewBox.baseVal.width / area.width;
    const item = at((event.clientX - area.left) * zoom, (event.clientY - area.top) * zoom);
    marks.replaceChildren();
    if (item === null) leave();
    else show(item, false);
  });
  svg.addEventListener("pointerleave", leave);
  plot.addEventListener("blur", leave);
  plot.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return leave();
    if (!/^(Arrow|Home$|End$|Page)/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
    const item = current === null ? first() : move(current, event.key);
    if (item === null) return;
    event.preventDefault();
    marks.replaceChildren();
    show(item, true);
  });
}

/* Go along a row of `count` positions by keys. */
function along(index, count, key) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageUp: -10, PageDown: 10, Home: -count, End: count };
  return Math.max(0, Math.min(count - 1, index + steps[key]));
}

/* Draw now, and again whenever the width changes. */
function responsive(holder, draw) {
  let width = 0;
  const redraw = () => {
    document.getElementById("tip").hidden = true;
    draw(Math.max(280, Math.floor(holder.clientWidth)));
  };
  new ResizeObserver(() => {
    if (Math.abs(holder.clientWidth - width) < 2) return;
    width = holder.clientWidth;
    redraw();
  }).observe(holder);
  return redraw;
}

function choice(name, options, chosen, change) {
  const select = element("select", {}, ...options.map(([value, label]) => element("option", { value: String(value) }, cut(label, 60))));
  select.value = String(chosen);
  select.addEventListener("change", () => change(select.value));
  return element("label", {}, element("span", { class: "told" }, name), select);
}

function tickbox(name, checked, change) {
  const input = element("input", { type: "checkbox", checked });
  input.addEventListener("change", () => change(input.checked));
  return element("label", {}, input, name);
}

/* A table on demand: the words of a picture. */
function wordsOf(title, rows) {
  const details = element("details", {}, element("summary", {}, title));
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    const [caption, heads, body] = rows();
    const line = (cells, tag) => element("tr", {}, ...cells.map((cell, i) => {
      const head = tag === "th" ? { scope: "col" } : i === 0 ? { scope: "row" } : {};
      return element(i === 0 ? "th" : tag, i === 0 ? { class: "text", ...head } : head, cell);
    }));
    const table = element("table", {}, element("caption", {}, caption), element("thead", {}, line(heads, "th")), element("tbody", {}, ...body.map((cells) => line(cells, "td"))));
    details.querySelector(".scroll")?.remove();
    details.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table));
  });
  return details;
}
