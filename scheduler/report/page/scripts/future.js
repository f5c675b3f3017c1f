/* The end of the series, the forecast beyond it, and the bands of its intervals. */
function drawFuture() {
  const holder = here("beyond");
  if (!holder || !data.future) return;
  const { each, label } = data.future;
  const state = { series: 0, target: 0 };
  const plots = element("div", {});
  holder.replaceChildren(plots);
  const written = (value) => {
    const whole = { places: data.places, scientific: data.scientific };
    const { places, scientific } = each[state.series];
    Object.assign(data, { places, scientific });
    const found = number(value);
    Object.assign(data, whole);
    return found;
  };

  function draw(width) {
    const { start, end, times, targets } = each[state.series];
    const { name, observed, median, since, bands } = targets[state.target];
    const past = observed.map((_, k) => start + k), ahead = median.map((_, k) => end + k);
    const last = observed.at(-1), joined = [end - 1, ...ahead];
    const lines = [
      { name: "observed", kind: "observed", xs: past, middle: observed, dots: observed.length < 80 },
      ...[...bands].reverse().map(({ level, low, high }, k) => ({ name: `${level} interval`, kind: "test", band: true, xs: joined, low: [last, ...low], high: [last, ...high], middle: k === bands.length - 1 ? [last, ...median] : joined.map(() => NaN) })),
    ];
    const middle = { name: "forecast, median of the repeats", kind: "test", dash: "7 4", xs: joined, middle: [last, ...median] };
    // Its own dots, since not every step need have been observed.
    const later = { kind: "observed", xs: ahead, middle: since.map((value) => value ?? NaN), dots: true };
    const after = since[0] === null ? [] : [{ kind: "observed", xs: [end - 1, end], middle: [last, since[0]] }];
    const all = [lines[0], ...after, later, ...lines.slice(1).map((line) => ({ ...line, middle: joined.map(() => NaN) })), middle];
    const numbers = all.flatMap(({ low = [], middle: values, high = [] }) => [...low, ...values, ...high]).filter(Number.isFinite);
    const plot = element("div", {});
    linePlot(plot, {
      width, height: Math.min(420, Math.max(280, width * 0.42)), x: [start - 0.3, end + median.length - 0.7], y: ends(numbers),
      label: `${each.length > 1 ? `${each[state.series].name}, ` : ""}${name}: the forecast beyond the end by ${label}, ${counted(median.length, "step")}.`,
      xTicks: { from: start, names: times }, lines: all, pointed: ahead, divide: { x: end - 0.5, name: "beyond the end" },
      tell: (k) => [
        times[ahead[k] - start], `forecast: ${written(median[k])}`,
        ...bands.map(({ level, low, high }) => `${level}: ${written(low[k])} to ${written(high[k])}`),
        ...(since[k] === null ? [] : [`observed: ${written(since[k])}`]),
      ],
    });
    plots.replaceChildren(legend([{ ...lines[0], dash: "" }, { ...middle, band: bands.length > 0, name: bands.length ? `${middle.name}, ${bands.map(({ level }) => level).join(" and ")} intervals` : middle.name }]), plot);
  }

  const redraw = responsive(plots, draw);
  const choose = (name, field, options) => choice(name, options.map((option, i) => [i, option.name]), 0, (value) => { state[field] = Number(value); redraw(); });
  const targets = each.map((one) => one.targets.length);
  if (each.length > 1) here("beyond-controls").append(choose("Series", "series", each));
  if (targets[0] > 1 && targets.every((count) => count === targets[0])) here("beyond-controls").append(choose("Target", "target", each[0].targets));
}
