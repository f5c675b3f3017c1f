"""Splits: one series and the rows of it that are forecast. Only configurations of one split are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeVar

from store.schema.configuration import Configuration
from store.schema.inputs import OFFSET
from store.schema.prepare import Prepare
from store.schema.spelling import listed

Key = TypeVar("Key", bound=Hashable)
#: digits of the content hash that distinguish series of the same name
CONTENT = 6
#: series that a name of several splits lists
NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """What a configuration must forecast; scores are comparable only if all of it is equal."""

    series: str
    #: hash of the columns that are forecast, whatever others a model sees; of all columns in older stores
    content: str
    columns: tuple[str, ...]
    test: int
    horizon: int
    target_at: str
    #: forecasts are of the training rows
    training_rows: bool = False
    #: steps beyond the end that are forecast instead of test rows; 0 for none
    beyond: int = 0
    #: observations after those that are forecast, of which nothing is known
    skip: int = 0
    #: of several splits as one: see `as_one`
    name: str = field(default="", compare=False)

    @property
    def but_for_window(self) -> Self:
        """What is the same for all windows of a series."""
        return replace(self, skip=0)

    def observations(self, count: int, train: int | None) -> tuple[int, int, int]:
        """Return where, of so many observations, the training part, the test part and what follows it begin.

        Args:
            count: of the whole series.
            train: observations before the test part that are trained on; None for all.
        """
        offset = OFFSET[self.target_at]
        held_out = self.test + max(0, offset + self.horizon - 1) - offset if self.test else 0
        stop = max(0, count - self.skip)
        test = max(0, stop - held_out)
        return (0 if train is None else max(0, test - train), test, stop)

    @classmethod
    def of(cls, configuration: Configuration) -> Self:
        """Return the split of a configuration."""
        return cls(
            series=configuration.series.name,
            content=configuration.series.target_hash or configuration.series.content_hash,
            columns=configuration.series.targets,
            test=configuration.test,
            horizon=configuration.prepare.horizon,
            target_at=configuration.prepare.target_at,
            training_rows=configuration.protocol.kind == "batch_transfer",
            beyond=0 if configuration.future is None else configuration.future.steps,
            skip=configuration.window.skip,
        )

    @classmethod
    def stored(cls, params: str) -> Self:
        """Return the split from a configuration's canonical JSON, which may be of an older version."""
        given: dict[str, Any] = json.loads(params)
        series, prepare, protocol = (given.get(part) or {} for part in ("series", "prepare", "protocol"))
        return cls(
            series=str(series.get("name", "")),
            content=str(series.get("target_hash") or series.get("content_hash", "")),
            columns=tuple(series.get("targets", ())),
            test=given.get("test", _DEFAULTS["test"]),
            horizon=prepare.get("horizon", _DEFAULTS["horizon"]),
            target_at=prepare.get("target_at", _DEFAULTS["target_at"]),
            training_rows=protocol.get("kind") == "batch_transfer",
            beyond=(given.get("future") or {}).get("steps", 0),
            skip=(given.get("window") or {}).get("skip", 0),
        )


_DEFAULTS: dict[str, Any] = {"test": Configuration.model_fields["test"].default} | {
    name: Prepare.model_fields[name].default for name in ("horizon", "target_at")
}


def as_one(splits: Sequence[Split]) -> Split:
    """Return all splits of a configuration as one: equal for equal splits in any order, by whatever names."""
    ordered = sorted(splits, key=lambda one: repr(replace(one, series="")))
    contents = (repr(replace(one, series="")) for one in ordered)
    whole = hashlib.sha256("\n".join(contents).encode()).hexdigest()
    return replace(ordered[0], series=together(splits), content=whole, skip=0, name=together(splits))


def together(splits: Sequence[Split]) -> str:
    """Return a readable name for all splits of a configuration: `A, B and C, 6 windows of 12 rows`."""
    first = splits[0]
    names, skips = list(dict.fromkeys(one.series for one in splits)), {one.skip for one in splits}
    tests = {one.test for one in splits}
    rows = f"{first.test} rows" if first.test != 1 else "1 row"
    if first.training_rows:
        rows = "training rows"
    elif len(tests) > 1:
        rows = "the last rows of each" if len(skips) == 1 else f"{len(splits)} windows"
    else:
        rows = f"last {rows}" if len(skips) == 1 else f"{len(splits) // len(names)} windows of {rows}"
    parts = [
        listed(names, "and") if len(names) <= NAMED else f"{len(names):,} series",
        rows,
        *([f"{first.horizon} steps ahead"] if first.horizon > 1 else []),
        *([f"target_at {first.target_at}"] if first.target_at != "next" else []),
    ]
    return ", ".join(parts)


def split_names(splits: Mapping[Key, Split]) -> dict[Key, str]:
    """Return a readable name for the split of each configuration of an experiment: `shampoo, last 12 rows`.

    A name says more (targets, steps ahead, content) only where that is needed to tell the experiment's splits apart,
    or where it is not the usual one step after the inputs.

    Args:
        splits: by the label of a configuration, or by any other key.
    """
    by_series: dict[str, list[Split]] = {}
    for split in dict.fromkeys(splits.values()):
        by_series.setdefault(split.series, []).append(split)
    names = {split: name for namesakes in by_series.values() for split, name in _names(namesakes)}
    return {label: names[split] for label, split in splits.items()}


def _names(namesakes: list[Split]) -> Iterator[tuple[Split, str]]:
    """Yield the names of the splits of series that are called the same."""
    contents, columns = {one.content for one in namesakes}, {one.columns for one in namesakes}
    # columns of one file are series of their own: their names say more than digits of their contents
    told_by_columns = len({(one.columns, one.content) for one in namesakes}) == len(columns)
    windows: dict[Split, list[int]] = {}
    for one in namesakes:
        windows.setdefault(one.but_for_window, []).append(one.skip)
    tests = {one.test for one in namesakes}
    for split in namesakes:
        skips = sorted(windows[split.but_for_window], reverse=True)
        rows = _rows(split, skips, of_rows=len(tests) > 1)
        yield split, split.name or _name(split, contents, columns, rows, told_by_columns=told_by_columns)


def _rows(split: Split, skips: list[int], *, of_rows: bool) -> str:
    """Name the rows that are forecast: by the number of the window, where there are several."""
    if split.training_rows:
        return "training rows"
    if split.beyond:
        return f"{split.beyond} step{'s' * (split.beyond != 1)} beyond the end"
    if len(skips) == 1:
        return f"last {split.test} row{'s' * (split.test != 1)}"
    window = f"window {skips.index(split.skip) + 1} of {len(skips)}"
    return f"{window} ({split.test} rows)" if of_rows else window


def _name(split: Split, contents: set[str], columns: set[tuple[str, ...]], rows: str, *, told_by_columns: bool) -> str:
    parts = [
        split.series + (f" ({split.content[:CONTENT]})" if len(contents) > 1 and not told_by_columns else ""),
        *([" and ".join(split.columns)] if len(columns) > 1 else []),
        rows,
        *([f"{split.horizon} steps ahead"] if split.horizon > 1 else []),
        *([f"target_at {split.target_at}"] if split.target_at != "next" else []),
    ]
    return ", ".join(parts)
