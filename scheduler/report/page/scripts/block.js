/* One block: its tables, then its pictures. */
const block = data.block ? document.getElementById(data.block) : document.querySelector("main");
block.querySelectorAll("table").forEach((table) => savable(table, table.id.replace(`${data.block}-`, "").replace("-table", "")));
block.querySelectorAll("table.sortable").forEach(sortable);
details();
drawBoxes();
drawCurves();
drawForecasts();
