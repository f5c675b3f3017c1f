/* Tables that sort and that are saved as CSV, and the words behind the matrix. */

/* Sort a table by the head that is clicked, and back at the second click. */
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

/* Put a button below a table that saves it, with all digits of its numbers. */
function savable(table, title) {
  const button = element("button", { type: "button" }, "Save as CSV");
  button.addEventListener("click", () => {
    const link = element("a", { href: URL.createObjectURL(new Blob([csvOf(table)], { type: "text/csv" })), download: `${fileName(`${data.name}-${title}`)}.csv` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  table.closest(".scroll").after(element("p", { class: "more" }, button));
}

function csvOf(table) {
  const quoted = (words) => (/[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
  return [...table.rows].map((row) => `${[...row.cells].map((cell) => quoted(cell.dataset.v ?? wordsOf(cell))).join(",")}\r\n`).join("");
}

/* The words of a cell, without signs and tags that are there to be looked at. */
function wordsOf(cell) {
  const copy = cell.cloneNode(true);
  for (const part of copy.querySelectorAll("[aria-hidden], .tag, .rank")) part.remove();
  return copy.textContent.trim();
}

const fileName = (words) => words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 80) || "table";

/* Show only the rows of a table whose first cell contains what is typed. */
function searched(field) {
  const rows = [...document.getElementById(field.dataset.searches).tBodies[0].rows];
  const told = field.closest(".controls").querySelector(".told");
  field.addEventListener("input", () => {
    const words = field.value.trim().toLowerCase();
    let found = 0;
    for (const row of rows) {
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(words);
      found += row.hidden ? 0 : 1;
    }
    told.textContent = words ? `${found} of ${rows.length}` : "";
  });
}

/* Show what is known of the pair whose cell of the matrix is chosen. */
function details() {
  const matrix = here("matrix"), detail = here("detail");
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
