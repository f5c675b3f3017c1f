/* The live page: parts that change are put in place of the old ones, and the report is drawn anew when there is another. */
"use strict";

const page = document.body.dataset;
const live = { parts: new Map(), wanted: null, shown: null, loading: false, paused: false, source: null, timers: {}, said: {}, touched: new Set() };
/* Milliseconds without a word after which the server is asked instead, between two questions, and until events are tried again. */
const SILENCE = 15_000, ASK = 3_000, TRY_EVENTS = 60_000;

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");
const part = (name) => document.getElementById(`part-${name}`);
const selected = (root) => { const chosen = getSelection(); return !chosen.isCollapsed && root.contains(chosen.anchorNode); };
/* A click on what is replaced between press and release would be lost. */
const pressed = (root) => root.matches(":active");
const focusable = (root) => [...root.querySelectorAll("a, button, summary, input, select, [tabindex]")];

/* Take what the server tells. */
function take(message) {
  if (message.gone) {
    notice("This experiment was deleted.");
    leave();
    return;
  }
  if ("problem" in message) notice(message.problem);
  for (const [name, html] of Object.entries(message.parts ?? {})) live.parts.set(name, html);
  if (message.report) live.wanted = message.report;
  const waiting = document.getElementById("report-waiting");
  if (waiting && message.reportProblem) waiting.textContent = `The report could not be made: ${message.reportProblem}`;
  show();
}

/* Show what was taken, but what the reader is busy with. */
function show() {
  if (live.paused) return;
  for (const [name, html] of live.parts) {
    const old = part(name);
    if (!old || selected(old) || pressed(old)) continue;
    replace(old, parsed(html).body.firstElementChild);
    live.parts.delete(name);
  }
  tell();
  filterList();
  const report = document.getElementById("report");
  if (report && live.wanted !== live.shown && !report.contains(document.activeElement) && !selected(report) && !pressed(report)) loadReport();
}

/* Put a new part in place of an old one: what is open stays open, what is scrolled or has the focus, too. */
function replace(old, fresh) {
  for (const details of old.querySelectorAll("details[id]")) {
    const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = details.open;
  }
  const scrolled = [...old.querySelectorAll(".scroll")].map((box) => [box.scrollLeft, box.scrollTop]);
  const focused = focusable(old).indexOf(document.activeElement);
  old.replaceWith(fresh);
  [...fresh.querySelectorAll(".scroll")].forEach((box, i) => scrolled[i] && box.scrollTo(...scrolled[i]));
  if (focused >= 0) focusable(fresh)[focused]?.focus({ preventScroll: true });
}

/* Tell in the title and to screen readers how far it is: at each tenth, and when the state changes. */
function tell() {
  const { stands, ended, total } = part("progress")?.dataset ?? {};
  if (stands === undefined) return;
  const share = total > 0 ? Math.floor((100 * ended) / total) : 0, name = document.querySelector("h1").textContent;
  document.title = stands === "done" ? `${name} · done` : `${share}% · ${name} · ${stands}`;
  const tenth = `${stands} ${Math.floor(share / 10)}`;
  if (live.said.tenth !== undefined && live.said.tenth !== tenth) {
    document.getElementById("spoken").textContent = `${name}: ${stands}, ${ended} of ${total} repeats.`;
  }
  live.said.tenth = tenth;
}

function notice(words) {
  const line = document.getElementById("link");
  line.hidden = !words;
  if (line.textContent !== words) line.textContent = words;
}

/* The list shows the rows that have the words of the search. */
function filterList() {
  const search = document.getElementById("search");
  if (!search) return;
  const words = search.value.trim().toLowerCase();
  for (const row of document.querySelectorAll("#experiments-table tbody tr")) row.hidden = !row.dataset.text.toLowerCase().includes(words);
}

async function loadReport() {
  if (live.loading) return;
  live.loading = true;
  const token = live.wanted;
  try {
    const answer = await fetch(page.report);
    const text = await answer.text();
    if (answer.ok) {
      live.shown = token;
      showReport(parsed(text));
    } else {
      document.getElementById("report-waiting")?.replaceChildren(parsed(text).querySelector("main")?.textContent ?? text);
    }
  } catch {
    notice("The server does not answer. Trying again.");
  } finally {
    live.loading = false;
  }
}

/* Put a new report in place of the old one, with its tables sorted and its pictures chosen as they were. */
function showReport(made) {
  const old = document.getElementById("report"), fresh = made.getElementById("report");
  const before = choices(old), anchor = sectionAtTop(old);
  document.querySelector("header .facts-line")?.remove();
  document.querySelector("header").append(made.querySelector(".facts-line"));
  showSections(made);
  old.replaceWith(fresh);
  for (const source of made.querySelectorAll('script[type="application/json"]')) drawBlock(JSON.parse(source.textContent));
  choose(fresh, before);
  if (anchor) requestAnimationFrame(() => requestAnimationFrame(() => {
    const section = document.getElementById(anchor.id);
    if (section) window.scrollBy({ top: section.getBoundingClientRect().top - anchor.top, behavior: "instant" });
  }));
}

