/* What is beside the pictures: menus, boxes to tick, legends and the numbers as a table. */

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

/* A table on demand: the numbers of a picture. */
function numbersOf(title, rows) {
  const details = element("details", {}, element("summary", {}, title));
  details.addEventListener("toggle", () => {
    if (!details.open) return;
    const [caption, heads, body] = rows();
    const line = (cells, tag) => element("tr", {}, ...cells.map((cell, i) => {
      const attributes = tag === "th" ? { scope: "col" } : i === 0 ? { scope: "row" } : {};
      if (typeof cell === "number") attributes["data-v"] = Number.isFinite(cell) ? String(cell) : "";
      if (i === 0) attributes.class = "text";
      return element(i === 0 ? "th" : tag, attributes, typeof cell === "number" ? number(cell) : cell);
    }));
    const table = element("table", {}, element("caption", {}, caption), element("thead", {}, line(heads, "th")), element("tbody", {}, ...body.map((cells) => line(cells, "td"))));
    for (const old of details.querySelectorAll(".scroll, .more")) old.remove();
    details.append(element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, table));
    savable(table, title);
  });
  return details;
}

function legend(items) {
  return element("ul", { class: "legend" }, ...items.map(({ name, kind, colour, dash, band }) => {
    const group = shape("g", kind ? { class: kind } : { style: `color: ${colour}` });
    if (band) group.append(shape("rect", { class: "band", x: 0, y: 1, width: 28, height: 10 }));
    if (dash !== undefined) group.append(shape("line", { class: kind === "reference" ? "" : "line", x1: 0, x2: 28, y1: 6, y2: 6, "stroke-dasharray": dash || "none" }));
    const sample = shape("svg", { viewBox: "0 0 28 12", "aria-hidden": "true" }, group);
    return element("li", {}, sample, name);
  }));
}

/* Choose configurations; of many, with a filter. */
function picker(known, best, chosen, change) {
  if (known.length < 2) return "";
  const boxes = known.map((i) => {
    const label = tickbox(nameOf(i, 80), chosen.has(i), (on) => {
      if (on) chosen.add(i);
      else chosen.delete(i);
      change();
    });
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
