"""How times are spaced: their frequency, and the gaps in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Instants = NDArray[np.datetime64]

DAY = 86_400_000_000  #: microseconds
#: of the steps that must be the usual one, so that the others are gaps and not another spacing
MOSTLY = 0.75
#: the same for the step that names a spacing which is not even
OFTEN = 0.5
#: rows without which nothing is said of gaps
FEWEST = 5
#: gaps that are named; the others are counted
SHOWN = 4
BUSINESS = "business daily"
#: business days on end that may be holidays; more are missing rows
HOLIDAYS = 4
#: the same where there are such days at about the same time of most years, within how many days, and how many years
WEEKS_OFF, WITHIN, YEARS_OFF, MOST_YEARS = 12, 32, 3, 0.75
_UNITS = (("day", DAY), ("hour", 3_600_000_000), ("minute", 60_000_000), ("second", 1_000_000), ("millisecond", 1000))
_MONTHS = {1: "monthly", 2: "every two months", 3: "quarterly", 6: "half-yearly", 12: "yearly"}


@dataclass(frozen=True, slots=True)
class Gap:
    """Rows that are missing between two rows that follow each other."""

    #: place of the row after it
    place: int
    #: how many rows are missing
    rows: int


@dataclass(frozen=True, slots=True)
class Spacing:
    """The frequency of times that rise, and where rows are missing in it."""

    #: for people: hourly, business daily, month ends
    name: str
    #: microseconds, or months where `months` is set; 0 for times that are not even
    step: int = 0
    months: bool = False
    #: whether they are the last days of their months
    ends: bool = False
    gaps: tuple[Gap, ...] = ()
    #: whether there are rows on business days alone
    business: bool = False
    #: business days without rows that are taken for holidays
    holidays: int = 0

    @property
    def even(self) -> bool:
        """Whether there is one step, of which gaps are multiples."""
        return self.step > 0

    def missing(self, wall: Instants) -> Instants:
        """Return the times at which rows are missing."""
        found = [self._between(wall[gap.place - 1], gap.rows) for gap in self.gaps]
        return np.concatenate(found) if found else wall[:0]

    def _between(self, before: np.datetime64, rows: int) -> Instants:
        count = np.arange(1, rows + 1)
        if self.business and not self.months:
            day = before.astype("datetime64[D]")
            found_days: Instants = np.busday_offset(day, count).astype("datetime64[us]") + (before - day)
            return found_days
        if not self.months:
            even: Instants = before + (count * self.step).astype("timedelta64[us]")
            return even
        month = before.astype("datetime64[M]")
        rest = before - month.astype("datetime64[us]")
        starts: Instants = (month + (count * self.step).astype("timedelta64[M]")).astype("datetime64[us]")
        if self.ends:
            last = _business_month_ends(starts) if self.business else _month_ends(starts)
            starts, rest = last, before - before.astype("datetime64[D]")
        found: Instants = starts + rest
        return found


def find_spacing(wall: Instants) -> Spacing:
    """Find the frequency of times that rise, by their clock."""
    if len(wall) < 3:
        return Spacing("too short to tell")
    return _by_months(wall) or _by_step(wall)


def evenness(instants: Instants) -> float:
    """Return the share of steps that are the usual one, in order of time; months count as even."""
    if len(instants) < 3:
        return 0.0
    ordered = instants
    if (np.diff(instants) < np.timedelta64(0)).all():
        ordered = instants[::-1]
    steps = np.diff(ordered).astype(np.int64)
    if (steps <= 0).any():
        return -float((steps <= 0).mean())
    if _by_months(ordered):
        return 1.0
    return float(np.unique(steps, return_counts=True)[1].max() / len(steps))


def _by_months(wall: Instants) -> Spacing | None:
    """Find a spacing of whole months: the same day and clock each time, or the last days of the months."""
    months = wall.astype("datetime64[M]")
    rest = wall - months.astype("datetime64[us]")
    steps: NDArray[np.int64] = np.diff(months.astype(np.int64)).astype(np.int64)
    if (steps <= 0).any():
        return None
    same = bool((rest == rest[0]).all())
    days = wall.astype("datetime64[D]").astype("datetime64[us]")
    ends = not same and bool((_month_ends(wall) == days).all())
    business = not same and not ends and bool((_business_month_ends(wall) == days).all())
    if not same and not ends and not business:
        return None
    usual, gaps = _gaps(steps)
    if usual and gaps is not None:
        name = _MONTHS.get(usual, f"every {usual} months")
        last = ", last days of months" if ends else ", last business days of months" if business else ""
        return Spacing(f"{name}{last}", usual, months=True, ends=ends or business, business=business, gaps=gaps)
    return None


def _month_ends(wall: Instants) -> Instants:
    following = wall.astype("datetime64[M]") + np.timedelta64(1, "M")
    return (following.astype("datetime64[D]") - np.timedelta64(1, "D")).astype("datetime64[us]")


def _business_month_ends(wall: Instants) -> Instants:
    last = np.busday_offset(_month_ends(wall).astype("datetime64[D]"), 0, roll="backward")
    found: Instants = last.astype("datetime64[us]")
    return found


def _by_step(wall: Instants) -> Spacing:
    steps = np.diff(wall).astype(np.int64)
    usual, gaps = _gaps(steps)
    pattern = _pattern(wall, usual)
    if pattern:
        business = pattern == BUSINESS
        found, holidays = _business_gaps(wall) if business else ((), 0)
        return Spacing(pattern, gaps=found, business=business, holidays=holidays)
    if usual and gaps is not None:
        return Spacing(_named(usual), usual, gaps=gaps)
    if usual and (steps == usual).mean() >= OFTEN:
        return Spacing(f"uneven, mostly {_named(usual)}")
    return Spacing(f"uneven, {_span(steps)} apart" if (steps > 0).all() else "uneven")


def _span(steps: NDArray[np.int64]) -> str:
    """Write the shortest and the longest step in the largest unit that the shortest one has."""
    low, high = int(steps.min()), int(steps.max())
    unit, size = next(((unit, size) for unit, size in _UNITS if low >= size), ("millisecond", 1000))
    return f"{low / size:.3g} to {high / size:.3g} {unit}s"


def _gaps(steps: NDArray[np.int64]) -> tuple[int, tuple[Gap, ...] | None]:
    """Return the usual step, and the gaps if all other steps are multiples of it; None if they are not."""
    values, counts = np.unique(steps, return_counts=True)
    usual = int(values[counts.argmax()])
    if usual <= 0:
        return 0, None
    odd = np.flatnonzero(steps != usual)
    if not len(odd):
        return usual, ()
    fits = len(steps) >= FEWEST - 1 and counts.max() >= MOSTLY * len(steps)
    if not fits or (steps % usual).any() or (steps < usual).any():
        return usual, None
    return usual, tuple(Gap(int(place) + 1, int(steps[place] // usual - 1)) for place in odd)


def _business_gaps(wall: Instants) -> tuple[tuple[Gap, ...], int]:
    """Return the runs of business days without rows that are longer than holidays are, and how many days are holidays.

    Weeks without rows at about the same time of most years, such as those of a new year, are holidays, too.
    """
    days = wall.astype("datetime64[D]")
    rows = np.busday_count(days[:-1], days[1:]) - 1
    long = np.flatnonzero(rows > HOLIDAYS)
    weeks_off = _recurring(days[long], int((days[-1] - days[0]).astype(int)) / 365.25) & (rows[long] <= WEEKS_OFF)
    gaps = long[~weeks_off]
    return tuple(Gap(int(place) + 1, int(rows[place])) for place in gaps), int(rows.sum() - rows[gaps].sum())


def _recurring(starts: NDArray[np.datetime64], years: float) -> NDArray[np.bool_]:
    """Return for each of some days whether most years have one within a month of the year around it."""
    year = starts.astype("datetime64[Y]")
    day = (starts - year.astype("datetime64[D]")).astype(np.int64)
    within = (day[None, :] - day[:, None]) % 365 <= WITHIN  # from each day on
    years_off = np.array([len(set(year[one].tolist())) for one in within], dtype=np.int64)
    often = years_off >= max(YEARS_OFF, MOST_YEARS * years)
    return np.asarray((within & often[:, None]).any(axis=0), dtype=np.bool_)


def _pattern(wall: Instants, usual: int) -> str:
    """Name days or hours that never occur: week-ends, nights; rows are not missing there. Empty if all occur."""
    if usual <= 0 or len(wall) < FEWEST:
        return ""
    days = wall.astype("datetime64[D]")
    own_days = np.unique(days)
    weekdays = set(((own_days.astype(np.int64) + 3) % 7).tolist())
    span = int((days[-1] - days[0]).astype(int))
    if usual == DAY and weekdays <= set(range(5)) and span >= 6:
        return BUSINESS
    if usual == DAY and len(weekdays) < 7 and span >= 13:
        return f"daily, on {len(weekdays)} days of the week"
    if (
        usual < DAY
        and DAY % usual == 0
        and (_nights(wall - days, len(own_days), usual) or (span >= 13 and len(weekdays) < 7))
    ):
        return f"{_named(usual)}, at some hours or days only"
    return ""


def _nights(clocks: NDArray[np.timedelta64], days: int, usual: int) -> bool:
    """Return whether some times of the day never occur: over a week, or at one stretch on each of a few days."""
    seen = np.zeros(DAY // usual, dtype=bool)
    seen[np.unique(clocks.astype(np.int64) // usual)] = True
    if days < 3 or seen.all():
        return False
    stretches = int((seen != np.roll(seen, 1)).sum()) // 2
    nights = int((np.diff(clocks.astype(np.int64)) < 0).sum())
    return days >= 7 or (stretches == 1 and (~seen).sum() * usual >= DAY // 6 and nights >= days - 1)


def _named(step: int) -> str:
    """Name a step: hourly, every 5 minutes, weekly."""
    usual = {
        DAY: "daily",
        7 * DAY: "weekly",
        14 * DAY: "fortnightly",
        3_600_000_000: "hourly",
        60_000_000: "every minute",
    }
    if step in usual:
        return usual[step]
    if step % (7 * DAY) == 0:
        return f"every {step // (7 * DAY)} weeks"
    for unit, size in _UNITS:
        if step % size == 0:
            return f"every {step // size} {unit}s" if step != size else f"every {unit}"
    return f"every {step / 1_000_000:g} seconds"


def named_gaps(spacing: Spacing, missing: tuple[str, ...]) -> str:
    """Name the gaps as ranges: `2024-01-05 to 2024-01-09 (5 rows), 2024-02-01`; of many the longest ones."""
    starts = np.cumsum([0, *(gap.rows for gap in spacing.gaps)])
    chosen = sorted(sorted(range(len(spacing.gaps)), key=lambda one: -spacing.gaps[one].rows)[:SHOWN])
    return ", ".join(_shown(chosen, spacing, starts.tolist(), missing)) + (
        f" and {len(spacing.gaps) - SHOWN:,} more gaps" if len(spacing.gaps) > SHOWN else ""
    )


def _shown(chosen: list[int], spacing: Spacing, starts: list[int], missing: tuple[str, ...]) -> Iterator[str]:
    for one in chosen:
        rows = spacing.gaps[one].rows
        first, last = missing[starts[one]], missing[starts[one] + rows - 1]
        yield first if rows == 1 else f"{first} to {last} ({rows:,} rows)"
