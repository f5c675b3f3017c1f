/* How the score of all repeats together falls with their number. */
function drawEnsembles() {
  const holder = here("ensembles");
  if (!holder || !data.ensembles.length) return;
  const plots = element("div", {});
  holder.replaceChildren(plots);
  const pointed = [...new Set(data.ensembles.flatMap(({ sizes }) => sizes))].sort((a, b) => a - b);

  const margin = 0.015 * (pointed.at(-1) - pointed[0]);

  function draw(width) {
    const lines = data.ensembles.map(({ index, sizes, scores }, k) => ({
      name: nameOf(index, 60), short: nameOf(index, 26), label: data.labels[index], colour: `var(--c${k})`, dash: DASHES[k], xs: sizes, middle: scores, dots: true,
    }));
    const plot = element("div", { class: "together" });
    linePlot(plot, {
      width, height: Math.min(340, Math.max(240, width * 0.36)), x: [pointed[0] - margin, pointed.at(-1) + margin], y: ends(lines.flatMap(({ middle }) => middle), data.references), xName: "repeats together",
      label: `Expected ${data.score} by the number of repeats together, of ${lines.map(({ label }) => label).join(", ")}.`,
      lines, references: data.references, pointed, ends: true,
      tell: (i) => [counted(pointed[i], "repeat"), ...lines.filter(({ xs }) => xs.includes(pointed[i])).map(({ label, xs, middle }) => `${label}: ${number(middle[xs.indexOf(pointed[i])])}`)],
    });
    const references = data.references.map(({ name, value }, k) => ({ name: `${name} ${number(value)}`, kind: "reference", dash: REFERENCE_DASHES[k] }));
    plots.replaceChildren(legend([...lines, ...references]), plot);
  }

  responsive(plots, draw);
}
