"""Times as the page writes them."""

from __future__ import annotations

from datetime import datetime, timedelta


def moment(time: datetime) -> str:
    """Write a time for people."""
    return f"{time.day} {time:%B %Y, %H:%M} {time.tzname() or ''}".strip()


def duration(span: timedelta) -> str:
    """Write how long something took."""
    seconds = max(0, round(span.total_seconds()))
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
