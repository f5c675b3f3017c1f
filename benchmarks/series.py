"""How long a file of 1,000,000 rows takes from its bytes to a series, and how much memory.

Goal: under 5 seconds of processor time and 1 GB, with ISO 8601 times; the second file has its own form of times and
missing values. Baseline: `pandas.read_csv` with its times parsed.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROWS = 1_000_000
MOST_SECONDS, MOST_MEMORY = 5.0, 1e9
READ = "from pathlib import Path; from benchmarks.series import read; read(Path({path!r}), {missing!r})"
BASELINE = "import pandas; pandas.read_csv({path!r}, parse_dates=['time'], dayfirst={missing})"


def write(path: Path, form: str, *, missing: bool) -> None:
    """Write a file of minutes with two columns."""
    times = pd.date_range("2000-01-01", periods=ROWS, freq="min").strftime(form)
    values = np.random.default_rng(1).normal(size=(ROWS, 2)).round(4)
    table = pd.DataFrame({"time": times, "load": values[:, 0], "temperature": values[:, 1]})
    if missing:
        table.loc[::1000, "temperature"] = np.nan
        table.loc[0, "temperature"] = 0.0
    table.to_csv(path, index=False)


def read(path: Path, missing: bool) -> None:
    """Read a file as a grid does."""
    from scheduler.series.fields import SeriesSource
    from scheduler.series.source import load

    fields = {"path": path.name, "time": "time", "targets": ["load"], "inputs": ["load", "temperature"]}
    source = SeriesSource.model_validate(fields | ({"missing": "previous"} if missing else {}))
    assert len(load(source, path.parent).series.values) == ROWS


def measured(code: str) -> tuple[float, float, float]:
    """Run code in a process of its own; return its seconds, those of the processor, and its memory in bytes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    tail = "; import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", code + tail], check=True, capture_output=True, text=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, float(done.stdout.split()[-1]) * 1024


def main() -> None:
    """Read both files, and compare the first with the goal."""
    missed = False
    with tempfile.TemporaryDirectory() as folder:
        for form, missing in (("%Y-%m-%d %H:%M", False), ("%d/%m/%Y %H:%M", True)):
            path = Path(folder) / "series.csv"
            write(path, form, missing=missing)
            for name, code in (("this project", READ), ("pandas.read_csv", BASELINE)):
                wall, used, memory = measured(code.format(path=str(path), missing=missing))
                print(f"{form:16} {name:16} {wall:6.1f} s, {used:5.1f} s of the processor, {memory / 1e6:6,.0f} MB")
                missed |= code is READ and not missing and (used > MOST_SECONDS or memory > MOST_MEMORY)
    if missed:
        sys.exit(f"The goal is {MOST_SECONDS:g} s of the processor and {MOST_MEMORY / 1e6:,.0f} MB.")


if __name__ == "__main__":
    main()
