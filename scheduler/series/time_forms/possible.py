"""All ways in which texts can be read as times, for callers that know which is meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np

from scheduler.series.time_forms.decimal_years import decimal_years
from scheduler.series.time_forms.period_forms import fiscal_years
from scheduler.series.time_forms.spacing import OFTEN, evenness
from scheduler.series.time_forms.strptime import read_format
from scheduler.series.time_forms.times import Times, forms_of

#: whole numbers of an index below this one are numbers of rows, others may be dates and epochs
FEWEST_DIGITS = 10_000_000
#: between these, an index of other numbers may be decimal years
FIRST_YEAR, LAST_YEAR = 1500, 2200


def index_texts(index: Any) -> list[str]:
    """Return an index as text that may hold times; nothing for numbers that may be those of rows."""
    if not len(index):
        return []
    if all(isinstance(one, date) for one in index):
        return [one.isoformat() for one in index]
    if all(isinstance(one, str) for one in index):
        return [one.strip() for one in index]
    if index.dtype.kind not in "iuf" or index.hasnans:
        return []
    if index.dtype.kind == "f":
        return [f"{one:.6f}" for one in index] if index.min() >= FIRST_YEAR and index.max() < LAST_YEAR else []
    return [str(one) for one in index] if index.min() >= FEWEST_DIGITS else []


def most_even(texts: Sequence[str]) -> Times | None:
    """Read texts as times that are mostly even; None where no way does, or two ways do equally well."""
    found = [one for one in forms_of(texts) if not np.isnat(one.wall).any()]
    rated = [(evenness(one.instants), one) for one in found]
    best = max((rate for rate, _ in rated), default=0.0)
    good = [one for rate, one in rated if rate >= best - 1e-9]
    same = all((one.wall == good[0].wall).all() for one in good)
    return good[0] if best >= OFTEN and same else None


def all_readings(texts: Sequence[str], form: str | None = None) -> Iterator[Times]:
    """Yield all ways in which texts are read as times, also where few of them do not tell which is meant.

    Args:
        texts: without empty ones.
        form: a strptime format, which comes first.
    """
    if form is not None:
        yield Times(*read_format(texts, form), what=form)
    yield from forms_of(texts)
    yield from (Times(wall, what=what) for wall, what in (*fiscal_years(texts), *decimal_years(texts)))
