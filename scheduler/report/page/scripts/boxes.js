/* Box plots: one row a configuration, points by their score. */
function drawBoxes() {
  const holder = here("boxes");
  if (!holder) return;
  const few = 30;
  const state = { order: data.labels.length > few ? "best" : "grid", points: true, filter: "", all: data.labels.length <= few };
  const boxes = data.boxes.map((box) => (box.n ? { ...box, scores: floats(box.scores), repeats: integers(box.repeats) } : box));
  const plot = element("div", { class: "plot" });
  const told = element("p", { class: "told waiting" });
  holder.replaceChildren(plot, told);

  function shown() {
    const orders = {
      grid: () => data.labels.map((_, i) => i),
      best: () => [...data.best],
      median: () => [...data.best].sort((a, b) => (boxes[a].box?.[2] ?? Infinity) - (boxes[b].box?.[2] ?? Infinity)),
      name: () => [...data.best].sort((a, b) => data.labels[a].localeCompare(data.labels[b], "en", { numeric: true })),
    };
    const found = orders[state.order]().filter((i) => data.labels[i].toLowerCase().includes(state.filter.toLowerCase()));
    return { found, rows: state.all ? found : found.slice(0, few) };
  }

  function reach(rows) {
    const filled = rows.map((i) => boxes[i]).filter((box) => box.n);
    const far = Math.max(...filled.map(({ box }) => box[3] + 4 * Math.max(box[3] - box[1], 0.02 * Math.abs(box[3]))));
    const numbers = filled.flatMap((box) => [box.scores[0], Math.min(far, box.scores[box.scores.length - 1])]);
    return ends(numbers, data.references);
  }

  function draw(width) {
    const { found, rows } = shown();
    const narrow = width < 620, step = narrow ? 52 : 40, top = 16 + 14 * Math.max(1, data.references.length);
    const most = Math.max(26, Math.floor((0.3 * width) / 7.2)), gutter = narrow ? 8 : 24 + 7.2 * Math.max(4, ...rows.map((i) => nameOf(i, most).length));
    const height = top + Math.max(1, rows.length) * step + 46, bottom = height - 44;
    const svg = frame(width, height, summary(rows));
    const [low, high] = reach(rows);
    const asides = rows.map((i) => aside(boxes[i], high));
    const x = scale(low, high, gutter, width - (narrow ? 16 : 16 + 6.6 * Math.max(0, ...asides.map((words) => words.length))));
    const middle = (row) => top + row * step + (narrow ? 33 : step / 2);
    horizontalAxis(svg, x, top - 4, bottom, narrow ? `${data.score} (less is better)` : `${data.score}${cut(data.units, 60)} (less is better)`);
    const places = rows.map((i, row) => drawBox(svg, boxes[i], x, middle(row), high));
    data.references.forEach((reference, k) => referenceAcross(svg, reference, k, x, top, bottom, width));
    rows.forEach((i, row) => {
      const y = narrow ? top + row * step + 13 : middle(row) + 4;
      const room = narrow ? Math.floor(width / 8) - asides[row].length : most;
      svg.append(shape("g", {}, shape("title", {}, data.labels[i]), text(nameOf(i, room), { x: narrow ? 8 : gutter - 12, y, "text-anchor": narrow ? "start" : "end" })));
      if (asides[row]) svg.append(text(asides[row], { class: "soft", x: width - 4, y, "text-anchor": "end" }));
    });
    plot.replaceChildren(svg);
    told.textContent = rows.length < found.length ? `${rows.length} of ${counted(found.length, "configuration")} are shown.` : found.length ? "" : "No configuration has this in its name.";
    told.hidden = !told.textContent;
    pointAt(svg, rows, places, middle, step);
  }

  function aside({ n, diverged, scores }, high) {
    const beyond = n ? scores.filter((score) => score > high).length : 0;
    return [n ? "" : "no score", beyond ? `${beyond} beyond \u2192` : "", diverged ? `${diverged} diverged` : ""].filter(Boolean).join(", ");
  }

  function summary(rows) {
    const filled = rows.filter((i) => boxes[i].n);
    const best = filled.length ? filled.reduce((a, b) => (boxes[a].box[2] <= boxes[b].box[2] ? a : b)) : null;
    return `Box plots of the ${data.score} of ${counted(rows.length, "configuration")}.` + (best === null ? " None has a score." : ` The lowest median is ${number(boxes[best].box[2])}, of ${data.labels[best]}.`) + " The numbers are in the summary table.";
  }

  function drawBox(svg, box, x, y, high) {
    if (!box.n) return [];
    const [least, q1, q2, q3, most] = box.box.map((value) => x(Math.min(value, high)));
    svg.append(shape("path", { class: "whisker", d: `M${least} ${y - 5}V${y + 5}M${least} ${y}H${q1}M${q3} ${y}H${most}M${most} ${y - 5}V${y + 5}` }));
    svg.append(shape("rect", { class: "box", x: q1, y: y - 11, width: Math.max(0.5, q3 - q1), height: 22, rx: 2 }));
    const places = Array.from(box.scores, (score, i) => ({ x: x(score), y: y + (((i * 0.618034) % 1) - 0.5) * 16, inside: score <= high }));
    const dots = places.filter((place) => place.inside).map((place) => `M${place.x.toFixed(1)} ${place.y.toFixed(1)}h0`);
    if (state.points) svg.append(shape("path", { class: "point", d: dots.join("") }));
    svg.append(shape("line", { class: "median", x1: q2, x2: q2, y1: y - 11, y2: y + 11 }));
    if (box.mean <= high) svg.append(shape("path", { class: "mean", d: `M${x(box.mean)} ${y - 5}l5 5l-5 5l-5 -5z` }));
    return places;
  }

  function referenceAcross(svg, { name, value }, k, x, top, bottom, width) {
    const [low, high] = x.ends, inside = value >= low && value <= high, y = top - 13 - 14 * k;
    const words = `${name} ${number(value)}${inside ? "" : value > high ? " is beyond the axis \u2192" : " is below the axis \u2190"}`;
    const half = 3.4 * words.length, at = inside ? Math.max(half, Math.min(width - half, x(value))) : width - half;
    if (inside) svg.append(shape("line", { class: "reference", x1: x(value), x2: x(value), y1: y + 5, y2: bottom, "stroke-dasharray": REFERENCE_DASHES[k] }));
    svg.append(text(words, { class: "reference-name", x: at, y, "text-anchor": "middle" }));
  }

  function pointAt(svg, rows, places, middle, step) {
    const filled = rows.map((_, row) => row).filter((row) => places[row].some((place) => place.inside));
    const nearest = (row, x) => {
      let best = null;
      places[row].forEach((place, i) => { if (place.inside && (best === null || Math.abs(place.x - x) < Math.abs(places[row][best].x - x))) best = i; });
      return best === null ? null : { row, i: best };
    };
    pointable(plot, svg, {
      name: "Box plots of the scores",
      first: () => (filled.length ? { row: filled[0], i: 0 } : null),
      at: (x, y) => {
        const row = rows.findIndex((_, r) => Math.abs(y - middle(r)) < step / 2);
        return row < 0 ? null : nearest(row, x);
      },
      move: ({ row, i }, key) => {
        if (key !== "ArrowUp" && key !== "ArrowDown") return { row, i: along(i, places[row].filter((place) => place.inside).length, key) };
        const next = filled[filled.indexOf(row) + (key === "ArrowDown" ? 1 : -1)];
        return next === undefined ? { row, i } : nearest(next, places[row][i].x);
      },
      mark: ({ row, i }, marks) => {
        marks.append(shape("circle", { class: "ring", cx: places[row][i].x, cy: places[row][i].y, r: 5 }));
        return places[row][i];
      },
      tell: ({ row, i }) => {
        const box = boxes[rows[row]], repeat = box.repeats[i];
        return [
          data.labels[rows[row]],
          `repeat ${repeat}: ${number(box.scores[i])}${data.seeds?.[repeat] ? ` (seed ${data.seeds[repeat]})` : ""}`,
          `median ${number(box.box[2])}, mean ${number(box.mean)}, middle half ${number(box.box[1])} to ${number(box.box[3])}`,
          `${counted(box.n, "score")}${box.diverged ? `, ${box.diverged} diverged` : ""}`,
        ];
      },
    });
  }

  const redraw = responsive(plot, draw);
  const set = (name) => (value) => { state[name] = value; redraw(); };
  const search = element("input", { type: "search", placeholder: "part of a name" });
  search.addEventListener("input", () => set("filter")(search.value));
  here("boxes-controls").append(
    choice("Order", [["grid", "as in the grid"], ["best", "by mean"], ["median", "by median"], ["name", "by name"]], state.order, set("order")),
    tickbox("Points", true, set("points")),
    ...(data.labels.length > 8 ? [element("label", {}, element("span", { class: "told" }, "Filter"), search)] : []),
    ...(data.labels.length > few ? [tickbox(`All ${data.labels.length}`, false, set("all"))] : []),
  );
  holder.after(element("p", { class: "caption" }, "Box: the middle half with the median as a bar and the mean as a diamond; whiskers: the furthest score within 1.5 times the box's width of it."));
}
