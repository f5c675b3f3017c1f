/* Pointing at data by mouse, finger or keyboard, and drawing again when the width changes. */

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
    if (event.key === "Escape") leave();
    const moves = /^(Arrow|Home$|End$|Page)/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
    const item = !moves ? null : current === null ? first() : move(current, event.key);
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
