"""The M3 competition in one run: `python -m benchmarks m3 [--sample N] [--repeats N] [--folder PATH] [--note TEXT]`.

Trains 30 repeats of each of the 3,003 series and writes docs/m3.md. `--sample N` takes every N-th series and prints the
page. A run that was interrupted goes on where it was, in the same folder; the time of its trainings is the store's
then. `--note` ends the page's section about time: what ran beside it, for example. `--no-loop` does not time the loop
around Keras' `fit`, which means nothing beside other work.

`--celery` trains them by two workers of Celery instead, in a Postgres of its own, and compares all forecasts with those
of the store that a run before it has filled; `--sample` may take fewer series than that run.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.m3.by_celery import deliver
from benchmarks.m3.data import KINDS, Floats, Kind, M3Series, load
from benchmarks.m3.page import page
from benchmarks.m3.plain_loop import seconds_of_plain_loop
from benchmarks.m3.study import baselines, forecasts, run, write_grids
from benchmarks.m3.table import ALL, NEAR, PUBLISHED, Errors, classical, families, networks
from store import Store, open_store

PAGE = Path(__file__).parents[2] / "docs" / "m3.md"
REPEATS = 30
#: of all trainings, in seconds, and of memory and the store, in bytes
MOST_SECONDS, MOST_MEMORY, MOST_STORED = 15 * 60, 1.5 * 2**30, 2 * 2**30


def _option(name: str, default: str) -> str:
    words = sys.argv[1:]
    return words[words.index(name) + 1] if name in words else default


def main() -> int:
    """Run the study; 1 if a goal is missed or a published number is not met."""
    every, repeats = int(_option("--sample", "1")), int(_option("--repeats", str(REPEATS)))
    folder = Path(_option("--folder", str(Path(tempfile.gettempdir()) / "repeats-m3")))
    series = {kind: chosen[::every] for kind, chosen in load().items()}
    url = f"sqlite:///{folder / f'm3-{every}.db'}"
    grids = write_grids(series, folder / f"every-{every}", repeats)
    if "--celery" in sys.argv:
        return _by_celery(grids, series, folder)
    ran = run(grids, url)
    with open_store(url) as store:
        single, together = networks({kind: _with_forecasts(store, kind, chosen) for kind, chosen in series.items()})
        others = classical(series) | _baselines(store, series)
    plain = None if "--no-loop" in sys.argv else seconds_of_plain_loop(series, repeats)
    note = _option("--note", "")
    written = page(run=ran, repeats=repeats, single=single, together=together, others=others, plain=plain, note=note)
    if every == 1 and repeats == REPEATS:
        PAGE.write_text(written)
    print(written)
    near = all(abs(float(others[name].pooled(ALL)) - value) <= NEAR for name, value in PUBLISHED.items())
    fits = ran.training <= MOST_SECONDS and (ran.memory or 0) <= MOST_MEMORY and ran.stored <= MOST_STORED
    return int(not (fits and (near or every > 1)))


def _by_celery(grids: Sequence[Path], series: Mapping[Kind, Sequence[M3Series]], folder: Path) -> int:
    """Train by Celery; 1 if any forecast differs from that of `run`, or none could be compared."""
    filled = sorted(folder.glob("m3-*.db"), key=lambda path: path.stat().st_size)
    if not filled:
        sys.exit(f"There is no store of a run in {folder} to compare with: run this without --celery first.")
    found = deliver(grids, series, f"sqlite:///{filled[-1]}", grids[0].parent)
    print(
        f"{found.trainings:,} trainings by Celery in {found.seconds / 60:.1f} minutes, load {os.getloadavg()[0]:.1f} "
        f"on {os.cpu_count()} cores; of {found.compared:,} that `scheduler run` has trained, too, "
        f"{found.different:,} have other forecasts"
    )
    return int(found.different > 0 or found.compared == 0)


def _with_forecasts(store: Store, kind: Kind, chosen: Sequence[M3Series]) -> list[tuple[M3Series, Floats]]:
    found = dict(forecasts(store, kind))
    return [(one, found[one.name]) for one in chosen]


def _baselines(store: Store, series: Mapping[Kind, Sequence[M3Series]]) -> dict[str, Errors]:
    """Return the errors of the families of baselines, of the frequencies whose series all have them."""
    errors: dict[str, Errors] = {}
    for kind in KINDS:
        by_name = baselines(store, kind)
        twins = {_content(one): one.name for one in series[kind] if one.name in by_name.get("persistence", {})}
        found = [families(kind, by_name, replace(one, name=twins.get(_content(one), ""))) for one in series[kind]]
        for family in sorted(set.intersection(*map(set, found)) if found else ()):
            for one, forecast in zip(series[kind], found, strict=True):
                errors.setdefault(family, Errors()).add(kind, one, forecast[family])
    return errors


def _content(series: M3Series) -> tuple[bytes, bytes]:
    """Return what two series share whose baselines are stored once."""
    return series.known.tobytes(), series.future.tobytes()


if __name__ == "__main__":
    sys.exit(main())
