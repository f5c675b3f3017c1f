/* One block: its tables, then its pictures. */
const block = document.getElementById(data.block || "report") ?? document.querySelector("main");
const prefix = data.block ? `${data.block}-` : "";
block.querySelectorAll("table").forEach((table) => savable(table, table.id.slice(prefix.length).replace(/-table$/, "")));
block.querySelectorAll("table.sortable").forEach(sortable);
block.querySelectorAll("[data-share]").forEach((bar) => bar.style.setProperty("--share", bar.dataset.share));
block.querySelectorAll("[data-searches]").forEach(searched);
details();
drawBoxes();
drawCurves();
drawForecasts();
drawFuture();
drawEnsembles();
