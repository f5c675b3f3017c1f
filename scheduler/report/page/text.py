"""Numbers, counts and labels as the page writes them; everything that comes from a user is escaped here."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.text import printable

MINUS, DASH = "\N{MINUS SIGN}", "\N{EN DASH}"


def escape(text: object) -> str:
    """Make text that cannot leave its element or attribute."""
    return html.escape(printable(text), quote=True)


def decimals(values: Iterable[float]) -> int:
    """Choose the digits after the point that show six significant ones of the largest value."""
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    return min(8, max(0, 5 - math.floor(math.log10(largest)))) if largest else 3


def number(value: object, places: int) -> str:
    """Write a number with that many digits after the point; an en dash where there is none."""
    if not isinstance(value, (int, float)) or not math.isfinite(value):
        return DASH
    if abs(value) >= 1e9:
        return f"{value:.3e}".replace("-", MINUS)
    return f"{value:,.{places}f}".replace("-", MINUS)


def short(value: float) -> str:
    """Write a number in running text, with four significant digits."""
    if not math.isfinite(value):
        return DASH
    places = max(0, 3 - math.floor(math.log10(abs(value)))) if value else 0
    return number(value, min(places, 8))


def many(count: int, noun: str) -> str:
    """Write a count with its noun."""
    return f"{count:,} {noun}" + "s" * (count != 1)


def moment(time: datetime) -> str:
    """Write a time for people, with a machine's version of it."""
    shown = f"{time.day} {time:%B %Y, %H:%M} {time.tzname() or ''}".strip()
    return f'<time datetime="{time.isoformat()}">{escape(shown)}</time>'


def duration(span: timedelta) -> str:
    """Write how long something took."""
    seconds = max(0, round(span.total_seconds()))
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {seconds % 60} s" if minutes else f"{seconds} s"