function showSections(made) {
  const list = document.querySelector("#sections ul"), own = [...list.querySelectorAll("[data-own]")];
  const fresh = [...made.querySelectorAll("nav li")], name = (items) => items.map((item) => item.textContent).join("\n");
  if (name(fresh) === name([...list.querySelectorAll("li:not([data-own])")])) return;
  list.replaceChildren(own[0], ...fresh, ...own.slice(1));
  sectionInView();
}

/* The section at the top of the window, and where it is, if the reader is within the report. */
function sectionAtTop(report) {
  const section = [...report.querySelectorAll("section")].findLast((one) => one.getBoundingClientRect().top < 120);
  return section ? { id: section.id, top: section.getBoundingClientRect().top } : null;
}

const inputsOf = (controls) => [...controls.querySelectorAll("input, select")];

/* What the reader has chosen in a report: sorted columns, open details, and the controls that were touched. */
function choices(report) {
  const sorted = [...report.querySelectorAll("th[aria-sort]")].map((head) => [head.closest("table").id, head.textContent, head.ariaSort]);
  const open = [...report.querySelectorAll("details")].map((details) => details.open);
  const controls = [...live.touched].map((id) => document.getElementById(id)).filter(Boolean)
    .map((one) => [one.id, inputsOf(one).map((input) => (input.type === "checkbox" ? input.checked : input.value))]);
  return { sorted, open, controls };
}

function choose(report, { sorted, open, controls }) {
  for (const [id, values] of controls) {
    const inputs = inputsOf(document.getElementById(id) ?? report.appendChild(document.createElement("span")));
    if (inputs.length !== values.length) continue;
    inputs.forEach((input, i) => {
      const key = input.type === "checkbox" ? "checked" : "value";
      if (input[key] === values[i]) return;
      input[key] = values[i];
      input.dispatchEvent(new Event(input.type === "search" ? "input" : "change", { bubbles: true }));
    });
  }
  const spoken = document.getElementById("spoken"), said = spoken.textContent;
  for (const [id, words, order] of sorted) {
    const heads = [...(document.getElementById(id)?.tHead?.rows[0].cells ?? [])];
    const button = heads.find((head) => head.textContent === words)?.querySelector("button");
    for (let clicks = order === "descending" ? 2 : 1; button && clicks > 0; clicks--) button.click();
  }
  spoken.textContent = said;
  const details = [...report.querySelectorAll("details")];
  if (details.length === open.length) details.forEach((one, i) => { one.open = open[i]; });
}

/* Be told of changes; ask where that is not possible. */
function connect() {
  leave();
  if (document.hidden || !page.events) return;
  if (!("EventSource" in window)) {
    ask();
    return;
  }
  live.source = new EventSource(page.events);
  const heard = () => {
    clearTimeout(live.timers.silence);
    live.timers.silence = setTimeout(askInstead, SILENCE);
  };
  live.source.addEventListener("message", (event) => {
    heard();
    take({ problem: "", ...JSON.parse(event.data) });
  });
  live.source.addEventListener("error", () => {
    if (live.source?.readyState === EventSource.CLOSED) askInstead();
    else notice("The server does not answer. Trying again.");
  });
  heard();
}

function askInstead() {
  leave();
  live.timers.events = setTimeout(connect, TRY_EVENTS);
  ask();
}

async function ask() {
  clearTimeout(live.timers.ask);
  try {
    const answer = await fetch(page.state);
    if (answer.status === 401 || answer.redirected) location.reload();
    else take(answer.ok ? { problem: "", ...await answer.json() } : { problem: `The server answers with ${answer.status}. Trying again.` });
  } catch {
    notice("The server does not answer. Trying again.");
  }
  live.timers.ask = setTimeout(ask, ASK);
}

function leave() {
  live.source?.close();
  live.source = null;
  for (const timer of Object.values(live.timers)) clearTimeout(timer);
}

function pauseButton() {
  const button = document.getElementById("pause");
  button.hidden = !page.events;
  button.addEventListener("click", () => {
    live.paused = !live.paused;
    button.textContent = live.paused ? "Resume updates" : "Pause updates";
    show();
  });
}

pauseButton();
document.getElementById("search")?.addEventListener("input", filterList);
if (page.report && !page.events) {
  live.wanted = "once";
  loadReport();
}
for (const kind of ["change", "input", "click"]) {
  document.addEventListener(kind, (event) => {
    const controls = event.isTrusted && event.target.closest?.('#report [id$="controls"]');
    if (controls) live.touched.add(controls.id);
  });
}
for (const kind of ["focusout", "pointerup"]) document.addEventListener(kind, () => setTimeout(show, 200));
document.addEventListener("visibilitychange", connect);
window.addEventListener("pagehide", leave);
connect();
