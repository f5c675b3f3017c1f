"""The picture of the live page in the docs: `python -m tests.acceptance.live.picture docs/pictures/live-page.png`.

A study is trained for it, and the page is taken while it trains.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from store import open_store
from tests import chromium
from tests.acceptance.live.server import served

GRID = """
name: tune-units
description: How many units does a small LSTM need on monthly shampoo sales?
series: shampoo
test: 12
prepare: {difference: 1, lags: 1, scale: [-1, 1], trim: 2}
model: {kind: vanilla, units: 1, stateful: true}
training: {epochs: 1000, batch_size: 4}
repeats: 30
grid:
  model.units: [1, 2, 3, 4]
"""
WIDTH, HEIGHT = 1100, 1180
#: whether half of the repeats are in, and the report has some
HALF = "parseInt(document.title) >= 50 && document.querySelectorAll('#summary-table tbody td').length > 20"


def main() -> None:
    """Train, wait until half of it is there, and take the picture."""
    with tempfile.TemporaryDirectory() as folder, chromium.opened() as page:
        grid, url = Path(folder) / "tune-units.yaml", f"sqlite:///{folder}/results.db"
        grid.write_text(GRID)
        open_store(url, create=True).close()
        command = [sys.executable, "-m", "scheduler", "run", str(grid), "--store", url, "--workers", "1"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as training:
            while not Path(folder, "results.db").exists() or not _begun(url):
                time.sleep(0.5)
            with served(url) as address:
                page.show_as(width=WIDTH, height=HEIGHT)
                page.visit(f"{address}/experiments/tune-units")
                while not page.run(HALF):
                    page.run("new Promise(done => setTimeout(done, 200))")
                page.picture(Path(sys.argv[1]), HEIGHT)
            training.terminate()


def _begun(url: str) -> bool:
    with open_store(url) as store:
        return any(status.running for status in store.experiments.list())


if __name__ == "__main__":
    main()
