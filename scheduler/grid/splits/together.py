"""Several series in one training: which of them are trained on and which are judged, and what goes together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from scheduler.grid.messages import Found
from scheduler.grid.splits.fields import Splitting
from store.preparation.panels import Member, content_of, write_members
from store.schema.configuration import Configuration, Panel, Prepare
from store.schema.inputs import sizes
from store.schema.spelling import did_you_mean, listed
from store.schema.splits import CONTENT

if TYPE_CHECKING:
    from scheduler.grid.series_choice import SeriesReader

TOGETHER = "together"
#: series that a message names
SHOWN = 3
#: the most numbers that say which series rows are of: 1 GB of memory
_MOST_NUMBERS = 1 << 28


def filled(prepare: Prepare) -> Prepare:
    """Return the preparation of a panel: batches are filled over its series, and the last one may be smaller."""
    return prepare if prepare.pad else prepare.model_copy(update={"pad": True})


class Panels:
    """The panels of a grid."""

    def __init__(self, splitting: Splitting, reader: SeriesReader) -> None:
        self._splitting, self._reader = splitting, reader
        #: content -> members, as a store keeps them
        self.written: dict[str, str] = {}

    def mistakes(self, cells: Sequence[Configuration], kind: str, series_input: str) -> Iterator[Found]:
        """Check what a panel has to do with the rest of a configuration, given on all splits."""
        if kind != TOGETHER:
            yield from self._needs_together(series_input)
            return
        first, names = cells[0], list(_by_name(cells))
        if len(names) == 1:
            yield (
                ("panel",),
                f"panel is together, and {first.series.name} is one series; write panel: apart, or name several series "
                "(series.id, a list as series.value, or a list of files)",
            )
            return
        yield from _configuration_mistakes(first)
        yield from _differing(cells)
        yield from self._test_series_mistakes(names)
        if series_input == "one_hot":
            yield from self._too_wide(cells)

    def together(self, cells: Sequence[Configuration], series_input: str) -> tuple[Configuration, ...]:
        """Return the splits that are judged, as results of one training a window."""
        series = _by_name(cells)
        tested = self._tested(list(series))
        judged = tested or tuple(series)
        members = [Member.of(one, trained=name not in tested, forecast=name in judged) for name, one in series.items()]
        content = content_of(members)
        self.written[content] = write_members(members)
        panel = Panel.model_validate(
            {
                "content": content,
                "trained": len(series) - len(tested),
                "forecast": len(judged),
                "series_input": series_input,
            }
        )
        kept = {_identity(series[name]) for name in judged}
        return tuple(one.model_copy(update={"panel": panel}) for one in cells if _identity(one) in kept)

    def _needs_together(self, series_input: str) -> Iterator[Found]:
        """Report fields that say nothing of series that are trained apart."""
        if series_input != "none":
            yield (
                ("series_input",),
                f"series_input is {series_input}, and panel is apart: a model of its own sees one series; "
                "write panel: together, or remove series_input",
            )
        if self._splitting.test_series is not None:
            yield (
                ("test_series",),
                "test_series names series that no model is trained on, and panel is apart; "
                "write panel: together, or remove test_series",
            )

    def _test_series_mistakes(self, names: list[str]) -> Iterator[Found]:
        asked = self._splitting.test_series
        if isinstance(asked, tuple) and (unknown := [name for name in asked if name not in names]):
            more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
            known = f"{', '.join(names[:SHOWN])}{more}" if more else listed(names, "and")
            yield (
                ("test_series",),
                f"test_series has {unknown[0]}, which is not a series of the grid; these are {known}"
                f"{did_you_mean(unknown[0], names)}",
            )
        elif len(self._tested(names)) == len(names):
            yield (
                ("test_series",),
                f"test_series has all {len(names):,} series, and leaves none to train on; name fewer",
            )

    def _tested(self, names: list[str]) -> tuple[str, ...]:
        """Return the series that are not trained on."""
        asked = self._splitting.test_series
        if asked is None or isinstance(asked, tuple):
            return asked or ()
        count = max(1, round(asked * len(names)))
        drawn = np.random.default_rng(self._splitting.seed).permutation(len(names))[:count]
        found = tuple(names[place] for place in sorted(drawn))
        shown = f"{', '.join(found[:SHOWN])} and {count - SHOWN:,} more" if count > SHOWN else listed(found, "and")
        self._reader.notes[f"test_series {asked:g} of {len(names):,} series: {shown}, drawn by the seed"] = None
        return found

    def _too_wide(self, cells: Sequence[Configuration]) -> Iterator[Found]:
        """Report a panel for which one input a series is more than the memory holds."""
        series = _by_name(cells)
        rows = sum(len(self._reader.series[one.series.content_hash].values) for one in series.values())
        steps, _ = sizes(cells[0])
        if rows * steps * len(series) > _MOST_NUMBERS:
            yield (
                ("series_input",),
                f"series_input is one_hot, which takes {len(series):,} inputs for each of {rows:,} rows; "
                "write series_input: none, or keep fewer series",
            )


def _identity(one: Configuration) -> tuple[str, str]:
    """Return what tells a series from others, of which some may have the same values."""
    return one.series.name, Member.of(one, trained=True, forecast=True).rows


def _by_name(cells: Sequence[Configuration]) -> dict[str, Configuration]:
    """Return the configuration on the first window of each series, by the name that tells the series apart."""
    found: dict[tuple[str, str], Configuration] = {}
    for one in cells:
        found.setdefault(_identity(one), one)
    distinct = list(found.values())
    by_name = {one.series.name: one for one in distinct}
    if len(by_name) < len(distinct):  # columns of one file, or files with the same name
        by_name = {" and ".join(one.series.targets): one for one in distinct}
    if len(by_name) < len(distinct):
        return {f"{one.series.name} ({one.series.content_hash[:CONTENT]})": one for one in distinct}
    return by_name


def _configuration_mistakes(one: Configuration) -> Iterator[Found]:
    """Report what is trained on one series alone."""
    if one.protocol.kind != "fixed":
        yield (
            ("protocol", "kind"),
            f"protocol.kind is {one.protocol.kind}, and panel is together, which is trained once; "
            "write protocol.kind: fixed, or panel: apart",
        )
    if one.model.carries_state:
        yield (
            ("model", "stateful"),
            "model.stateful is true, and panel is together: a state runs on through the rows of one series, and "
            "batches hold those of several; write model.stateful: false, or panel: apart",
        )
    if one.prepare.strategy == "recursive":
        yield (
            ("prepare", "strategy"),
            "prepare.strategy is recursive, and panel is together, whose series have scales of their own; "
            "write prepare.strategy: direct, or panel: apart",
        )


def _differing(cells: Sequence[Configuration]) -> Iterator[Found]:
    """Report series whose rows do not fit into one model."""
    first, *others = _by_name(cells).values()
    for one in others:
        if _shape(one) != _shape(first):
            yield (
                ("series",),
                f"panel is together, and a row of {one.series.name} has {_columns(one)}, of {first.series.name} "
                f"{_columns(first)}; name columns that all series have, or write panel: apart",
            )
            return
        if _transforms(one) != _transforms(first):
            yield (
                ("prepare", "transform"),
                "prepare.transform differs between the series, and panel is together; write one transform for all, or "
                "panel: apart",
            )
            return


def _shape(one: Configuration) -> tuple[object, ...]:
    return len(one.series.targets), sizes(one), one.series.made


def _transforms(one: Configuration) -> list[str]:
    return [one.prepare.transform_of(name) for name in one.series.targets]


def _columns(one: Configuration) -> str:
    return f"the inputs {listed(one.series.inputs, 'and')}" if one.series.inputs else "no inputs"
