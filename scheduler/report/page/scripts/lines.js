/* Lines with bands over shared positions: one plot of them. */
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2"];
let clips = 0;

/* Draw lines over shared positions. Each line has `name`, `kind` (class) or `colour`, `dash`, `xs`, `middle` and, where there are any,
   `low`, `high`, `singles` (lists of numbers), `dots` and, where lines are named at their ends, `short`. `tell(i)` gives the words of the i-th position of `pointed`. */
function linePlot(holder, { width, height, title, titled, label, lines, x: [x0, x1], y: [y0, y1], log, xName, xTicks, references = [], pointed, tell, ends: named, divide }) {
  const svg = frame(width, height, label);
  const top = title ? 30 : 14, bottom = height - (xName ? 42 : 24), { marks: yMarks, width: left } = marksOf(y0, y1, bottom - top);
  const right = named && width > 620 ? 20 + 7 * Math.max(...lines.map(({ short }) => short.length)) : 24;
  const plain = log ? scale(Math.log10(Math.max(1, x0)), Math.log10(x1), left, width - right) : scale(x0, x1, left, width - right);
  const x = log ? Object.assign((value) => plain(Math.log10(value)), { ends: [x0, x1] }) : plain;
  const y = scale(y0, y1, bottom, top);
  verticalAxis(svg, y, yMarks, left, width - right);
  if (log) logAxis(svg, x, bottom, xName);
  else if (xTicks) namedAxis(svg, x, bottom, xName, xTicks);
  else horizontalAxis(svg, x, top, bottom, xName, { grid: false, whole: true });
  if (title) svg.append(shape("g", {}, shape("title", {}, title), text(titled, { class: "name", x: 6, y: 15 })));
  const clip = `${data.block}clip${clips++}`;
  svg.append(shape("clipPath", { id: clip }, shape("rect", { x: left, y: top, width: width - right - left, height: bottom - top })));
  const inner = shape("g", { "clip-path": `url(#${clip})` });
  svg.append(inner);
  const at = (values) => Array.from(values, (value) => (Number.isFinite(value) ? Math.max(-1e4, Math.min(1e4, y(value))) : NaN));
  const layer = (line, ...shapes) => inner.append(shape("g", line.colour ? { style: `color: ${line.colour}` } : { class: line.kind }, ...shapes));
  const across = lines.map((line) => Array.from(line.xs, x));
  lines.forEach((line, k) => line.low && layer(line, shape("path", { class: "band", d: ribbon(across[k], at(line.low), at(line.high)) })));
  lines.forEach((line, k) => layer(line, ...(line.singles ?? []).map((single) => shape("path", { class: "single", d: path(across[k], at(single)) }))));
  lines.forEach((line, k) => {
    const places = at(line.middle), dots = line.dots || places.length === 1 ? [...places.keys()].filter((i) => Number.isFinite(places[i])) : [];
    layer(line, shape("path", { class: "line", d: path(across[k], places), "stroke-dasharray": line.dash ?? "" }),
      ...dots.map((i) => shape("circle", { cx: across[k][i], cy: places[i], r: 2.3, fill: "currentColor" })));
  });
  references.forEach(({ value }, k) => {
    if (value >= y0 && value <= y1) svg.append(shape("line", { class: "reference", x1: left, x2: width - right, y1: y(value), y2: y(value), "stroke-dasharray": REFERENCE_DASHES[k] }));
  });
  if (divide) {
    svg.append(shape("line", { class: "divide", x1: x(divide.x), x2: x(divide.x), y1: top - 6, y2: bottom }));
    const fits = x(divide.x) + 12 + 6.6 * divide.name.length < width;
    svg.append(text(divide.name, { class: "soft", x: x(divide.x) + (fits ? 5 : -5), y: top + 4, "text-anchor": fits ? "start" : "end" }));
  }
  if (named && right > 30) nameEnds(svg, lines, y, width - right + 6, top, bottom);
  const plot = element("div", { class: "plot panel" }, svg);
  holder.append(plot);
  pointable(plot, svg, {
    name: title || label,
    first: () => (pointed.length ? 0 : null),
    at: (px, py) => {
      if (!pointed.length || px < left - 10 || px > width - right + 10 || py > bottom + 20) return null;
      return pointed.reduce((best, value, i) => (Math.abs(x(value) - px) < Math.abs(x(pointed[best]) - px) ? i : best), 0);
    },
    move: (i, key) => along(i, pointed.length, key),
    mark: (i, marks) => {
      marks.append(shape("line", { class: "cross", x1: x(pointed[i]), x2: x(pointed[i]), y1: top, y2: bottom }));
      let highest = bottom;
      for (const line of lines) {
        const j = Array.from(line.xs).indexOf(pointed[i]), value = line.middle[j];
        if (j < 0 || !Number.isFinite(value) || value < y0 || value > y1) continue;
        marks.append(shape("circle", { class: "ring", cx: x(pointed[i]), cy: y(value), r: 4 }));
        highest = Math.min(highest, y(value));
      }
      return { x: x(pointed[i]), y: highest };
    },
    tell,
  });
}

function logAxis(svg, x, bottom, name) {
  const [low, high] = x.ends;
  for (let power = 1; power <= high; power *= 10) {
    if (power >= low) svg.append(text(power.toLocaleString("en"), { class: "soft", x: x(power), y: bottom + 17, "text-anchor": "middle" }));
  }
  svg.append(shape("line", { class: "axis", x1: x(low), x2: x(high), y1: bottom, y2: bottom }));
  if (name) svg.append(text(`${name} (log)`, { class: "soft", x: (x(low) + x(high)) / 2, y: bottom + 36, "text-anchor": "middle" }));
}

function namedAxis(svg, x, bottom, name, { from, names }) {
  const widest = Math.max(...names.map((label) => Math.min(16, label.length))) * 7 + 34; // the last one may be moved to the left
  const every = Math.max(1, Math.ceil((names.length * widest) / (x(x.ends[1]) - x(x.ends[0]))));
  for (let i = (names.length - 1) % every; i < names.length; i += every) {
    const label = cut(names[i], 16), most = x(x.ends[1]) + 22 - 3.3 * label.length;
    svg.append(text(label, { class: "soft", x: Math.min(x(from + i), most), y: bottom + 17, "text-anchor": "middle" }));
  }
  svg.append(shape("line", { class: "axis", x1: x(x.ends[0]), x2: x(x.ends[1]), y1: bottom, y2: bottom }));
  if (name) svg.append(text(name, { class: "soft", x: (x(x.ends[0]) + x(x.ends[1])) / 2, y: bottom + 36, "text-anchor": "middle" }));
}

/* Put each line's name at its end, pushed apart where they would lie on each other. */
function nameEnds(svg, lines, y, x, top, bottom) {
  const placed = lines.map((line) => {
    const last = Array.from(line.middle).findLast(Number.isFinite);
    return { line, y: last === undefined ? bottom : Math.max(top, Math.min(bottom, y(last))) };
  }).sort((a, b) => a.y - b.y);
  placed.forEach((item, i) => { if (i) item.y = Math.max(item.y, placed[i - 1].y + 14); });
  for (let i = placed.length - 1, floor = bottom; i >= 0; i--, floor -= 14) placed[i].y = Math.min(placed[i].y, floor);
  for (const item of placed) svg.append(shape("g", { style: `color: ${item.line.colour}` }, text(item.line.short, { class: "end", x, y: item.y + 4 })));
}
