"""Series from Python: a pandas DataFrame or Series, a NumPy array, or a list, checked as files are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series import row_times, times
from scheduler.series.content import chosen, content_hash
from scheduler.series.fields import SeriesSource
from scheduler.series.reading.numbers import MOST_VALUE
from store.errors import SeriesError
from store.records import Series
from store.schema.configuration import SeriesChoice
from store.schema.spelling import did_you_mean, listed

if TYPE_CHECKING:
    import pandas as pd

#: the name of a series, and of its only column, where Python gives none
UNNAMED = "series"
VALUE = "value"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of columns passed from Python, with the times of its rows."""

    frame: pd.DataFrame
    #: as ISO 8601; empty where the index holds no times
    times: tuple[str, ...]


def table(data: Any) -> Table:
    """Read the argument `series=` as a table with named columns.

    Raises:
        SeriesError: It has another shape, names a column twice, or its times are not in order.
    """
    import pandas as pd

    if isinstance(data, dict | str | bytes) or data is None:
        _refuse(f"a {type(data).__name__} is not a series; pass a DataFrame, a Series or an array of numbers")
    try:
        frame = pd.DataFrame(data.to_frame() if isinstance(data, pd.Series) else data)
    except (ValueError, TypeError) as problem:
        _refuse(f"{problem}; pass a DataFrame, a Series or an array of one or two dimensions")
    unnamed = isinstance(frame.columns, pd.RangeIndex)
    names = [_name(name, len(frame.columns), unnamed=unnamed) for name in frame.columns]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        _refuse(f"the column {twice[0]!r} appears twice; give each column a unique name")
    if len(frame) < 2:
        _refuse(f"there {'is 1 observation' if len(frame) else 'are no observations'}; a series needs at least 2")
    frame = frame.set_axis(names, axis=1)
    return Table(frame, _times(frame.index))


def choose(given: Table, source: SeriesSource) -> tuple[Series, SeriesChoice]:
    """Return a series of the columns that a grid names, or of all columns.

    Raises:
        SeriesError: A column is not there, or holds what is no finite number.
    """
    names = list(given.frame.columns)
    wanted = [*(source.targets or ()), *(source.inputs or ()), *([source.value] if source.value else [])] or names
    mistakes = [_no_column(name, names) for name in dict.fromkeys(wanted) if name not in names]
    columns = [name for name in names if name in wanted]
    faults = [_fault(given, name) for name in columns]
    mistakes += [fault for fault in faults if fault]
    if mistakes:
        raise SeriesError([f"series: {mistake}" for mistake in mistakes])
    values = given.frame[columns].to_numpy(np.float64) + 0.0  # no negative zeros: equal values hash alike
    series = Series(
        name=source.name or UNNAMED,
        columns=tuple(columns),
        values=values,
        times=given.times,
        content_hash=content_hash(columns, values),
    )
    return series, chosen(series, source, row_times=() if given.times else _unnamed_times(given, columns))


def _unnamed_times(given: Table, used: Sequence[str]) -> row_times.Rows | tuple[()]:
    """Look for times in the columns that are not used, where the index holds none."""
    others = given.frame.drop(columns=list(used))
    texts = others.select_dtypes(include=["object", "string", "datetime", "datetimetz"]).astype(str)
    return row_times.disorder((str(name), list(column)) for name, column in texts.items())


def _name(name: object, count: int, *, unnamed: bool) -> str:
    """Return a column's name as text; the columns of an array have no names."""
    if unnamed:
        return VALUE if count == 1 else f"{VALUE}_{name}"
    text = VALUE if name is None or (count == 1 and name == 0) else str(name)
    if not text or not text.isprintable():
        _refuse(f"the column {text!r} has no printable name; rename it")
    return text


def _no_column(name: str, names: Sequence[str]) -> str:
    return f"there is no column {name!r}; the columns are {listed(names[:20], 'and')}{did_you_mean(name, names)}"


def _fault(given: Table, column: str) -> str:
    """Describe what is wrong with the values of a column, or return an empty text."""
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    values = given.frame[column]
    if not is_numeric_dtype(values.dtype) or is_bool_dtype(values.dtype) or values.dtype.kind == "c":
        sample = next((one for one in values if not isinstance(one, int | float) or isinstance(one, bool)), None)
        shown = "" if sample is None else f", such as {sample!r:.40}"
        return f"the column {column!r} holds {values.dtype} values{shown}; convert it to numbers, or leave it out"
    numbers = values.to_numpy(np.float64, na_value=np.nan)
    for wrong, what, remedy in (
        (np.isnan(numbers), "missing values", "fill them in, or drop the rows"),
        (np.abs(numbers) > MOST_VALUE, "values that are too large", "allowed: numbers from -1e30 to 1e30"),
    ):
        if wrong.any():
            first = _row(given, int(np.argmax(wrong)))
            many = f"{int(wrong.sum())} of {len(numbers)} rows, first at {first}"
            return f"the column {column!r} has {what} ({many}); {remedy}"
    return ""


def _row(given: Table, position: int) -> str:
    return given.times[position] if given.times else f"row {position}"


def _times(index: Any) -> tuple[str, ...]:
    """Return the times of an index as text. Text must be ISO 8601 throughout; other indexes hold no times."""
    read = _read_times(index)
    if not read:
        return ()
    days = all((time.hour, time.minute, time.second, time.microsecond) == (0, 0, 0, 0) for time in read)
    days = days and read[0].tzinfo is None
    texts = tuple(time.date().isoformat() if days else time.isoformat() for time in read)
    for position, (before, after) in enumerate(pairwise(read), start=1):
        if after == before:
            _refuse(
                f"the time {texts[position]} appears twice; of several series pass one, or each as a column (pivot); "
                "of several observations make one, such as groupby(level=0).mean()"
            )
        if after < before:
            _refuse(f"the time {texts[position]} comes after {texts[position - 1]}; sort the rows, with sort_index()")
    gap = next(times.gaps(read), None)
    if gap:
        position, missing = gap
        _refuse(
            f"{missing} row{' is' if missing == 1 else 's are'} missing between {texts[position - 1]} and "
            f"{texts[position]}; add the missing rows, or drop the times with reset_index(drop=True) if the rows are "
            "in fact consecutive"
        )
    return texts


def _read_times(index: Any) -> list[datetime]:
    import pandas as pd

    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if isinstance(index, pd.DatetimeIndex):
        if index.hasnans:
            _refuse(f"the index has {sum(index.isna())} missing times; fill them in, or drop the rows")
        return [time.to_pydatetime(warn=False) for time in index]
    if all(isinstance(one, str) for one in index):
        read = [times.try_iso(text) for text in index]
        return [time for time in read if time is not None] if None not in read else []
    return []


def _refuse(text: str) -> Any:
    raise SeriesError([f"series: {text}"]) from None
