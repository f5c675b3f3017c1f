/* Lines with bands: one plot of them, and the trajectories made of such plots. */
const DASHES = ["", "7 4", "2 3", "9 3 2 3", "12 4", "4 2"];
let clips = 0;

/* Draw lines over shared positions. Each line has `name`, `kind` (class) or `colour`, `dash`, `xs`, `middle` and, where there are any,
   `low`, `high`, `singles` (lists of numbers) and `dots`. `tell(i)` gives the words of the i-th position of `pointed`. */
function linePlot(holder, { width, height, title, label, lines, x: [x0, x1], y: [y0, y1], log, xName, xTicks, reference, pointed, tell, ends: named, divide }) {
  const svg = frame(width, height, label);
  const right = named && width > 620 ? 150 : 24, left = 48, top = title ? 30 : 14, bottom = height - (xName ? 42 : 24);
  const plain = log ? scale(Math.log10(Math.max(1, x0)), Math.log10(x1), left, width - right) : scale(x0, x1, left, width - right);
  const x = log ? Object.assign((value) => plain(Math.log10(value)), { ends: [x0, x1] }) : plain;
  const y = scale(y0, y1, bottom, top);
  verticalAxis(svg, y, left, width - right);
  if (log) logAxis(svg, x, bottom, xName);
  else if (xTicks) namedAxis(svg, x, bottom, xName, xTicks);
  else horizontalAxis(svg, x, top, bottom, xName, { grid: false });
  if (title) svg.append(shape("g", {}, shape("title", {}, title), text(cut(title, Math.floor(width / 8)), { class: "name", x: 6, y: 15 })));
  const clip = `clip${clips++}`;
  svg.append(shape("clipPath", { id: clip }, shape("rect", { x: left, y: top, width: width - right - left, height: bottom - top })));
  const inner = shape("g", { "clip-path": `url(#${clip})` });
  svg.append(inner);
  const at = (values) => Array.from(values, (value) => (Number.isFinite(value) ? Math.max(-1e4, Math.min(1e4, y(value))) : NaN));
  const layer = (line, ...shapes) => inner.append(shape("g", line.colour ? { style: `color: ${line.colour}` } : { class: line.kind }, ...shapes));
  const across = lines.map((line) => Array.from(line.xs, x));
  lines.forEach((line, k) => line.low && layer(line, shape("path", { class: "band", d: ribbon(across[k], at(line.low), at(line.high)) })));
  lines.forEach((line, k) => layer(line, ...(line.singles ?? []).map((single) => shape("path", { class: "single", d: path(across[k], at(single)) }))));
  lines.forEach((line, k) => {
    const places = at(line.middle), dots = line.dots ? [...places.keys()].filter((i) => Number.isFinite(places[i])) : [];
    layer(line, shape("path", { class: "line", d: path(across[k], places), "stroke-dasharray": line.dash ?? "" }),
      ...dots.map((i) => shape("circle", { cx: across[k][i], cy: places[i], r: 2.3, fill: "currentColor" })));
  });
  if (reference !== null && reference >= y0 && reference <= y1) {
    svg.append(shape("line", { class: "reference", x1: left, x2: width - right, y1: y(reference), y2: y(reference) }));
  }
  if (divide) {
    svg.append(shape("line", { class: "divide", x1: x(divide.x), x2: x(divide.x), y1: top - 6, y2: bottom }));
    svg.append(text(divide.name, { class: "soft", x: x(divide.x) + 5, y: top + 4 }));
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
  const widest = Math.max(...names.map((label) => Math.min(16, label.length))) * 7 + 14;
  const every = Math.max(1, Math.ceil((names.length * widest) / (x(x.ends[1]) - x(x.ends[0]))));
  for (let i = (names.length - 1) % every; i < names.length; i += every) {
    svg.append(text(cut(names[i], 16), { class: "soft", x: x(from + i), y: bottom + 17, "text-anchor": "middle" }));
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
  for (const item of placed) svg.append(shape("g", { style: `color: ${item.line.colour}` }, text(cut(item.line.name, 20), { class: "end", x, y: item.y + 4 })));
}

function legend(items) {
  return element("ul", { class: "legend" }, ...items.map(({ name, kind, colour, dash, band }) => {
    const group = shape("g", kind ? { class: kind } : { style: `color: ${colour}` });
    if (band) group.append(shape("rect", { class: "band", x: 0, y: 1, width: 28, height: 10 }));
    if (dash !== undefined) group.append(shape("line", { class: kind === "reference" ? "" : "line", x1: 0, x2: 28, y1: 6, y2: 6, "stroke-dasharray": dash || "none" }));
    const sample = shape("svg", { viewBox: "0 0 28 12", "aria-hidden": "true" }, group);
    return element("li", {}, sample, cut(name, 60));
  }));
}

function drawCurves() {
  const holder = document.getElementById("curves");
  if (!holder) return;
  const known = data.labels.map((_, i) => i).filter((i) => data.trajectories[i]);
  const best = data.best.filter((i) => data.trajectories[i]);
  const state = { chosen: new Set(known.length <= 6 ? known : best.slice(0, 3)), layout: "panels", curve: "test", spread: "band", log: false };
  const decoded = {};
  const mostPanels = 12, mostTogether = DASHES.length;
  const plots = element("div", {}), told = element("p", { class: "told waiting", hidden: true });
  holder.replaceChildren(plots, told);

  function read(i) {
    if (decoded[i]) return decoded[i];
    const packed = data.trajectories[i], epochs = integers(packed.epochs), repeats = integers(packed.repeats);
    const split = (all) => Array.from(repeats, (_, r) => all.subarray(r * epochs.length, (r + 1) * epochs.length));
    const part = (name) => {
      const [low, middle, high] = packed[name].map(floats);
      return { low, middle, high, singles: split(floats(packed[`${name}_single`])) };
    };
    return (decoded[i] = { n: packed.n, epochs, repeats, train: part("train"), test: part("test"), ...(packed.validation ? { validation: part("validation") } : {}) });
  }

  /* The axis leaves out the steep fall of the first epochs and what diverges. */
  function limits(chosen, names) {
    const numbers = chosen.flatMap((i) => names.filter((name) => read(i)[name]).flatMap((name) => {
      const { low, middle, high, singles } = read(i)[name], epochs = read(i).epochs;
      const late = epochs.findIndex((epoch) => epoch >= epochs[epochs.length - 1] / 20);
      return [low, middle, high, ...(state.spread === "single" ? singles : [])].flatMap((curve) => Array.from(curve.subarray(late)));
    }));
    return ends(numbers, data.persistence, 0.004);
  }

  const persistence = data.persistence === null ? [] : [{ name: `persistence ${number(data.persistence)}`, kind: "reference", dash: "2 3" }];
  const lineOf = (i, name, style) => {
    const { low, middle, high, singles } = read(i)[name];
    return { ...style, xs: read(i).epochs, middle, ...(state.spread === "band" ? { low, high } : {}), singles: state.spread === "single" ? singles : [] };
  };
  const said = (name, { low, middle, high }, j) => `${name}: ${number(middle[j])} (${number(low[j])} to ${number(high[j])})`;

  function panels(chosen, width) {
    const columns = Math.max(1, Math.min(3, Math.floor(width / 310))), one = Math.floor((width - 8 * (columns - 1)) / columns);
    const validated = chosen.some((i) => read(i).validation);
    const y = limits(chosen, ["train", "validation", "test"]);
    const grid = element("div", { class: "panels" });
    grid.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
    for (const i of chosen) {
      const { epochs, train, validation, test, n } = read(i), last = epochs.length - 1;
      linePlot(grid, {
        width: one, height: columns === 1 ? 260 : 240, title: data.labels[i], y, x: [epochs[0], epochs[last]], log: state.log, xName: "epoch",
        label: `Trajectories of ${data.labels[i]}, ${counted(n, "repeat")}: the median test RMSE ends at ${number(test.middle[last])}, the median train RMSE at ${number(train.middle[last])}.`,
        lines: [lineOf(i, "train", { name: "train", kind: "train", dash: "5 3" }), ...(validation ? [lineOf(i, "validation", { name: "validation", kind: "validation", dash: "9 3 2 3" })] : []), lineOf(i, "test", { name: "test", kind: "test" })],
        reference: data.persistence, pointed: Array.from(epochs),
        tell: (j) => [`epoch ${epochs[j].toLocaleString("en")}`, said("test", test, j), ...(validation ? [said("validation", validation, j)] : []), said("train", train, j)],
      });
    }
    return [legend([
      { name: "test, median", kind: "test", dash: "", band: state.spread === "band" },
      { name: "train, median", kind: "train", dash: "5 3", band: state.spread === "band" },
      ...(validated ? [{ name: "validation, median", kind: "validation", dash: "9 3 2 3", band: state.spread === "band" }] : []),
      ...persistence,
    ]), grid];
  }

  function together(chosen, width) {
    const name = state.curve, plot = element("div", { class: "together" });
    const lines = chosen.map((i, k) => lineOf(i, name, { name: data.labels[i], colour: `var(--c${k})`, dash: DASHES[k] }));
    const pointed = [...new Set(chosen.flatMap((i) => Array.from(read(i).epochs)))].sort((a, b) => a - b);
    linePlot(plot, {
      width, height: Math.min(460, Math.max(300, width * 0.5)), y: limits(chosen, [name]), x: [pointed[0], pointed[pointed.length - 1]], log: state.log, xName: "epoch",
      label: `Median ${name} RMSE by epoch of ${chosen.map((i) => data.labels[i]).join(", ")}.`,
      lines, reference: data.persistence, pointed, ends: true,
      tell: (j) => [`epoch ${pointed[j].toLocaleString("en")}`, ...chosen.filter((i) => read(i).epochs.includes(pointed[j])).map((i) => said(data.labels[i], read(i)[name], read(i).epochs.indexOf(pointed[j])))],
    });
    return [legend([...lines.map((line) => ({ ...line, band: state.spread === "band" })), ...persistence]), plot];
  }

  function draw(width) {
    const all = known.filter((i) => state.chosen.has(i)), most = state.layout === "panels" ? mostPanels : mostTogether;
    const chosen = all.slice(0, most);
    told.textContent = all.length > most ? `The first ${most} of the ${all.length} chosen are drawn.` : all.length ? "" : "Choose a configuration.";
    told.hidden = !told.textContent;
    plots.replaceChildren(...(chosen.length ? (state.layout === "panels" ? panels : together)(chosen, width) : []));
  }

  const redraw = responsive(plots, draw);
  const set = (name) => (value) => { state[name] = value; curve.hidden = state.layout !== "together"; redraw(); };
  const curve = choice("Curve", [["test", "test"], ["train", "train"]], "test", set("curve"));
  curve.hidden = true;
  document.getElementById("curves-controls").append(
    choice("Layout", [["panels", "side by side"], ["together", "together"]], "panels", set("layout")), curve,
    choice("Spread", [["band", "10% to 90% band"], ["single", "single repeats"], ["none", "median only"]], "band", set("spread")), tickbox("Log epochs", false, set("log")),
    picker(known, best, state.chosen, redraw),
  );
  holder.after(wordsOf("The trajectories in numbers", () => {
    const rows = known.filter((i) => state.chosen.has(i)).flatMap((i) => {
      const { epochs, train, test } = read(i), last = epochs.length - 1;
      const picked = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last)))];
      return picked.map((j) => [data.labels[i], epochs[j].toLocaleString("en"), ...[test, train].flatMap((part) => [part.middle, part.low, part.high].map((values) => number(values[j])))]);
    });
    return ["Medians and 10% and 90% points of the RMSE at some epochs, of the chosen configurations.", ["configuration", "epoch", "test, median", "10%", "90%", "train, median", "10%", "90%"], rows];
  }));
}

