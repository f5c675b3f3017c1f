"""The splits of an experiment as rows: of which series, which window, and which observations."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Text, cast, func, select

from store.database.dialects import among, insert_rows
from store.database.split_tables import split_rows
from store.database.tables import series

if TYPE_CHECKING:
    from store.records import NewConfiguration
    from store.schema.splits import Split

_RANGE = ("train_from", "train_to", "test_from", "test_to")
_COLUMNS = ("experiment_id", "split", "position", "series", "series_hash", "window_number")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A configuration's split, with what its rows depend on."""

    split: Split
    #: of the split
    name: str
    series_hash: str
    #: observations before the test rows that are trained on; None for all
    train: int | None


@dataclass(frozen=True, slots=True)
class StoredSeries:
    """What is needed of a series."""

    observations: int
    times: tuple[str, ...]


def insert_splits(connection: Connection, experiment_id: int, placed: Iterable[Placed]) -> None:
    """Insert the splits of an experiment, given by its configurations in their order."""
    distinct = {one.name: one for one in reversed(list(placed))}
    ordered = list(reversed(distinct.values()))
    known = stored_series(connection, {one.series_hash for one in ordered})
    windows = _window_numbers(ordered)
    rows = []
    for position, one in enumerate(ordered):
        ends = _ends(one, known[one.series_hash].observations)
        times = known[one.series_hash].times
        named = tuple(times[end - 1] if times and end is not None else None for end in ends)
        head = (experiment_id, one.name, position, one.split.series, one.series_hash, windows[one.name])
        rows.append((*head, *ends, *named))
    insert_rows(connection, split_rows, (*_COLUMNS, *_RANGE, *(f"{name}_time" for name in _RANGE)), rows)


def _ends(one: Placed, observations: int) -> tuple[int | None, ...]:
    """Return the first and the last observation that is trained on, and those that are forecast."""
    start, test, stop = one.split.observations(observations, one.train)
    if one.split.training_rows or one.split.beyond:
        return (start + 1, stop, None, None)
    return (start + 1, test, test + 1, stop)


def _window_numbers(placed: list[Placed]) -> Mapping[str, int]:
    """Return the number of each split among the windows of its series, the earliest first."""
    skips: dict[Split, set[int]] = {}
    for one in placed:
        skips.setdefault(one.split.but_for_window, set()).add(one.split.skip)
    ordered = {key: sorted(found, reverse=True) for key, found in skips.items()}
    return {one.name: ordered[one.split.but_for_window].index(one.split.skip) + 1 for one in placed}


def stored_series(connection: Connection, hashes: Collection[str]) -> dict[str, StoredSeries]:
    """Return the lengths and the times of series; the values of long ones are not read for that."""
    sqlite = connection.dialect.name == "sqlite"
    length = func.length(series.c.observations) if sqlite else func.cardinality(series.c.observations)
    size = 8 if sqlite else 1
    columns = (series.c.content_hash, length, cast(series.c.columns, Text), cast(series.c.times, Text))
    found = connection.execute(select(*columns).where(among(series.c.content_hash, hashes)))
    return {
        hash_: StoredSeries(int(numbers) // size // max(1, len(json.loads(names))), tuple(json.loads(times)))
        for hash_, numbers, names, times in found
    }


def train_of(params: str) -> int | None:
    """Return how many observations before the test rows a configuration is trained on; None for all."""
    if '"window":' not in params:  # as in nearly all, which need not be parsed
        return None
    window = json.loads(params).get("window") or {}
    return None if window.get("train") is None else int(window["train"])


def all_splits(
    configurations: Sequence[NewConfiguration], splits: Mapping[str, Split], names: Mapping[str, str]
) -> dict[str, str]:
    """Return what the splits of each configuration are called together, by its label; equal splits are called equal.

    Args:
        configurations: of an experiment, each on each of its splits.
        splits: by the label of each of these.
        names: of the splits, in the same way.
    """
    from store.schema.splits import together

    labels: dict[str, list[str]] = {}
    for one in configurations:
        labels.setdefault(one.point or one.label, []).append(one.label)
    known: dict[tuple[str, ...], str] = {}
    called: Counter[str] = Counter()
    for own in labels.values():
        key = tuple(names[label] for label in own)
        if key not in known:
            name = key[0] if len(key) == 1 else together([splits[label] for label in own])
            called[name] += 1
            known[key] = f"{name} ({called[name]})" if called[name] > 1 else name
    return {point: known[tuple(names[label] for label in own)] for point, own in labels.items()}
