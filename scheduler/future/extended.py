"""The series of a study with what is known beyond its end: from a file, and of the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from scheduler.future.known import Known, span
from scheduler.future.needs import needed
from scheduler.future.source import Source
from scheduler.series.calendar import calendar_columns
from scheduler.series.clock import clock_of
from scheduler.series.content import content_hash
from scheduler.series.times_ahead import Ahead, times_ahead
from scheduler.text import many
from store.commands import command
from store.errors import UsageError
from store.schema.configuration import Configuration
from store.schema.inputs import is_known
from store.schema.spelling import listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from store.records import Series


@dataclass(frozen=True, kw_only=True, slots=True)
class Extended:
    """A series, and how many of its last observations are ahead."""

    series: Series
    given: int
    #: the times that follow
    ahead: Ahead


def extend(
    chosen: Configuration, series: Series, known: Known | None, *, steps: int, source: Source, experiment: str
) -> Extended:
    """Add what is known beyond the end to a series.

    Args:
        chosen: the configuration on all rows.
        series: of the study.
        known: what the user gives; None for nothing.
        steps: that are asked for.
        source: what the grid says of the times.
        experiment: its name, for advice.

    Raises:
        UsageError: something is needed that is not given, or not known ahead.
    """
    wanted, known = needed(chosen), known and known.written_as(source, series.name)
    assert chosen.future is not None
    count = max([chosen.future.steps, *(each[-1] for each in wanted.values())])
    ahead = times_ahead(series.times, count, observations=len(series.values), form=source.form, zone=source.zone)
    if not wanted:
        return Extended(series=series, given=0, ahead=ahead)
    calendar = _calendar(chosen, series, ahead, list(wanted))
    from_file = {name: steps for name, steps in wanted.items() if name not in calendar}
    if from_file and known is None:
        raise UsageError(_not_given(chosen, from_file, ahead, steps, source, experiment))
    values = np.full((count, len(series.columns)), np.nan)
    for name, column in calendar.items():
        values[:, series.columns.index(name)] = column
    if known is not None:
        _check_unknown(chosen, from_file, known, ahead, steps, experiment)
        _fill(values, chosen, series, from_file, known, ahead, source)
    return Extended(series=_joined(series, values, ahead), given=count, ahead=ahead)


def _joined(series: Series, values: NDArray[np.float64], ahead: Ahead) -> Series:
    whole = np.vstack([series.values, values])
    times = (*series.times, *ahead.labels) if series.times else ()
    return replace(series, values=whole, times=times, content_hash=content_hash(series.columns, whole))


def _calendar(
    chosen: Configuration, series: Series, ahead: Ahead, wanted: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Return the columns of the calendar beyond the end.

    Raises:
        UsageError: the times do not go on.
    """
    entries = chosen.prepare.calendar
    origins = {entry if entry.startswith("holiday") else entry.partition(":")[0] for entry in entries}
    mine = [name for name in wanted if name in chosen.series.made and chosen.series.origin(name) in origins]
    if not mine:
        return {}
    past = clock_of(series.times)
    if past is None or ahead.times is None:
        raise UsageError(f"{series.name}: {ahead.reason}, so that the calendar ({', '.join(entries)}) cannot go on")
    wall = np.concatenate([past.wall, ahead.times.wall])
    made = dict(calendar_columns(wall, entries, series))
    return {name: made[name][-len(ahead.times.wall) :] for name in mine}


def _fill(
    values: NDArray[np.float64],
    chosen: Configuration,
    series: Series,
    wanted: Mapping[str, Sequence[int]],
    known: Known,
    ahead: Ahead,
    source: Source,
) -> None:
    """Put what is known into the rows beyond the end."""
    by_origin: dict[str, list[str]] = {}
    for name in wanted:
        by_origin.setdefault(chosen.series.origin(name), []).append(name)
    known.check_columns(by_origin)
    for origin, names in by_origin.items():
        steps = sorted({step for name in names for step in wanted[name]})
        places = known.places(ahead, steps)
        rows = [step - 1 for step in steps]
        if names == [origin]:
            values[rows, series.columns.index(origin)] = known.numbers(origin, places, ahead.labels)
            continue
        made = [name for name in series.columns if name in chosen.series.made and chosen.series.origin(name) == origin]
        found = known.category(origin, {name: place for place, name in enumerate(made)}, places, ahead.labels)
        values[np.ix_(rows, [series.columns.index(name) for name in made])] = found


def _origins(chosen: Configuration, wanted: Mapping[str, Sequence[int]]) -> dict[str, list[int]]:
    """Return the steps that are needed, by the columns of the user's file."""
    found: dict[str, set[int]] = {}
    for name, steps in wanted.items():
        found.setdefault(chosen.series.origin(name), set()).update(steps)
    return {name: sorted(steps) for name, steps in found.items()}


def _unknown(chosen: Configuration, wanted: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the columns that are needed although they are not known ahead."""
    direct = chosen.prepare.target_at != "next"
    found = [name for name in wanted if not is_known(chosen, name)]
    return [] if direct else list(dict.fromkeys(map(chosen.series.origin, found)))


def _check_unknown(
    chosen: Configuration,
    wanted: Mapping[str, Sequence[int]],
    known: Known,
    ahead: Ahead,
    steps: int,
    experiment: str,
) -> None:
    """Refuse steps for which columns are needed that are neither known ahead nor given."""
    lacking = [name for name in _unknown(chosen, wanted) if name not in known.columns]
    if lacking:
        raise UsageError(_too_far(chosen, lacking, wanted, ahead, steps, experiment))


def _not_given(
    chosen: Configuration,
    wanted: Mapping[str, Sequence[int]],
    ahead: Ahead,
    steps: int,
    source: Source,
    experiment: str,
) -> str:
    if lacking := _unknown(chosen, wanted):
        return _too_far(chosen, lacking, wanted, ahead, steps, experiment)
    by_origin = _origins(chosen, wanted)
    times = [ahead.labels[step - 1] for step in sorted({step for steps in by_origin.values() for step in steps})]
    telling = source.marks_in if source.keep is None else ()
    names = [*telling, *((source.times or ("time",)) if ahead.times is not None else ()), *by_origin]
    are = (
        "is seen at the steps that are forecast, and its values are"
        if len(by_origin) == 1
        else ("are seen at the steps that are forecast, and their values are")
    )
    return (
        f"{listed(by_origin, 'and')} {are} needed for {many(len(times), 'time')}, {span(times)}. Write them to a CSV "
        f"file with the columns {listed(names, 'and')}, and name it: "
        f"{command('forecast', experiment, '--steps', str(steps), '--future', 'known.csv')}"
    )


def _too_far(
    chosen: Configuration,
    lacking: Sequence[str],
    wanted: Mapping[str, Sequence[int]],
    ahead: Ahead,
    steps: int,
    experiment: str,
) -> str:
    size = chosen.prepare.steps_at_once
    by_origin = _origins(chosen, wanted)
    times = [ahead.labels[step - 1] for step in by_origin[lacking[0]]]
    are = "is" if len(lacking) == 1 else "are"
    return (
        f"{steps} steps are more than the {many(size, 'step')} that the model forecasts directly, and "
        f"{listed(lacking, 'and')} {are} neither forecast nor known ahead. Forecast no further "
        f"({command('forecast', experiment, '--steps', str(size))}), or give the values that you assume for "
        f"{span(times)} with --future FILE."
    )
