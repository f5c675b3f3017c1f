"""The clocks of zones: which one shows the times of a series, and what it shows at other moments."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series.time_forms.times import Times

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

#: zones whose clocks are tried, one for each rule
ZONES = (
    *("Europe/Berlin", "Europe/London", "Europe/Helsinki", "America/New_York", "America/Chicago", "America/Denver"),
    *("America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland", "America/Santiago", "America/Sao_Paulo"),
    "Australia/Lord_Howe",
)


def clock_in(times: Times, named: str | None) -> str:
    """Return the zone whose clock shows all these times: the one that is named, or one that changes as they do.

    Args:
        times: with offsets, or there is no zone.
        named: by the grid.
    """
    if times.offsets is None:
        return ""
    tried = [named] if named else ZONES if len(np.unique(times.offsets)) > 1 else ()
    return next((zone for zone in tried if is_zone(zone) and _shows(zone, times)), "")


def is_zone(zone: str) -> bool:
    """Return whether a zone of this name is known."""
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _shows(zone: str, times: Times) -> bool:
    return bool(np.array_equal(in_zone(times.instants, zone).wall, times.wall.astype("datetime64[us]")))


def in_zone(instants: NDArray[np.datetime64], zone: str) -> Times:
    """Return moments of UTC as the clock of a zone shows them."""
    local = _index(instants).tz_localize("UTC").tz_convert(zone)
    wall = local.tz_localize(None).to_numpy().astype("datetime64[us]")
    offsets = ((wall - instants.astype("datetime64[us]")) // np.timedelta64(1, "m")).astype(np.int64)
    return Times(wall, offsets)


def instants_of(wall: NDArray[np.datetime64], zone: str) -> NDArray[np.datetime64]:
    """Return the moments of UTC of local times: of two equal neighbours the second is after the clock was put back."""
    after = np.concatenate([[False], np.diff(wall) == np.timedelta64(0)])
    local = _index(wall).tz_localize(zone, ambiguous=~after, nonexistent="shift_forward")
    found: NDArray[np.datetime64] = local.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
    return found


def _index(times: Any) -> pd.DatetimeIndex:
    import pandas as pd

    return pd.DatetimeIndex(times.astype("datetime64[us]"))
