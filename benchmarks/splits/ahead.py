"""Time and memory of a forecast of 3,000 series, and of the live page of a study of 1,000.

    python -m benchmarks.splits.ahead [--series N] [--live N] [--keep FOLDER]

Results are made up and saved as workers save them. Goals, as for a report: 15 s and 1 GB; the first paint of the live
page under 1 s, an update under 0.2 s of the server's time.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.serve import FIRST_PAINT, UPDATE, fetched, one_update, served
from benchmarks.splits.__main__ import Command, Table, repeat_baselines, train, write_file
from benchmarks.timing import run_measured
from scheduler.lifecycle.aggregate import aggregate
from store import Store, open_store
from tests import examples, standin
from tests.servers import Valkey
from worker.lane import Lane

#: one configuration, with few repeats
FEW = "--set repeats=2 --set grid.model.units=[2]"
COMMANDS = (
    Command("forecast panel --steps 12", seconds=20.0),
    Command("forecast panel --steps 12 --output ahead.json"),
    Command("forecast panel --steps 12 --output ahead.csv"),
    Command("forecast panel --steps 12 --plots plots"),
    Command("report panel --html panel.html"),
)


def forecast(store: Store) -> None:
    """Save a made-up forecast of every job that waits."""
    while jobs := store.jobs.claim_next(owner="benchmark", lease=600, workers=1):
        made = [standin.result(Lane.of(job)) for job in jobs]
        store.results.save(made, owner="benchmark", provenance=examples.PROVENANCE)
    store.experiments.close_if_done()


def done(folder: Path, settings: dict[str, str], series: int, words: str) -> str:
    """Submit a study, save made-up results of all but the last of its jobs, and return the URL of its store."""
    folder.mkdir(exist_ok=True)
    write_file(folder, series)
    url = settings["DATABASE_URL"] = f"sqlite:///{folder}/results.db"
    run_measured(f"submit panel.yaml {words}".split(), settings, folder)
    with open_store(url) as store:
        train(store)
        aggregate(store, 1, baselines=False)
        repeat_baselines(store, 1)
    return url


def ahead(folder: Path, settings: dict[str, str], series: int) -> list[str]:
    """Time a forecast, first with its submission, and then from the store."""
    url = done(folder, settings, series, FEW)
    table = Table(folder, settings, 0)
    table.run(COMMANDS[0])
    with open_store(url) as store:
        table.line("saving all forecasts", lambda: forecast(store))
    for command in COMMANDS:
        table.run(command)
    return table.missed


def live(folder: Path, settings: dict[str, str], series: int) -> list[str]:
    """Time the live page of a study that is trained."""
    url = done(folder, settings, series, "")
    with open_store(url) as store:
        update = one_update(store, 1)
    with served(url) as (address, _):
        first, _ = fetched(address, "/experiments/panel")
        again, _ = fetched(address, "/experiments/panel")
    print(f"\nlive page of {series:,} splits: first paint {first:.2f} s, again {again:.2f} s, an update {update:.3f} s")
    goals = {"first paint": (again, FIRST_PAINT), "update": (update, UPDATE)}
    return [f"{name} of the live page" for name, (value, most) in goals.items() if value > most]


def main() -> None:
    """Print what was measured; fail if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=3000)
    parser.add_argument("--live", type=int, default=1000)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        redis = stack.enter_context(closing(Valkey()))
        redis.start()
        settings = {"BROKER_URL": redis.url}
        print(f"a forecast of {asked.series:,} series; load {os.getloadavg()[0]:.1f}\n")
        missed = ahead(folder / "ahead", settings, asked.series) if asked.series else []
        missed += live(folder / "live", settings, asked.live) if asked.live else []
    if missed:
        sys.exit(f"missed their goals: {', '.join(missed)}")


if __name__ == "__main__":
    main()
