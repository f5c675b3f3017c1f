"""A column with periods of several lengths: years, then quarters, then months of the same time below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NoReturn

import numpy as np

from scheduler.series.diagnosis import Diagnosis
from scheduler.series.fields import FREQUENCIES
from scheduler.series.lines import are, on_lines
from scheduler.series.tables.table import Table
from scheduler.series.time_forms.period_forms import what_of
from scheduler.series.time_forms.spelling import is_month
from scheduler.text import many
from store.schema.spelling import listed

#: rows that are looked at before all are
SAMPLE = 300
#: rows of each frequency, without which they may be mistakes
FEWEST = 2
_NAMES = {"quarters": "quarterly", "half-years": "half-yearly", "months": "monthly", "weeks": "weekly"}
_YEAR = re.compile(r"(?:1[5-9]|2[01])\d\d\Z")
_DAY = re.compile(r"(?:1[5-9]|2[01])\d\d[-/.]?\d\d[-/.]?\d\d\Z")
_MONTH = re.compile(r"(?:1[5-9]|2[01])\d\d[-/.](?:0[1-9]|1[0-2])\Z|(?:0?[1-9]|1[0-2])[-/.](?:1[5-9]|2[01])\d\d\Z")
_NAMED = re.compile(r"\d{4}[-/. ]*([^\W\d_]{3,})\.?\Z|([^\W\d_]{3,})[-/., ]*\d{4}\Z")
_YEAR_OF = re.compile(r"(?<!\d)(?:1[5-9]|2[01])\d\d")


def of_one_frequency(table: Table, places: Sequence[int], diagnosis: Diagnosis) -> Table:
    """Return the rows of the frequency that the grid names; report several frequencies where it names none.

    Args:
        table: the rows.
        places: of the columns of times, of which one alone may have periods.
        diagnosis: what is reported to.
    """
    wanted = diagnosis.source.frequency
    if len(places) != 1:
        if wanted is not None:
            diagnosis.mistake(
                0, "series.frequency needs one column of times as series.time; leave it out", frequency=None
            )
        return table
    place = places[0]
    texts = table.texts(place)
    sample = [*texts[:SAMPLE], *texts[SAMPLE :: max(1, len(texts) // SAMPLE)]]
    if wanted is None and len(set(_frequencies(sample))) == 1:
        return table
    of_row = _frequencies(texts)
    rows = {one: own for one in FREQUENCIES if (own := [row for row, found in enumerate(of_row) if found == one])}
    if wanted is None:
        several = len(rows) > 1 and "" not in of_row and min(map(len, rows.values())) >= FEWEST
        if several and _are_of_the_same_time([[texts[row] for row in own] for own in rows.values()]):
            _report(table, place, rows, diagnosis)
        return table
    if wanted not in rows:
        if len(rows) > 1:
            what = f"no time of {table.header[place]} is so: they are {listed(list(rows), 'and')}"
        else:
            what = f"{table.header[place]} has no periods of several lengths to choose from; leave it out"
        mended = list(rows)[-1] if len(rows) > 1 else None
        diagnosis.mistake(table.lines[0], f"series.frequency is {wanted}, and {what}", frequency=mended)
        return table
    kept = rows_of(texts, wanted)
    if others := len(texts) - len(kept):
        diagnosis.note(f"{many(others, 'row')} of {table.header[place]} {are(others)} not {wanted} and left out")
    return table.taken(kept)


def rows_of(texts: Sequence[str], frequency: str) -> list[int]:
    """Return the places of times of a frequency, and of those that are no periods, which their reader reports."""
    return [row for row, found in enumerate(_frequencies(texts)) if found in (frequency, "")]


def _frequencies(texts: Sequence[str]) -> list[str]:
    """Return the frequency of each text; an empty text for one that is of none."""
    known = {text: _frequency(text) for text in set(texts)}
    return [known[text] for text in texts]


def _frequency(text: str) -> str:
    if _YEAR.match(text):
        return "yearly"
    if _MONTH.match(text):
        return "monthly"
    if _DAY.match(text):
        return "daily"
    if what := what_of(text):
        return _NAMES.get(what, "")
    named = _NAMED.match(text)
    return "monthly" if named and is_month(named[1] or named[2]) else ""


def _are_of_the_same_time(groups: Sequence[Sequence[str]]) -> bool:
    """Return whether most years of the coarsest periods have finer ones, too."""
    years = [{found[0] for text in texts if (found := _YEAR_OF.search(text))} for texts in groups]
    finest = set().union(*years[1:])
    return bool(np.mean([year in finest for year in years[0]]) >= 0.5)


def _report(table: Table, place: int, rows: dict[str, list[int]], diagnosis: Diagnosis) -> NoReturn:
    names = list(rows)
    most = max(reversed(names), key=lambda name: len(rows[name]))  # of as many rows the finest
    shown = [f"{name} on {on_lines([table.lines[one] for one in own])}" for name, own in rows.items()]
    diagnosis.others += [(f"for the {name} rows", {"frequency": name}) for name in reversed(names) if name != most]
    diagnosis.refuse(
        table.lines[rows[most][0]],
        f"{table.header[place]} has periods of several lengths: {listed(shown, 'and')}; choose one by series.frequency",
        frequency=most,
    )
