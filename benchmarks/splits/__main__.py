"""Time and memory of every command for 100,000 repeats over 1,000 splits, on SQLite and on Postgres.

A long file of 1,000 series, 5 configurations and 20 repeats are submitted through a real Redis, and read while they
wait. Then made-up results are saved as workers save them, with 50 epochs and forecasts, and everything that reads them
is timed. Goals: `submit` under 20 s, `status` under 0.5 s, a report under 15 s and 1 GB, and a plan of 1,000,000
repeats under 60 s.

Beside the seconds of each command stand those of CPU time, of its children as well: since the machine may be busy, the
goals are of these. `--small` takes a tenth of the series; `--series N` as many; `--on sqlite` or `--on postgres` one
database; `--keep FOLDER` keeps the SQLite store. The baselines of the first series stand for those of all;
`--baselines` computes all, which takes minutes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.timing import run_measured
from scheduler.lifecycle import baseline_cache
from scheduler.lifecycle.aggregate import aggregate
from store import Forecasts, Job, Result, Store, Trajectory, open_store
from tests import examples
from tests.servers import Postgres, Valkey

SERIES, REPEATS, UNITS, EPOCHS, TEST = 1000, 20, (1, 2, 4, 8, 16), 50, 6
#: repeats of the plan
PLANNED = 1_000_000
GRID = """
name: panel
series: {{path: panel.csv, time: month, value: sales, id: store}}
test: {test}
repeats: {repeats}
training: {{epochs: {epochs}, batch_size: 6}}
grid:
  model.units: {units}
