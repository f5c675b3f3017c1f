/* One block: its tables, then its pictures. */
const block = data.block ? document.getElementById(data.block) : document.querySelector("main");
const prefix = data.block ? `${data.block}-` : "";
block.querySelectorAll("table").forEach((table) => savable(table, table.id.slice(prefix.length).replace(/-table$/, "")));
block.querySelectorAll("table.sortable").forEach(sortable);
details();
drawBoxes();
drawCurves();
drawForecasts();
drawEnsembles();