/* Choose configurations; of many, with a filter. */
function picker(known, best, chosen, change) {
  if (known.length < 2) return "";
  const boxes = known.map((i) => {
    const label = tickbox(cut(data.labels[i], 80), chosen.has(i), (on) => { on ? chosen.add(i) : chosen.delete(i); change(); });
    return { i, label, input: label.querySelector("input") };
  });
  const pick = (wanted) => {
    chosen.clear();
    for (const i of wanted) chosen.add(i);
    for (const { i, input } of boxes) input.checked = chosen.has(i);
    change();
  };
  const button = (name, wanted) => {
    const made = element("button", { type: "button" }, name);
    made.addEventListener("click", () => pick(wanted));
    return made;
  };
  const search = element("input", { type: "search", placeholder: "part of a name", "aria-label": "Filter the configurations" });
  search.addEventListener("input", () => boxes.forEach(({ i, label }) => { label.hidden = !data.labels[i].toLowerCase().includes(search.value.toLowerCase()); }));
  return element("fieldset", { class: "picker" }, element("legend", {}, "Configurations"), button(`Best ${Math.min(3, known.length)}`, best.slice(0, 3)),
    button("None", []), ...(known.length > 12 ? [search] : []), element("div", { class: known.length > 12 ? "choices many" : "choices" }, ...boxes.map(({ label }) => label)));
}
