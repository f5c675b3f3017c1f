/* Forecasts against observations, of one or several configurations and of the best baseline. */
function drawForecasts() {
  const holder = here("forecast");
  if (!holder) return;
  const known = data.labels.map((_, i) => i).filter((i) => data.forecasts[i]);
  const best = data.best.filter((i) => data.forecasts[i]);
  const state = { chosen: new Set(best.slice(0, 1)), step: 0, target: 0, singles: false, baseline: true };
  const plots = element("div", {}), told = element("p", { class: "told waiting", hidden: true });
  holder.replaceChildren(plots, told);
  const values = floats(data.series.values);

  /* The numbers of one target at one step ahead, by test row, of an array of (rows, steps, targets). */
  function cutter([rows, horizon, targets]) {
    const step = Math.min(state.step, horizon - 1), target = Math.min(state.target, targets - 1);
    const pick = (all, from = 0) => Float32Array.from({ length: rows }, (_, k) => all[from + (k * horizon + step) * targets + target]);
    return { rows, step, target, pick, size: rows * horizon * targets };
  }

  function read(i) {
    const packed = data.forecasts[i], { rows, step, target, pick, size } = cutter(packed.shape);
    const [low, middle, high] = packed.band.map((part) => pick(floats(part)));
    const single = floats(packed.single), first = packed.start ? packed.start[0] + step : 1;
    return {
      i, n: packed.n, rows, first, xs: Array.from({ length: rows }, (_, k) => first + k), column: packed.start ? packed.start[1 + target] : null,
      observed: pick(floats(packed.observed)), low, middle, high, singles: Array.from({ length: packed.singles }, (_, r) => pick(single, r * size)),
    };
  }

  /* The best baseline forecasts the same rows as all configurations do. */
  function baseline({ xs, rows }) {
    if (!state.baseline || !data.baseline || data.baseline.shape[0] !== rows) return null;
    return { xs, middle: cutter(data.baseline.shape).pick(floats(data.baseline.values)), name: `best baseline, ${data.baseline.name}` };
  }

  /* What was observed before and in the test rows, and the names of the times, where the series has them. */
  function seen([{ first, rows, column, observed, xs }]) {
    if (column === null || !data.series.rows) return { xs, middle: Array.from(observed), from: first, times: null };
    const back = Math.max(0, first - Math.max(12, Math.min(60, 2 * rows)));
    const all = Array.from({ length: first + rows - back }, (_, k) => back + k);
    return { xs: all, middle: all.map((row) => values[row * data.series.columns + column]), from: first, times: data.series.times.length ? data.series.times : null };
  }

  const timeOf = (x, place) => place.times?.[x] ?? `test row ${x - place.from + 1}`;
  const chosenOnes = () => known.filter((i) => state.chosen.has(i));
  const said = ({ middle, low, high }, k) => `${number(middle[k])} (${number(low[k])} to ${number(high[k])})`;

  function draw(width) {
    const all = chosenOnes(), drawn = all.slice(0, DASHES.length).map(read);
    const lost = drawn.filter(({ middle }) => !middle.some(Number.isFinite)).map(({ i }) => nameOf(i, 60));
    told.textContent = !all.length ? "Choose a configuration." : lost.length ? `No finite forecast of ${lost.join("; ")}: every repeat diverged.` : all.length > drawn.length ? `The first ${drawn.length} of the ${all.length} chosen are drawn.` : "";
    told.hidden = !told.textContent;
    if (!drawn.length) return plots.replaceChildren();
    const place = seen(drawn), reference = baseline(drawn[0]), together = drawn.length > 1;
    const lines = drawn.map((one, k) => ({
      ...one, singles: state.singles ? one.singles : [], ...(together ? { colour: `var(--c${k})`, dash: DASHES[k] } : { kind: "test", dash: "7 4" }),
      name: together ? nameOf(one.i, 60) : `forecast, median of ${counted(one.n, "repeat")}`,
    }));
    const observed = { name: "observed", kind: "observed", xs: place.xs, middle: place.middle, dots: true };
    const beside = reference ? [{ ...reference, kind: "reference", dash: REFERENCE_DASHES[1] }] : [];
    plots.replaceChildren(legend([{ ...observed, dash: "" }, ...lines.map((line) => ({ ...line, band: true })), ...beside]));
    const plot = element("div", together ? { class: "together" } : {});
    plots.append(plot);
    plotLines(plot, width, place, [observed, ...lines, ...beside], drawn, reference);
    return null;
  }

  function plotLines(plot, width, place, lines, drawn, reference) {
    const names = drawn.map(({ i }) => data.labels[i]).join(", "), pointed = [...new Set(drawn.flatMap(({ xs }) => xs))].sort((a, b) => a - b);
    const numbers = lines.flatMap(({ low = [], middle, high = [], singles = [] }) => [low, middle, high, ...singles].flatMap((part) => Array.from(part)));
    const times = place.xs.map((x) => (place.times ? place.times[x] : String(x - place.from + 1)));
    linePlot(plot, {
      width, height: Math.min(420, Math.max(280, width * 0.42)), x: [place.xs[0] - 0.3, place.xs[place.xs.length - 1] + 0.3], y: ends(numbers, [], 0.001),
      label: `Forecasts of ${names} against the observations, ${counted(drawn[0].rows, "test row")}${data.forecasts[drawn[0].i].shape[1] > 1 ? `, ${counted(state.step + 1, "step")} ahead` : ""}.`,
      xName: place.times ? null : "test row", xTicks: { from: place.xs[0], names: times }, lines, pointed,
      divide: place.xs[0] < place.from ? { x: place.from - 0.5, name: "test rows" } : null,
      tell: (k) => {
        const x = pointed[k], row = place.xs.indexOf(x), at = drawn.map((one) => [one, one.xs.indexOf(x)]).filter(([, j]) => j >= 0);
        return [
          timeOf(x, place), `observed: ${number(place.middle[row])}`,
          ...at.map(([one, j]) => `${drawn.length > 1 ? data.labels[one.i] : "forecast"}: ${said(one, j)}`),
          ...(drawn.length > 1 ? [] : at.map(([one, j]) => `median off by ${number(one.middle[j] - one.observed[j])}`)),
          ...(reference?.xs.includes(x) ? [`${reference.name}: ${number(reference.middle[reference.xs.indexOf(x)])}`] : []),
        ];
      },
    });
  }

  const redraw = responsive(plots, draw);
  const set = (name) => (value) => { state[name] = typeof value === "string" ? Number(value) : value; redraw(); };
  const largest = (place) => Math.max(...known.map((i) => data.forecasts[i].shape[place]));
  const upTo = (count, names = []) => Array.from({ length: count }, (_, i) => [i, names[i] ?? String(i + 1)]);
  here("forecast-controls").append(
    ...(largest(1) > 1 ? [choice("Steps ahead", upTo(largest(1)), 0, set("step"))] : []),
    ...(largest(2) > 1 ? [choice("Target", upTo(largest(2), data.targets), 0, set("target"))] : []),
    tickbox("Single repeats", false, set("singles")),
    ...(data.baseline ? [tickbox(`Best baseline (${data.baseline.name})`, true, set("baseline"))] : []),
    picker(known, best, state.chosen, redraw),
  );
  holder.after(numbersOf("The forecasts in numbers", () => {
    const drawn = chosenOnes().map(read), most = 500;
    const all = drawn.flatMap((one) => {
      const place = seen([one]), other = baseline(one);
      return one.xs.map((x, k) => [data.labels[one.i], timeOf(x, place), ...[one.observed[k], one.middle[k], one.low[k], one.high[k], one.middle[k] - one.observed[k], ...(other ? [other.middle[k]] : [])]]);
    });
    const heads = ["configuration", "time", "observed", "forecast, median", "10%", "90%", "median off by", ...(state.baseline && data.baseline ? [`best baseline, ${data.baseline.name}`] : [])];
    return [`Observed values and forecasts of the chosen configurations${all.length > most ? `, the first ${most} of ${all.length} rows` : ""}.`, heads, all.slice(0, most)];
  }));
}
