"""Local times without a zone: the hour that is there twice in autumn, and the one that never was in spring."""

from __future__ import annotations

import zoneinfo
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.reading.observations import Observations
from scheduler.series.time_forms.spacing import DAY
from scheduler.series.time_forms.times import Times
from scheduler.series.time_forms.zones import ZONES

_NOTHING = np.timedelta64(0)


def resolve_clock(rows: Observations, diagnosis: Diagnosis) -> Observations:
    """Give local times the offsets of the zone that the grid names, or of one that explains what looks wrong."""
    times = rows.times
    assert times is not None
    name = diagnosis.source.timezone
    if name is not None:
        return _by_instant(replace(rows, times=_in_zone(times, rows, name, diagnosis)))
    if times.offsets is not None or not (zone := zone_of(times.wall)):
        return rows
    found = replace(times, offsets=_offsets(times.wall, zone), texts=None)  # which lack the offset
    diagnosis.note(
        f"{_changes(times.wall, zone)}: that is the change of the clock in {zone} and zones like it, so no row is "
        "missing or there twice for it; series.timezone names the zone"
    )
    return _by_instant(replace(rows, times=found))


def zone_of(wall: NDArray[np.datetime64]) -> str:
    """Return the zone that explains best which hours are there twice or missing; an empty text if none does."""
    if not _suspicious(wall):
        return ""
    best, zone = _problems(wall), ""
    for one in ZONES:
        offsets = _offsets(wall, one)
        if offsets is not None and (left := _problems(wall - offsets.astype("timedelta64[m]"))) < best:
            best, zone = left, one
    return zone


def _by_instant(rows: Observations) -> Observations:
    """Sort rows whose clock is put back: by what follows on what, not by the clock."""
    assert rows.times is not None
    instants = rows.times.instants
    if (np.diff(instants) >= _NOTHING).all():
        return rows
    return rows.taken(np.argsort(instants, kind="stable"))


def _suspicious(wall: NDArray[np.datetime64]) -> bool:
    """Return whether an hour may be there twice or missing: only where rows are less than a day apart."""
    steps = np.diff(wall)
    if len(steps) < 4 or np.median(steps.astype(np.int64)) >= DAY:
        return False
    usual = np.timedelta64(int(np.median(steps.astype(np.int64))), "us")
    return bool((steps <= _NOTHING).any() or (steps > usual).any())


def _problems(instants: NDArray[np.datetime64]) -> int:
    """Count times that do not rise, and steps that are not the usual one."""
    steps = np.diff(np.sort(instants)).astype(np.int64)
    values, counts = np.unique(steps[steps > 0], return_counts=True)
    usual = values[counts.argmax()] if len(values) else 0
    return int((steps != usual).sum()) + int((steps <= 0).sum())


def _offsets(wall: NDArray[np.datetime64], zone: str) -> NDArray[np.int64] | None:
    """Return the offsets in minutes of local times; None if the zone's clock never showed one of them."""
    import pandas as pd

    after = np.concatenate([[False], np.diff(wall) == _NOTHING])  # the second of two equal times, in the file's order
    local = pd.DatetimeIndex(wall.astype("datetime64[ns]"))
    told = local.tz_localize(zone, ambiguous=~after, nonexistent="NaT")
    if told.isna().any():
        return None
    instants = told.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    found: NDArray[np.int64] = ((wall - instants) // np.timedelta64(1, "m")).astype(np.int64)
    return found


def _in_zone(times: Times, rows: Observations, name: str, diagnosis: Diagnosis) -> Times:
    """Give times the offsets of a zone: from their clock, or from the instants that they are."""
    import pandas as pd

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        from store.schema.spelling import did_you_mean

        hint = did_you_mean(name, zoneinfo.available_timezones())
        diagnosis.refuse(0, f"series.timezone is {name!r}; allowed: a zone such as Europe/Berlin or UTC{hint}")
    if times.offsets is not None:
        local = pd.DatetimeIndex(times.instants.astype("datetime64[ns]")).tz_localize("UTC").tz_convert(name)
        wall = local.tz_localize(None).to_numpy().astype("datetime64[us]")
        offsets = ((wall - times.instants) // np.timedelta64(1, "m")).astype(np.int64)
        return Times(wall, offsets, what=times.what)
    offsets_found = _offsets(times.wall, name)
    if offsets_found is None:
        told = pd.DatetimeIndex(times.wall.astype("datetime64[ns]")).tz_localize(
            name, ambiguous=np.ones(len(times.wall), bool), nonexistent="NaT"
        )
        never = np.flatnonzero(told.isna())
        diagnosis.mistake(
            int(rows.lines[never[0]]),
            f"the clock of {name} never showed {rows.label(int(never[0]))}, which it skipped in spring "
            f"({len(never):,} such times): these times are of another zone, or of one without changes of the clock",
            timezone=None,
        )
        return times
    zoned = Times(times.wall, offsets_found, what=times.what)
    if len(twice := np.flatnonzero(np.diff(times.wall) == _NOTHING)):
        diagnosis.note(f"{_twice(times.wall, twice)}: the clock of {name} was put back, and both rows stay")
    return zoned


def _twice(wall: NDArray[np.datetime64], places: NDArray[np.intp]) -> str:
    label = _shown(wall[places[0]])
    more = len(places) - 1
    return f"{label} and {more:,} more times are there twice" if more else f"{label} is there twice"


def _shown(time: np.datetime64) -> str:
    return str(time.astype("datetime64[m]")).replace("T", " ")


def _changes(wall: NDArray[np.datetime64], zone: str) -> str:
    """Describe the first hour that is there twice, or that is skipped."""
    twice = np.flatnonzero(np.diff(wall) == _NOTHING)
    if len(twice):
        return _twice(wall, twice)
    offsets = _offsets(wall, zone)
    assert offsets is not None
    place = int(np.argmax(np.diff(offsets) > 0))
    return f"{_shown(wall[place + 1])} follows {_shown(wall[place])}"
