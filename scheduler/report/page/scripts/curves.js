/* The trajectories. */
function drawCurves() {
  const holder = here("curves");
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
    return ends(numbers, data.curveReferences, 0.004);
  }

  const references = data.curveReferences.map(({ name, value }, k) => ({ name: `${name} ${number(value)}`, kind: "reference", dash: REFERENCE_DASHES[k] }));
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
        width: one, height: columns === 1 ? 260 : 240, title: data.labels[i], titled: nameOf(i, Math.floor(one / 8)), y, x: [epochs[0], epochs[last]], log: state.log, xName: "epoch",
        label: `Trajectories of ${data.labels[i]}, ${counted(n, "repeat")}: the median test RMSE ends at ${number(test.middle[last])}, the median train RMSE at ${number(train.middle[last])}.`,
        lines: [lineOf(i, "train", { name: "train", kind: "train", dash: "5 3" }), ...(validation ? [lineOf(i, "validation", { name: "validation", kind: "validation", dash: "9 3 2 3" })] : []), lineOf(i, "test", { name: "test", kind: "test" })],
        references: data.curveReferences, pointed: Array.from(epochs),
        tell: (j) => [`epoch ${epochs[j].toLocaleString("en")}`, said("test", test, j), ...(validation ? [said("validation", validation, j)] : []), said("train", train, j)],
      });
    }
    return [legend([
      { name: "test, median", kind: "test", dash: "", band: state.spread === "band" },
      { name: "train, median", kind: "train", dash: "5 3", band: state.spread === "band" },
      ...(validated ? [{ name: "validation, median", kind: "validation", dash: "9 3 2 3", band: state.spread === "band" }] : []),
      ...references,
    ]), grid];
  }

  function together(chosen, width) {
    const name = state.curve, plot = element("div", { class: "together" });
    const lines = chosen.map((i, k) => lineOf(i, name, { name: nameOf(i, 60), short: nameOf(i, 26), colour: `var(--c${k})`, dash: DASHES[k] }));
    const pointed = [...new Set(chosen.flatMap((i) => Array.from(read(i).epochs)))].sort((a, b) => a - b);
    linePlot(plot, {
      width, height: Math.min(460, Math.max(300, width * 0.5)), y: limits(chosen, [name]), x: [pointed[0], pointed[pointed.length - 1]], log: state.log, xName: "epoch",
      label: `Median ${name} RMSE by epoch of ${chosen.map((i) => data.labels[i]).join(", ")}.`,
      lines, references: data.curveReferences, pointed, ends: true,
      tell: (j) => [`epoch ${pointed[j].toLocaleString("en")}`, ...chosen.filter((i) => read(i).epochs.includes(pointed[j])).map((i) => said(data.labels[i], read(i)[name], read(i).epochs.indexOf(pointed[j])))],
    });
    return [legend([...lines.map((line) => ({ ...line, band: state.spread === "band" })), ...references]), plot];
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
  here("curves-controls").append(
    choice("Layout", [["panels", "side by side"], ["together", "together"]], "panels", set("layout")), curve,
    choice("Spread", [["band", "10% to 90% band"], ["single", "single repeats"], ["none", "median only"]], "band", set("spread")), tickbox("Log epochs", false, set("log")),
    picker(known, best, state.chosen, redraw),
  );
  holder.after(numbersOf("The trajectories in numbers", () => {
    const rows = known.filter((i) => state.chosen.has(i)).flatMap((i) => {
      const { epochs, train, test } = read(i), last = epochs.length - 1;
      const picked = [...new Set([0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last)))];
      return picked.map((j) => [data.labels[i], epochs[j].toLocaleString("en"), ...[test, train].flatMap((part) => [part.middle, part.low, part.high].map((values) => values[j]))]);
    });
    return ["Medians and 10% and 90% points of the RMSE at some epochs, of the chosen configurations.", ["configuration", "epoch", "test, median", "10%", "90%", "train, median", "10%", "90%"], rows];
  }));
}
