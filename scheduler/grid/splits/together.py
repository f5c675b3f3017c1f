"""Several series in one training: which of them are trained on and which are judged, and what goes together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scheduler.grid.messages import Found
from scheduler.grid.splits.fields import Splitting
from scheduler.grid.splits.series_input import SeriesInput
from store.preparation.panels import Member, content_of, number_alike, write_members
from store.schema.configuration import Configuration, Panel, Prepare
from store.schema.inputs import sizes
from store.schema.spelling import did_you_mean, listed
from store.schema.splits import CONTENT

if TYPE_CHECKING:
    from scheduler.grid.series_choice import SeriesReader

TOGETHER = "together"
#: series that a message names
SHOWN = 3


def filled(prepare: Prepare) -> Prepare:
    """Return the preparation of a panel: batches are filled over its series, and the last one may be smaller."""
    return prepare if prepare.pad else prepare.model_copy(update={"pad": True})


@dataclass(frozen=True, slots=True)
class _Series:
    """The series of the cells of a configuration, which many configurations have in common."""

    #: on the first window of each, by the name that tells it from others
    first: dict[str, Configuration]
    #: what configurations name the panel by
    content: str
    trained: int
    #: places of the cells that are judged, and the number of the series of each among those with the same values
    judged: list[tuple[int, int]]


class Panels:
    """The panels of a grid."""

    def __init__(self, splitting: Splitting, reader: SeriesReader) -> None:
        self._splitting, self._reader = splitting, reader
        #: content -> members, as a store keeps them
        self.written: dict[str, str] = {}
        self._known: dict[object, _Series] = {}
        self._checked: dict[object, list[Found]] = {}

    def mistakes(self, cells: Sequence[Configuration], kind: str, series_input: SeriesInput) -> Iterator[Found]:
        """Check what a panel has to do with the rest of a configuration, given on all splits."""
        if kind != TOGETHER:
            yield from series_input.mistakes_apart()
            yield from self._needs_together()
            return
        yield from _configuration_mistakes(cells[0])
        key = (_key(cells), cells[0].prepare.written, series_input)
        if key not in self._checked:
            self._checked[key] = list(self._of_series(cells, series_input))
        yield from self._checked[key]

    def _of_series(self, cells: Sequence[Configuration], series_input: SeriesInput) -> Iterator[Found]:
        """Check the series."""
        series = _by_name(cells)
        if len(series) == 1:
            yield (
                ("panel",),
                f"panel is together, and {cells[0].series.name} is one series; write panel: apart, or name several "
                "series (series.id, a list as series.value, or a list of files)",
            )
            return
        yield from _differing(list(series.values()))
        yield from self._test_series_mistakes(list(series))
        yield from series_input.mistakes(series, self._reader)

    def together(self, cells: Sequence[Configuration], series_input: SeriesInput) -> tuple[Configuration, ...]:
        """Return the splits that are judged, as results of one training a window."""
        key = _key(cells)
        if key not in self._known:
            self._known[key] = self._read(cells)
        series = self._known[key]
        windows = len(cells) // len(series.first)
        numbers = {"trained": series.trained, "forecast": len(series.judged) // windows}
        panel = Panel.model_validate({"content": series.content, **numbers, **series_input.of_panel(series.trained)})
        panels = {twin: panel.of_twin(twin) for _, twin in series.judged}
        return tuple(cells[place].model_copy(update={"panel": panels[twin]}) for place, twin in series.judged)

    def _read(self, cells: Sequence[Configuration]) -> _Series:
        """Find which series are trained on and which are judged."""
        series = _by_name(cells)
        tested = self._tested(list(series))
        judged = tested or tuple(series)
        members = [Member.of(one, trained=name not in tested, forecast=name in judged) for name, one in series.items()]
        content = content_of(members)
        self.written[content] = write_members(members)
        twins = dict(zip(series, number_alike(members), strict=True))
        kept = {_identity(series[name]): twins[name] for name in judged}
        known = [(place, kept.get(_identity(one))) for place, one in enumerate(cells)]
        places = [(place, twin) for place, twin in known if twin is not None]
        return _Series(series, content, len(series) - len(tested), places)

    def _needs_together(self) -> Iterator[Found]:
        """Report a field that says nothing of series that are trained apart."""
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
            return tuple(dict.fromkeys(asked or ()))
        count = max(1, round(asked * len(names)))
        drawn = np.random.default_rng(self._splitting.seed).permutation(len(names))[:count]
        found = tuple(names[place] for place in sorted(drawn))
        shown = f"{', '.join(found[:SHOWN])} and {count - SHOWN:,} more" if count > SHOWN else listed(found, "and")
        self._reader.notes[f"test_series {asked:g} of {len(names):,} series: {shown}, drawn by the seed"] = None
        return found


def _key(cells: Sequence[Configuration]) -> object:
    """Return what decides the series of a configuration's cells; equal series are one object, or are checked twice."""
    return tuple((id(one.series), one.test, one.prepare.as_is) for one in cells)


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


def _differing(series: Sequence[Configuration]) -> Iterator[Found]:
    """Report series whose rows do not fit into one model."""
    first, *others = series
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
