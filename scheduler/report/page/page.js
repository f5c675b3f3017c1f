/* The page itself: theme, tables that sort, the matrix' details, the section in view; then the pictures. */
function theme() {
  const button = document.getElementById("theme"), root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const remember = (value) => { try { if (value) localStorage.setItem("theme", value); return localStorage.getItem("theme"); } catch { return null; } };
  const now = () => root.dataset.theme ?? (system.matches ? "dark" : "light");
  const name = () => { button.textContent = now() === "dark" ? "Light theme" : "Dark theme"; };
  const kept = remember();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;
  button.hidden = false;
  button.addEventListener("click", () => { root.dataset.theme = now() === "dark" ? "light" : "dark"; remember(root.dataset.theme); name(); });
  system.addEventListener("change", name);
  name();
}

function sortable(table) {
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.v === undefined ? cell.textContent : cell.dataset.v === "" ? NaN : Number(cell.dataset.v);
  };
  const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b);
  heads.forEach((head, column) => {
    const button = element("button", { type: "button" }, ...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows].map((row) => ({ row, key: key(row, column) }));
      const lost = ({ key: value }) => typeof value === "number" && Number.isNaN(value);
      rows.sort((a, b) => lost(a) - lost(b) || (lost(a) ? 0 : compare(a.key, b.key) * (down ? -1 : 1)));
      body.append(...rows.map(({ row }) => row));
      document.getElementById("spoken").textContent = `Sorted by ${button.textContent}, ${down ? "descending" : "ascending"}.`;
    });
  });
}

function details() {
  const matrix = document.getElementById("matrix"), detail = document.getElementById("detail");
  if (!matrix) return;
  const buttons = [...matrix.querySelectorAll("button")];
  for (const button of buttons) {
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
      detail.textContent = button.dataset.detail;
    });
  }
}

function sectionInView() {
  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    if (!current) return;
    for (const [id, link] of links) id === current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  }, { rootMargin: "-60px 0px -55% 0px" });
  for (const id of links.keys()) watch.observe(document.getElementById(id));
}

theme();
document.querySelectorAll("table.sortable").forEach(sortable);
details();
sectionInView();
drawBoxes();
drawCurves();
drawForecasts();
