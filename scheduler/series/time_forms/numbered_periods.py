"""Numbers of the hours, half hours and quarters of days, some of which are longer or shorter: the clock was changed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.time_forms.times import Times, read_times
from scheduler.series.time_forms.zones import ZONES, in_zone, instants_of, is_zone

#: periods of a day of 24 hours -> what one is
PERIODS = {24: "hours", 48: "half hours", 96: "quarters of an hour"}
DAY = np.timedelta64(86_400_000_000, "us")


def read_numbered(
    names: Sequence[str], columns: Sequence[Sequence[str]], lines: Sequence[int], diagnosis: Diagnosis
) -> Times | None:
    """Read days and the numbers of their periods, where a day has an hour more or less; None where none has."""
    found = _counted(columns)
    if found is None:
        return None
    numbers, day_of, counts, usual = found
    texts = list(dict.fromkeys(columns[0]))
    own = Diagnosis(diagnosis.file, diagnosis.source)
    days = read_times(names[0], texts, lines, own)
    if days is None or own.mistakes or days.offsets is not None:
        return None
    ordered = np.argsort(days.wall)
    named = diagnosis.source.timezone
    zones = [named] if named and is_zone(named) else ZONES
    zone = next((one for one in zones if _lasts(days.wall[ordered], counts[ordered], usual, one)), None)
    if zone is None:
        return None
    step = DAY // usual
    places = numbers - (0 if usual == 24 else 1)  # hours are called by their end
    instants = instants_of(days.wall[ordered], zone)[np.argsort(ordered)][day_of] + places * step
    odd = int(ordered[np.argmax(counts[ordered] != usual)])
    diagnosis.note(
        f"{texts[odd]} has {counts[odd]} {PERIODS[usual]}: that is the change of the clock in {zone} and zones like "
        "it; series.timezone names the zone"
    )
    clock = in_zone(instants, zone)
    return Times(clock.wall, clock.offsets, what=f"{days.what or 'ISO 8601'} and {PERIODS[usual]}")


def _counted(
    columns: Sequence[Sequence[str]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int] | None:
    """Return the numbers, the place of each row's day, the last number of each day, and the usual one."""
    known = {text: float(text) for text in set(columns[1]) if text.removesuffix(".0").isdecimal()}
    place_of = {text: place for place, text in enumerate(dict.fromkeys(columns[0]))}
    if len(known) < len(set(columns[1])) or len(place_of) < 2 or min(known.values()) != 1:
        return None
    numbers = np.array([known[text] for text in columns[1]]).astype(np.int64)
    day_of = np.array([place_of[text] for text in columns[0]], dtype=np.int64)
    counts = np.zeros(len(place_of), dtype=np.int64)
    np.maximum.at(counts, day_of, numbers)
    values, often = np.unique(counts, return_counts=True)
    usual = int(values[often.argmax()])
    if usual not in PERIODS or (counts == usual).all() or len(numbers) < counts.sum() * 0.9:
        return None
    return numbers, day_of, counts, usual


def _lasts(days: NDArray[np.datetime64], counts: NDArray[np.int64], usual: int, zone: str) -> bool:
    """Return whether the days of a zone have so many periods each; the last day may be cut short."""
    starts = instants_of(np.append(days, days[-1:] + DAY), zone)
    ends = instants_of(days + DAY, zone)
    wanted = np.round((ends - starts[:-1]) / (DAY // usual)).astype(np.int64)
    changed = (wanted[:-1] != usual).any()  # a day that is cut short at the end shows nothing
    return bool(changed and (counts[:-1] == wanted[:-1]).all() and counts[-1] <= wanted[-1])
