"""Times, leases and states in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scheduler.lifecycle.estimate import readable
from scheduler.text import first_line
from scheduler.web.pace import rate_in_words

if TYPE_CHECKING:
    from scheduler.web.pace import Speed
    from store.activity.records import PackInTraining

#: seconds of a unit, and its name
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))


def age(moment: datetime) -> str:
    """Return how long ago a moment was, in its largest unit."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    for size, unit in _UNITS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count:,} {unit}{'s' * (count != 1)} ago"
    return "less than a minute ago"


def minutes(seconds: float) -> str:
    """Return a duration in words, to the nearest few seconds so that it does not change all the time."""
    return readable(seconds)


def rate_and_rest(speed: Speed) -> str:
    """Return how fast an experiment goes and how long the rest takes; empty where nobody knows."""
    if speed.rate is None:
        return ""
    rest = "" if speed.left is None else f", about {readable(speed.left)} left"
    return f"{rate_in_words(speed.rate)}{rest}"


def lease(pack: PackInTraining) -> str:
    """Return until when a worker must be heard of."""
    if pack.lease < 0:
        return f"ran out {readable(-pack.lease)} ago"
    return f"{pack.lease:.0f} s left"


def heading(error: str) -> str:
    """Return the first line of an error."""
    return first_line(error) or "no reason was recorded"
