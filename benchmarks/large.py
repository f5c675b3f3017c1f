"""Time and memory of every command that reads an experiment of 10,000 configurations with 10 repeats each.

The results are made up and saved as workers save them, with 50 epochs and forecasts; the configurations are those of a
real grid. Goal of each command: under 15 s and under 1 GB. The seconds are those of CPU time, since the machine may be
busy. `--small` makes 1,000 configurations; `--configurations N` others; `--epochs N` longer trajectories; `--store URL`
uses an empty store of yours, such as one on Postgres.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.report import made_results
from benchmarks.timing import run_measured
from scheduler.grid.grid import Grid
from scheduler.lifecycle.aggregate import aggregate
from scheduler.lifecycle.submission import record
from store import Store, open_store
from tests import examples

REPEATS = 10
MOST_SECONDS, MOST_MEGABYTES = 15.0, 1000.0
GRID = """
name: big
series: shampoo
repeats: 10
grid:
  model.units: {units}
  model.dropout: {dropout}
  training.optimizer.learning_rate: {rates}
  training.epochs: {epochs}
"""
#: what is measured; {folder} is a temporary folder
COMMANDS = (
    "plan {folder}/big.yaml",
    "list",
    "status big",
    "status big --format json",
    "report big",
    *(f"report big --format {form}" for form in ("csv", "json", "latex", "markdown")),
    "report big --format parquet --output {folder}/big.parquet",
    "report big --html {folder}/big.html",
    "report big --plots {folder}/plots",
    "compare big",
    *(f"compare big --all --format {form}" for form in ("csv", "json", "markdown")),
)


def grid_text(configurations: int) -> str:
    """Return a grid of so many configurations: a multiple of 1,000."""
    return GRID.format(
        units=list(range(1, 11)),
        dropout=[place / 20 for place in range(10)],
        rates=[place / 1000 for place in range(1, 11)],
        epochs=[50 * place for place in range(1, configurations // 1000 + 1)],
    )


def fill(store: Store, text: str, epochs: int) -> None:
    """Store the experiment with scores of means from 100 to 105, and aggregate it."""
    grid = Grid.parse(text, file="big.yaml")
    started = time.perf_counter()
    experiment = record(store, grid).experiment
    print(f"recorded in {time.perf_counter() - started:.1f} s", flush=True)
    rng = np.random.default_rng(1)
    means = 100 + rng.permutation(np.linspace(0, 5, len(grid)))
    scores = iter((means[:, None] + rng.standard_normal((len(grid), REPEATS))).ravel())
    while jobs := store.jobs.claim_next(owner="benchmark", lease=600, workers=1):
        store.results.save(made_results(jobs, scores, epochs), owner="benchmark", provenance=examples.PROVENANCE)
    store.experiments.close_if_done()
    started = time.perf_counter()
    aggregate(store, experiment.id)
    print(f"aggregated in {time.perf_counter() - started:.1f} s", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--full", action="store_true", help="no difference here")
    parser.add_argument("--configurations", type=int, default=10_000, help="a multiple of 1,000")
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--store")
    return parser.parse_args()


def main() -> None:
    """Print one table; fail if a command misses its goal."""
    asked = _arguments()
    configurations = 1000 if asked.small else asked.configurations
    with tempfile.TemporaryDirectory() as folder:
        url = asked.store or f"sqlite:///{folder}/results.db"
        text = grid_text(configurations)
        (Path(folder) / "big.yaml").write_text(text)
        with open_store(url, create=True) as store:
            fill(store, text, asked.epochs)
        print(f"\n{configurations:,} configurations x {REPEATS}; load {os.getloadavg()[0]:.1f}\n")
        print("| command | s | s of CPU | MB |\n|---|---:|---:|---:|")
        missed = []
        for command in COMMANDS:
            seconds, busy, megabytes = run_measured(command.format(folder=folder).split(), {"DATABASE_URL": url})
            row = f"| {command.format(folder='.')} | {seconds:.1f} | {busy:.1f} | {megabytes:,.0f} |"
            print(row, flush=True)
            if busy > MOST_SECONDS or megabytes > MOST_MEGABYTES:
                missed.append(command)
        page = (Path(folder) / "big.html").stat().st_size / 1e6
        print(f"\nThe page has {page:.1f} MB.")
    if missed:
        sys.exit(f"over {MOST_SECONDS:.0f} s or {MOST_MEGABYTES:,.0f} MB: {', '.join(missed)}")


if __name__ == "__main__":
    main()
