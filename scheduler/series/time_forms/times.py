"""The times of a column as instants: the one form in which all of them can be read is found, or taken from the grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.time_forms.clock_forms import strptime_forms
from scheduler.series.time_forms.decimal_years import DECIMAL, read_decimal_years
from scheduler.series.time_forms.decimals import MONTHS, are_months
from scheduler.series.time_forms.iso import read_iso
from scheduler.series.time_forms.mixed import together, unswapped
from scheduler.series.time_forms.period_forms import COUNTED, NUMBERED_YEARS, read_digits, read_fiscal, read_periods
from scheduler.series.time_forms.spelling import of_our_era, plain_figures, plain_times
from scheduler.series.time_forms.strptime import is_late, read_format
from scheduler.series.time_forms.time_mistakes import report_unknown, report_wrong
from scheduler.series.time_forms.year_parts import NUMBERED, read_year_parts
from scheduler.series.times import try_iso
from scheduler.text import many

if TYPE_CHECKING:
    from collections.abc import Iterator

Instants = NDArray[np.datetime64]
#: of the rows that a form must read so that the others count as mistakes in them
MOSTLY = 0.5
#: rows from which a form is told
SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Times:
    """The times of the rows; NaT where one cannot be read."""

    #: as the clock shows them
    wall: Instants
    #: minutes from UTC; None where the times have no zone
    offsets: NDArray[np.int64] | None = None
    #: as the file has them, where these texts may stand for the times: they are ISO 8601, or the grid has their format
    texts: tuple[str, ...] | None = None
    #: what they are, for a note; empty for ISO 8601
    what: str = ""

    @property
    def instants(self) -> Instants:
        """The times in UTC; those without a zone as they are."""
        if self.offsets is None:
            return self.wall
        moved: Instants = self.wall - self.offsets.astype("timedelta64[m]")
        return moved

    def taken(self, places: NDArray[np.intp]) -> Times:
        """Return the times of some rows."""
        return replace(
            self,
            wall=self.wall[places],
            offsets=None if self.offsets is None else self.offsets[places],
            texts=None if self.texts is None else tuple(self.texts[place] for place in places),
        )

    def labels(self) -> tuple[str, ...]:
        """Return the times as text: as the file has them, or as ISO 8601."""
        return self.texts if self.texts is not None else iso_labels(self.wall, self.offsets)


def iso_labels(wall: Instants, offsets: NDArray[np.int64] | None = None) -> tuple[str, ...]:
    """Write times as ISO 8601: days where all are midnight and have no zone."""
    if not len(wall):
        return ()
    known = wall[~np.isnat(wall)]
    days = offsets is None and bool((known == known.astype("datetime64[D]")).all())
    whole = bool((known == known.astype("datetime64[s]")).all())
    unit: Literal["D", "s", "us"] = "D" if days else "s" if whole else "us"
    texts = _in_seconds(wall) if unit == "s" and len(known) == len(wall) else None
    texts = np.datetime_as_string(wall, unit=unit).tolist() if texts is None else texts
    if offsets is None:
        return tuple(texts)
    zones = {int(one): _offset(int(one)) for one in np.unique(offsets)}
    return tuple(text + zones[int(one)] for text, one in zip(texts, offsets, strict=True))


def _in_seconds(wall: Instants) -> list[str]:
    """Write times in seconds: each day and each clock once, since millions of times have few of them."""
    days = wall.astype("datetime64[D]")
    parts = (days, (wall - days).astype("timedelta64[s]").astype(np.int64))
    (own_days, day), (own_clocks, clock) = (np.unique(part, return_inverse=True) for part in parts)
    dates = np.datetime_as_string(own_days).tolist()
    clocks = [f"T{one // 3600:02d}:{one // 60 % 60:02d}:{one % 60:02d}" for one in own_clocks.tolist()]
    return [dates[one] + clocks[other] for one, other in zip(day.tolist(), clock.tolist(), strict=True)]


def _offset(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def read_times(name: str, texts: Sequence[str], lines: Sequence[int], diagnosis: Diagnosis) -> Times | None:
    """Read a column of times in the form of the grid, or in the one that fits all; report those that do not fit.

    Returns:
        The times, NaT where one cannot be read; None if nothing can be said of them.
    """
    form = diagnosis.source.format
    if form is not None:
        return _of_format(name, texts, lines, form, diagnosis)
    ours = of_our_era(texts, name) if texts else None
    if ours is None:
        return _read(name, texts, lines, diagnosis)
    diagnosis.note(f"{name} has years of the Buddhist era: {texts[0]} is read as {ours[0]}")
    found = _read(name, ours, lines, diagnosis)
    return None if found is None else replace(found, texts=None)


def _read(name: str, texts: Sequence[str], lines: Sequence[int], diagnosis: Diagnosis) -> Times | None:
    found = list(forms_of(texts))
    whole = [one for one in found if not np.isnat(one.wall).any()]
    if len(whole) > 1:
        return _decided(name, texts, lines, whole, diagnosis)
    if whole:
        if whole[0].what == DECIMAL or whole[0].what in NUMBERED | COUNTED:
            diagnosis.note(f"{name} has {whole[0].what}: {texts[0]} is {iso_labels(whole[0].wall)[0]}")
        wall = unswapped(texts, whole[0].wall, whole[0].what, diagnosis) if whole[0].offsets is None else whole[0].wall
        return whole[0] if wall is whole[0].wall else Times(wall, what=whole[0].what)
    if (of_several := together(name, texts, lines, _without_zone, diagnosis)) is not None:
        return Times(of_several[0], what=of_several[1])
    best = max(found, key=lambda one: int((~np.isnat(one.wall)).sum()), default=None)
    if best is None or np.isnat(best.wall).sum() > (1 - MOSTLY) * len(texts):
        report_unknown(name, texts, lines, diagnosis)
        return None
    report_wrong(name, texts, lines, np.flatnonzero(np.isnat(best.wall)), best.what or _iso_name(best), diagnosis)
    return best


def possible_times(texts: Sequence[str]) -> Times | None:
    """Read texts as times, where they all are; for columns that the grid does not name."""
    return next((one for one in forms_of(texts) if not np.isnat(one.wall).any()), None)


def in_form_of(text: str, times: Times) -> Times | None:
    """Read one more time in the form in which others were found, of which the clock may be left out.

    Times in ISO 8601 have none; there, what can be read in one way only is taken.
    """
    plainer = plain_times([text], [text]) or []
    read = (one for spelling in (text, *plainer) for one in forms_of([spelling]))
    found = [one for one in read if one.what and not np.isnat(one.wall[0])]
    if not times.what:
        return found[0] if len({one.wall[0] for one in found}) == 1 else None
    same = (one for one in found if one.what == times.what)
    alike = (one for one in found if times.what.startswith(one.what))
    return next(chain(same, alike), None)


def forms_of(texts: Sequence[str]) -> Iterator[Times]:
    """Read texts in each form that fits the first of them."""
    spread = [*texts[:SAMPLE], *texts[SAMPLE :: max(1, len(texts) // SAMPLE)]]
    sample = [text for text in spread if text]
    if not sample:
        return
    if (figures := plain_figures(texts, sample)) is not None:
        yield from (replace(one, texts=None) for one in forms_of(figures))
        return
    numbered = [*read_year_parts(texts, sample)]
    if numbered or (numbered := [*read_digits(texts, sample)]):
        for wall, what in numbered:
            yield Times(wall, np.zeros(len(wall), np.int64) if what.startswith("epoch") else None, what=what)
        return
    if (fiscal := read_fiscal(texts, sample)) is not None:
        yield Times(fiscal[0], what=fiscal[1])
        return
    iso = read_iso(texts, sample)
    if iso is not None:
        yield Times(*iso, texts=tuple(texts) if try_iso(sample[0]) is not None else None)
        if not np.isnat(iso[0]).any():
            return
    whole = False
    for one in _worded(texts, sample):
        whole |= not np.isnat(one.wall).any()
        yield one
    if not whole and (plainer := plain_times(texts, sample)) is not None:
        yield from (replace(one, texts=None) for one in forms_of(plainer))


def _worded(texts: Sequence[str], sample: Sequence[str]) -> Iterator[Times]:
    """Read periods, dates of figures and words, and decimal years."""
    periods = read_periods(texts, sample)
    if periods is not None:
        numbered = periods[1] == NUMBERED_YEARS
        yield Times(periods[0], texts=tuple(texts) if numbered else None, what=periods[1])
    for form in strptime_forms(sample):
        found = read_format(texts, form)
        if form not in MONTHS or are_months(texts, found[0]):
            yield Times(*found, what=form)
    for wall, what in read_decimal_years(texts, sample):
        yield Times(wall, what=what)


def _without_zone(texts: Sequence[str]) -> Iterator[tuple[Instants, str]]:
    """Read texts in each form that fits the first of them and has no zone."""
    yield from ((one.wall, one.what) for one in forms_of(texts) if one.offsets is None)


def _of_format(name: str, texts: Sequence[str], lines: Sequence[int], form: str, diagnosis: Diagnosis) -> Times:
    wall, offsets = read_format(texts, form)
    wrong = np.flatnonzero(np.isnat(wall))
    late = any(map(is_late, texts))  # 24:00, which only this reader takes: the times are written as ISO 8601
    found = Times(wall, offsets, texts=None if late else tuple(texts), what=form)
    if not len(wrong):
        return found
    other = None if len(wrong) <= (1 - MOSTLY) * len(texts) else possible_times(texts)
    if other is None:
        report_wrong(name, texts, lines, wrong, f"of the form {form!r}", diagnosis)
        return found
    text = texts[wrong[0]]
    diagnosis.mistake(
        lines[wrong[0]],
        f"the time {text[:40]!r} is not of the form {form!r} ({len(wrong):,} of {many(len(texts), 'row')}), and can be "
        "read without series.format",
        format=None,
    )
    return other


def _iso_name(times: Times) -> str:
    return f"ISO 8601 {'without' if times.offsets is None else 'with'} a zone"


def _once(instants: Instants) -> Instants:
    """Return times without those that are the time of the row before, as those of several series are."""
    kept: Instants = instants[np.concatenate([[True], np.diff(instants) != np.timedelta64(0)])]
    return kept


def _decided(name: str, texts: Sequence[str], lines: Sequence[int], whole: list[Times], diagnosis: Diagnosis) -> Times:
    """Choose the form in which the times are evenly spaced: day or month first; ask if that does not decide."""
    from scheduler.series.time_forms.spacing import evenness

    if all((one.wall == whole[0].wall).all() for one in whole):
        return whole[0]
    rated = [(evenness(_once(one.instants)), one) for one in whole]
    best = max(rate for rate, _ in rated)
    good = [one for rate, one in rated if rate >= best - 1e-9]
    if len(good) == 1:
        diagnosis.note(f"the times {texts[0]!r}, {texts[1]!r}, ... are even if read as {good[0].what}, and were")
        return good[0]
    first, second = good[:2]
    at = int(np.argmax(first.wall != second.wall))
    days = [str(one.wall[at].astype("datetime64[D]")) for one in (first, second)]
    diagnosis.mistake(
        lines[at],
        f"the time {texts[at][:40]!r} may be {days[0]} or {days[1]}, and the other rows do not tell: choose",
        format=first.what,
    )
    diagnosis.others.append((f"if it is {days[1]}", {"format": second.what}))
    return first
