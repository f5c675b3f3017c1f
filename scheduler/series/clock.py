"""The times of a series as a clock shows them: of a file as it was read, else read from the series' own texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from scheduler.series.row_times import read_times
from scheduler.series.season import SHORT_YEAR, four_digits
from scheduler.series.time_forms.times import Times, in_form_of
from scheduler.series.times import reader, try_iso


def clock_of(texts: Sequence[str]) -> Times | None:
    """Read the times of a series; None where it has none, or they are in no usual form."""
    if not texts:
        return None
    found = read_times([SHORT_YEAR.sub(four_digits, text) for text in texts])
    return _as_times(found) if found else None


def _as_times(found: Sequence[datetime]) -> Times:
    wall = np.array([time.replace(tzinfo=None) for time in found], dtype="datetime64[us]")
    offsets = [time.utcoffset() for time in found]
    minutes = [int(one.total_seconds()) // 60 for one in offsets if one is not None]
    return Times(wall, np.array(minutes, dtype=np.int64) if len(minutes) == len(found) else None)


def read_moment(text: str, form: str | None, times: Times) -> datetime | None:
    """Read a time that a grid names: in the form of the series, or as ISO 8601 (also `2012-05` and `2012`).

    Args:
        text: The time.
        form: The strptime format of the series, if the grid has one.
        times: Those of the series, in whose form it may be.
    """
    if form is not None:
        try:
            return reader(form)(text)
        except (ValueError, OverflowError, re.error):
            pass
    iso = try_iso(SHORT_YEAR.sub(four_digits, text))
    found = None if iso is not None and not times.what else in_form_of(text, times)
    if found is None:
        return iso
    moment: datetime = found.instants[0].astype("datetime64[us]").item()
    return moment if found.offsets is None else moment.replace(tzinfo=UTC)


def place_from(times: Times, moment: datetime) -> int:
    """Return the place of the first time at or after a moment; a moment without a zone is of the series' clock."""
    if moment.tzinfo is None or times.offsets is None:
        after = times.wall >= np.datetime64(moment.replace(tzinfo=None), "us")
    else:
        offset = moment.utcoffset()
        instant = np.datetime64(moment.replace(tzinfo=None), "us") - np.timedelta64(offset or 0, "us")
        after = times.instants >= instant
    return int(np.argmax(after)) if after.any() else len(after)
