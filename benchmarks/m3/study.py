"""The study itself: a grid for each frequency, trained by `scheduler run`, and what the store says afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.m3.data import Floats, Kind, M3Series, write
from store import Store, open_store

#: chosen on the last part of what is known, of every tenth series; what was to be forecast was not looked at
RECIPE = """\
test: 1
prepare:
  horizon: {horizon}
  lags: {lags}
  lags_as: timesteps
  transform: log
  difference: 1
  scale: standard
  pad: true
model: {{units: 8}}
training: {{epochs: {epochs}, batch_size: 16, loss: mae, optimizer: {{name: adam, learning_rate: 0.005}}}}
protocol: {{evaluate_every: {epochs}}}
score: mase
"""
LAGS = {"yearly": 3, "quarterly": 5, "monthly": 13, "other": 5}
EPOCHS = 50


def grid(kind: Kind, table: Path, repeats: int) -> str:
    """Return the grid of one frequency."""
    season = f", season: {kind.season}" if kind.season > 1 else ""
    head = (
        f"name: m3-{kind.name}\nseries: {{path: {table.name}, value: value, id: series{season}}}\nrepeats: {repeats}\n"
    )
    return head + RECIPE.format(horizon=kind.horizon, lags=LAGS[kind.name], epochs=EPOCHS)


def write_grids(series: Mapping[Kind, Sequence[M3Series]], folder: Path, repeats: int) -> list[Path]:
    """Write the tables and the grids; return the grids."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind, chosen in series.items():
        table = folder / f"{kind.name}.csv"
        write(chosen, table)
        paths.append(folder / f"{kind.name}.yaml")
        paths[-1].write_text(grid(kind, table, repeats))
    return paths


@dataclass(frozen=True, slots=True)
class Run:
    """What a run took."""

    #: until the last repeat was stored; of a continued run the time in which workers held jobs, as the store has it
    training: float
    #: until the baselines and summaries were there, too; None of a continued run
    whole: float | None
    #: the most memory that one worker held, None where an earlier run trained, and the size of the store, in bytes
    memory: int | None
    stored: int


def run(grids: Sequence[Path], url: str) -> Run:
    """Train the grids as a user would; repeats that the store has are not trained again."""
    most = [0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(most, done))
    watcher.start()
    begun, started = datetime.now().astimezone(), time.perf_counter()
    try:
        command = [sys.executable, "-m", "scheduler", "run", *map(str, grids), "--store", url]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    finally:
        done.set()
        watcher.join()
    whole = time.perf_counter() - started
    with open_store(url) as store:
        held = _held(store)
    file = url.removeprefix("sqlite:///")
    stored = Path(file).stat().st_size if file != url else 0
    if held["started_at"].min().to_pydatetime() < begun:
        return Run(covered(held), None, most[0] or None, stored)
    return Run((held["finished_at"].max().to_pydatetime() - begun).total_seconds(), whole, most[0], stored)


def _held(store: Store) -> pd.DataFrame:
    """Return when each job was claimed and stored."""
    with store.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT started_at, finished_at FROM jobs WHERE state = 'done'").all()
    table = pd.DataFrame([tuple(row) for row in rows], columns=["started_at", "finished_at"])
    return table.apply(lambda column: pd.to_datetime(column, utc=True, format="ISO8601"))


def covered(held: pd.DataFrame) -> float:
    """Return the seconds in which workers held jobs: pauses between runs are left out."""
    ordered = held.sort_values("started_at")
    ends = ordered["finished_at"].cummax()
    pauses = (ordered["started_at"] - ends.shift()).dt.total_seconds().clip(lower=0).sum()
    return float((ends.iloc[-1] - ordered["started_at"].iloc[0]).total_seconds() - pauses)


def _watch(most: list[int], done: threading.Event) -> None:
    """Note the most resident memory of a worker process, twice a second."""
    page = os.sysconf("SC_PAGE_SIZE")
    while not done.wait(0.5):
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                if b"worker" in words and b"--local" in words:
                    most[0] = max(most[0], page * int((process / "statm").read_text().split()[1]))
            except (OSError, IndexError, ValueError):
                continue


def forecasts(store: Store, kind: Kind) -> Iterator[tuple[str, Floats]]:
    """Yield each series' name and its forecasts, (repeats, horizon), in the order of the repeats."""
    experiment = store.experiments.get(f"m3-{kind.name}")
    splits = store.experiments.splits(experiment.id)
    for label, found in store.results.each_forecast(experiment.id):
        order = np.argsort(found.repeats)
        yield splits[label].split(",")[0], found.forecast[order, -1, :, 0]


def baselines(store: Store, kind: Kind) -> dict[str, dict[str, Floats]]:
    """Return what each baseline forecast for each series, (horizon,), by its name without the season."""
    frame = store.results.baselines(store.experiments.get(f"m3-{kind.name}").id)
    found: dict[str, dict[str, Floats]] = {}
    for row in frame.itertuples():
        if isinstance(row.forecasts, list) and row.target == "value":
            found.setdefault(str(row.baseline), {})[row.split_name.split(",")[0]] = np.array(row.forecasts[-1])
    return found
