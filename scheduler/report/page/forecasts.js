/* Forecasts against observations, of one configuration at a time. */
function drawForecasts() {
  const holder = document.getElementById("forecast");
  if (!holder) return;
  const known = data.labels.map((_, i) => i).filter((i) => data.forecasts[i]);
  const first = data.best.find((i) => data.forecasts[i]);
  const state = { chosen: first, step: 0, target: 0, singles: false };
  const plots = element("div", {}), told = element("p", { class: "told waiting", hidden: true });
  holder.replaceChildren(plots, told);
  const values = floats(data.series.values);

  /* The numbers of one target at one step ahead, by test row. */
  function read() {
    const packed = data.forecasts[state.chosen], [steps, horizon, targets] = packed.shape;
    const step = Math.min(state.step, horizon - 1), target = Math.min(state.target, targets - 1);
    const pick = (all, from = 0) => Float32Array.from({ length: steps }, (_, k) => all[from + (k * horizon + step) * targets + target]);
    const [low, middle, high] = packed.band.map((part) => pick(floats(part)));
    const single = floats(packed.single), size = steps * horizon * targets;
    const singles = Array.from({ length: packed.singles }, (_, r) => pick(single, r * size));
    return { steps, horizon, targets, step, target, n: packed.n, start: packed.start, observed: pick(floats(packed.observed)), low, middle, high, singles };
  }

  /* What stands before the test rows, and the names of the times, where the series has them. */
  function before({ start, steps, step, target, observed }) {
    if (!start || !data.series.rows) return { xs: Array.from({ length: steps }, (_, k) => k + 1), seenXs: Array.from({ length: steps }, (_, k) => k + 1), seen: Array.from(observed), names: null };
    const from = start[0] + step, column = start[1 + target], back = Math.max(0, from - Math.max(12, Math.min(60, 2 * steps)));
    const seenXs = Array.from({ length: from + steps - back }, (_, k) => back + k);
    return {
      xs: Array.from({ length: steps }, (_, k) => from + k), seenXs, seen: seenXs.map((row) => values[row * data.series.columns + column]),
      names: data.series.times.length ? { from: back, names: data.series.times.slice(back, from + steps) } : null,
    };
  }

  const nameOf = (x, place) => (place.names ? place.names.names[x - place.names.from] : `test row ${x - place.xs[0] + 1}`);

  function draw(width) {
    const now = read(), place = before(now), label = data.labels[state.chosen];
    const none = !now.middle.some(Number.isFinite);
    told.textContent = none ? "No finite forecast: every repeat diverged." : "";
    told.hidden = !none;
    const numbers = [place.seen, now.low, now.high, ...(state.singles ? now.singles : [])].flatMap((part) => Array.from(part));
    plots.replaceChildren(legend([
      { name: "observed", kind: "observed", dash: "" },
      { name: `forecast, median of ${counted(now.n, "repeat")}`, kind: "test", dash: "7 4", band: true },
    ]));
    linePlot(plots, {
      width, height: Math.min(420, Math.max(280, width * 0.42)), x: [place.seenXs[0] - 0.3, place.seenXs[place.seenXs.length - 1] + 0.3], y: ends(numbers, null, 0.001),
      label: `Forecasts of ${label} against the observations, ${counted(now.steps, "test row")}${now.horizon > 1 ? `, ${counted(now.step + 1, "step")} ahead` : ""}.`,
      xName: place.names ? null : "test row", xTicks: place.names ?? { from: place.seenXs[0], names: place.seenXs.map((x) => String(x - place.xs[0] + 1)) },
      lines: [
        { name: "observed", kind: "observed", xs: place.seenXs, middle: place.seen, dots: true },
        { name: "forecast", kind: "test", dash: "7 4", xs: place.xs, low: now.low, middle: now.middle, high: now.high, singles: state.singles ? now.singles : [] },
      ],
      divide: place.seenXs[0] < place.xs[0] ? { x: place.xs[0] - 0.5, name: "test rows" } : null,
      reference: null, pointed: place.xs,
      tell: (k) => [nameOf(place.xs[k], place), `observed: ${number(now.observed[k])}`, `forecast: ${number(now.middle[k])} (${number(now.low[k])} to ${number(now.high[k])})`, `median off by ${number(now.middle[k] - now.observed[k])}`],
    });
  }

  const redraw = responsive(plots, draw);
  const set = (name) => (value) => { state[name] = typeof value === "string" ? Number(value) : value; options(); redraw(); };
  const controls = document.getElementById("forecast-controls");
  function options() {
    const { horizon, targets, step, target } = read(), focused = controls.contains(document.activeElement) ? [...controls.children].indexOf(document.activeElement.closest("label")) : -1;
    const upTo = (count) => Array.from({ length: count }, (_, i) => [i, String(i + 1)]);
    controls.replaceChildren(
      choice("Configuration", known.map((i) => [i, data.labels[i]]), state.chosen, set("chosen")),
      ...(horizon > 1 ? [choice("Steps ahead", upTo(horizon), step, set("step"))] : []),
      ...(targets > 1 ? [choice("Target", upTo(targets), target, set("target"))] : []),
      tickbox("Single repeats", state.singles, set("singles")),
    );
    if (focused >= 0) controls.children[Math.min(focused, controls.children.length - 1)].querySelector("select, input").focus();
  }
  options();
  holder.after(wordsOf("The forecasts in numbers", () => {
    const now = read(), place = before(now);
    const rows = place.xs.slice(0, 500).map((x, k) => [nameOf(x, place), ...[now.observed[k], now.middle[k], now.low[k], now.high[k], now.middle[k] - now.observed[k]].map(number)]);
    return [`Observed values and forecasts of ${data.labels[state.chosen]}${rows.length < place.xs.length ? ", the first 500 test rows" : ""}.`, ["time", "observed", "forecast, median", "10%", "90%", "median off by"], rows];
  }));
}