"""


@dataclass(frozen=True)
class Command:
    """A command as users type it, and what it may take."""

    words: str
    seconds: float = 15.0
    megabytes: float = 1000.0


#: before anything is trained; `plan` last, which knows the jobs that are there
WAITING = (
    Command("submit panel.yaml", seconds=20.0),
    Command("submit panel.yaml", seconds=20.0),
    Command("status panel", seconds=0.5),
    Command("status panel --format json", seconds=0.5),
    Command("list", seconds=0.5),
    Command("plan panel.yaml --set repeats={many}", seconds=60.0),
)
#: when all is trained
DONE = (
    Command("status panel", seconds=0.5),
    Command("list", seconds=0.5),
    Command("report panel"),
    *(Command(f"report panel --format {form}") for form in ("csv", "json", "markdown", "latex")),
    Command("report panel --html panel.html"),
    Command("compare panel"),
    Command("compare panel --format json"),
    Command("top-up panel --windows 2", seconds=40.0),
)


def write_file(folder: Path, series: int) -> None:
    """Write a long file with 60 to 130 months of each series, and the grid."""
    rng = np.random.default_rng(1)
    lines = ["month,store,sales"]
    for number in range(series):
        rows = int(rng.integers(60, 131))
        level = 100 * rng.lognormal() * (1 + 0.1 * rng.standard_normal(rows)).clip(0.2)
        lines += [f"{1990 + k // 12}-{k % 12 + 1:02},store {number:04},{v:.3f}" for k, v in enumerate(level)]
    (folder / "panel.csv").write_text("\n".join(lines) + "\n")
    (folder / "panel.yaml").write_text(GRID.format(test=TEST, repeats=REPEATS, epochs=EPOCHS, units=list(UNITS)))


def train(store: Store) -> None:
    """Save a result of every job."""
    rng = np.random.default_rng(2)
    while jobs := store.jobs.claim_next(owner="benchmark", lease=600, workers=1):
        made = [result(job, rng) for job in jobs]
        store.results.save(made, owner="benchmark", provenance=examples.PROVENANCE)
    store.experiments.close_if_done()


def result(job: Job, rng: np.random.Generator) -> Result:
    """Return a result with a trajectory and forecasts, of another size for each series."""
    scale = 5 + int(job.series_hash[:4], 16) % 100
    observed = scale * np.linspace(9, 10, TEST)[:, None, None]
    forecast = observed + scale * (rng.standard_normal((TEST, 1, 1)) + 0.2 * rng.standard_normal())
    score = float(np.sqrt(np.mean((forecast - observed) ** 2)))
    curve = (score + 40 * np.exp(-np.linspace(0, 8, EPOCHS))).astype(np.float32)
    return Result(
        job_id=job.id,
        train_rmse=score * 0.8,
        test_rmse=score,
        diverged=False,
        seconds=0.1,
        trajectory=Trajectory(epochs=EPOCHS, every=1, train_rmse=curve, test_rmse=curve),
        forecasts=Forecasts(observed=observed, forecast=forecast),
    )


def repeat_baselines(store: Store, experiment_id: int) -> None:
    """Store the baselines of the first split for all splits: a report would compute those of each, for minutes."""
    asked = baseline_cache._asked(store, experiment_id)
    first, (own, _) = next(iter(asked.items()))
    ((_, table),) = baseline_cache._computed(store, {first: own}, {}, lambda name, share: None)
    every = {key: table.assign(split=key) for key in asked}
    store.results.write_baselines(experiment_id, baseline_cache._together(asked, every))


class Table:
    """A table that is printed as it comes, and the goals that were missed."""

    def __init__(self, folder: Path, settings: dict[str, str], many: int) -> None:
        self._folder, self._settings, self._many = folder, settings, many
        self.missed: list[str] = []
        print("| command | s | s of CPU | MB |\n|---|---:|---:|---:|")

    def run(self, command: Command) -> None:
        """Run a command and print its line."""
        words = command.words.format(many=self._many)
        seconds, busy, megabytes = run_measured(words.split(), self._settings, self._folder)
        print(f"| {words} | {seconds:.2f} | {busy:.2f} | {megabytes:,.0f} |", flush=True)
        if busy > command.seconds or megabytes > command.megabytes:
            self.missed.append(words)

    def line(self, what: str, work: Callable[[], object]) -> None:
        """Do something in this process and print its line."""
        busy, started = time.process_time(), time.perf_counter()
        work()
        seconds = time.perf_counter() - started
        print(f"| {what} | {seconds:.2f} | {time.process_time() - busy:.2f} | |", flush=True)


def measure(url: str, broker: str, folder: Path, asked: argparse.Namespace) -> list[str]:
    """Time everything on one store, and return the commands that missed their goal."""
    many = PLANNED // (asked.series * len(UNITS))
    table = Table(folder, {"DATABASE_URL": url, "BROKER_URL": broker}, many)
    for command in WAITING:
        table.run(command)
    with open_store(url) as store:
        table.line("saving all results", lambda: train(store))
        table.line("aggregate", lambda: aggregate(store, 1, baselines=asked.baselines))
        if not asked.baselines:
            repeat_baselines(store, 1)
    for command in DONE:
        table.run(command)
    return table.missed


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--full", action="store_true", help="no difference here")
    parser.add_argument("--series", type=int, default=SERIES)
    parser.add_argument("--on", choices=("sqlite", "postgres"))
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--keep", type=Path)
    return parser.parse_args()


def main() -> None:
    """Print a table for each database; fail if a command misses its goal."""
    asked = _arguments()
    if asked.small:
        asked.series //= 10
    missed = []
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        write_file(folder, asked.series)
        redis = stack.enter_context(closing(Valkey()))
        redis.start()
        print(f"{asked.series * len(UNITS) * REPEATS:,} repeats over {asked.series:,} splits")
        for name in (asked.on,) if asked.on else ("sqlite", "postgres"):
            url = f"sqlite:///{folder}/results.db"
            if name == "postgres":
                server = stack.enter_context(closing(Postgres()))
                server.start()
                url = server.create("splits")
            print(f"\n{name}; load {os.getloadavg()[0]:.1f}\n")
            missed += [f"{words} on {name}" for words in measure(url, redis.url, folder, asked)]
    if missed:
        sys.exit(f"missed their goals: {', '.join(missed)}")


if __name__ == "__main__":
    main()
