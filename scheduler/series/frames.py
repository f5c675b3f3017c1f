"""Series from Python: a pandas DataFrame or Series, a NumPy array, or a list, checked as files are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scheduler.series import row_times
from scheduler.series.categories import with_categories
from scheduler.series.content import chosen, content_hash
from scheduler.series.diagnosis import Diagnosis
from scheduler.series.fields import SeriesSource
from scheduler.series.reading.attempts import read_or_explain
from scheduler.series.reading.filling import Ranges, filled
from scheduler.series.reading.future_rows import past_alone
from scheduler.series.reading.marks import Marks, parse_number
from scheduler.series.reading.numbers import MOST_VALUE, Column, read_column
from scheduler.series.reading.observations import Observations
from scheduler.series.reading.order import in_order
from scheduler.series.reading.text_columns import is_input, read_text, spread_categories
from scheduler.series.source import Loaded
from scheduler.series.tables.cells import Kind
from scheduler.series.tables.table import Table as TextTable
from scheduler.series.time_forms.iso import read_iso
from scheduler.series.time_forms.possible import index_texts, most_even
from scheduler.series.time_forms.times import Times
from store.errors import SeriesError
from store.records import Series
from store.schema.spelling import did_you_mean, listed

if TYPE_CHECKING:
    import pandas as pd

#: the name of a series, and of its only column, where Python gives none
UNNAMED = "series"
VALUE = "value"
#: what messages begin with
SHOWN = "series"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table of columns passed from Python, with the times of its rows."""

    frame: pd.DataFrame
    #: of the index; None where it holds no times
    times: Times | None


def table(data: Any) -> Table:
    """Read the argument `series=` as a table with named columns.

    Raises:
        SeriesError: It has another shape, names a column twice, or some of its times are missing.
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


def choose(given: Table, source: SeriesSource, *, held_out: int = 0) -> Loaded:
    """Return a series of the columns that a grid names, or of all columns.

    Rows are sorted, and missing and doubled ones are settled, as those of files are.

    Args:
        given: the table.
        source: the field `series` of the grid.
        held_out: observations at the end that are forecast in the test part.

    Raises:
        SeriesError: A column is not there, holds what is no finite number, or the rows need a field of the grid.
    """
    try:
        return read_or_explain(source, Path(SHOWN), lambda diagnosis: _read_once(given, diagnosis, held_out))
    except SeriesError as problem:
        raise SeriesError([_of_rows(mistake) for mistake in problem.mistakes]) from None


def choose_each(given: Table, source: SeriesSource, *, held_out: int = 0) -> tuple[Loaded, ...]:
    """Return all series that the field `series` stands for: with a list of values each column by itself."""
    if not isinstance(source.value, tuple):
        return (choose(given, source, held_out=held_out),)
    each = (source.model_copy(update={"value": name, "name": name}) for name in source.value)
    return tuple(choose(given, one, held_out=held_out) for one in each)


def _of_rows(text: str) -> str:
    """Write the message on a line of a file as one on a row of a table."""
    text = re.sub(rf"^{SHOWN}:\d+: ", f"{SHOWN}: ", text)
    return re.sub(r"\bon line(s?) (?=\d)", r"in row\1 ", re.sub(r"\(line(s?) (?=\d)", r"(row\1 ", text))


def _read_once(given: Table, diagnosis: Diagnosis, held_out: int) -> Loaded:
    source, names = diagnosis.source, list(given.frame.columns)
    wanted = [*source.forecast, *(source.inputs or ())] or names
    for name in dict.fromkeys(wanted):
        if name not in names:
            diagnosis.mistake(0, _no_column(name, names))
    columns = [name for name in names if name in wanted]
    read = [_column(given, name, diagnosis) for name in columns]
    diagnosis.settle()
    values = np.column_stack([column.values for column in read])
    rows = Observations(tuple(columns), values, np.arange(1, len(values) + 1), given.times)
    if given.times is not None:
        rows = in_order(rows, _as_text(given), set(columns), diagnosis)
    elif source.timezone or source.duplicates:
        field = "timezone" if source.timezone else "duplicates"
        diagnosis.mistake(0, f"series.{field} is about the times, and the index holds none; remove it", **{field: None})
    rows, left_out = filled(past_alone(rows, source, diagnosis), read, diagnosis, held_out)
    diagnosis.settle()
    rows, made = spread_categories(rows, diagnosis)
    source = with_categories(source, made)
    return _loaded(given, rows, source, left_out, tuple(made), tuple(map(_of_rows, diagnosis.notes)))


def _loaded(
    given: Table,
    rows: Observations,
    source: SeriesSource,
    left_out: Ranges,
    made: tuple[str, ...],
    notes: tuple[str, ...],
) -> Loaded:
    values = rows.values + 0.0  # no negative zeros: equal values hash alike
    series = Series(
        name=source.name or UNNAMED,
        columns=rows.columns,
        values=values,
        times=() if rows.times is None else rows.times.labels(),
        content_hash=content_hash(rows.columns, values),
    )
    disorder = () if given.times is not None else _unnamed_times(given, rows.columns)
    choice = chosen(series, source, row_times=disorder, left_out=left_out, made=made)
    return Loaded(series, choice, notes, rows.times)


def _column(given: Table, name: str, diagnosis: Diagnosis) -> Column:
    """Read a column of numbers, or of texts that are numbers but for missing values; report what it cannot be.

    An input may be of text or of truth values, too.
    """
    if is_input(name, diagnosis) and (found := _other_input(name, given.frame[name], diagnosis)) is not None:
        return found
    if fault := _fault(given, name):
        diagnosis.mistake(0, fault)
        return Column(name, np.zeros(len(given.frame)))
    values, na = given.frame[name], diagnosis.source.na or ()
    if not _is_numeric(values):
        lines = range(1, len(values) + 1)
        return read_column(name, [_text(one) for one in values], lines, Marks(), na, diagnosis)
    numbers = values.to_numpy(np.float64, na_value=np.nan).copy()
    sentinel = np.isin(numbers, [float(one) for one in na if isinstance(one, int | float)])
    words = Counter(f"{one:g}" for one in numbers[sentinel].tolist())
    numbers[sentinel] = np.nan
    return Column(name, numbers, words or Counter({"NaN": 1}))


def _other_input(name: str, values: pd.Series, diagnosis: Diagnosis) -> Column | None:
    """Read an input of truth values, of categories or of text; None for others."""
    import pandas as pd

    if values.dtype == np.dtype(bool) and name not in (diagnosis.source.categories or ()):
        return Column(name, values.to_numpy(np.float64))
    codes = name in (diagnosis.source.categories or ())
    if _is_numeric(values) and not codes:
        return None
    fixed = codes or isinstance(values.dtype, pd.CategoricalDtype)
    return read_text(name, [_text(one) for one in values], range(1, len(values) + 1), diagnosis, fixed=fixed)


def _text(cell: Any) -> str:
    import pandas as pd

    return "" if pd.isna(cell) else str(cell).strip()


def _as_text(given: Table) -> TextTable:
    """Return the table as text, for what is said of rows of the same time; without cells if there are none."""
    names = tuple(given.frame.columns)
    cells = [["" for _ in names]] * len(given.frame)
    if given.frame.index.has_duplicates:
        cells = [list(row) for row in zip(*(map(str, given.frame[name].tolist()) for name in names), strict=True)]
    return TextTable(
        file=SHOWN,
        header=names,
        header_line=0,
        lines=list(range(1, len(cells) + 1)),
        cells=cells,
        kinds=(Kind.TEXT,) * len(names),
    )


def _unnamed_times(given: Table, used: Sequence[str]) -> row_times.Rows | tuple[()]:
    """Look for times in the columns that are not used, where the index holds none."""
    others = given.frame.drop(columns=list(used), errors="ignore")
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


def _is_numeric(values: Any) -> bool:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    return bool(is_numeric_dtype(values.dtype) and not is_bool_dtype(values.dtype) and values.dtype.kind != "c")


def _fault(given: Table, column: str) -> str:
    """Describe what is wrong with the values of a column, or return an empty text."""
    values = given.frame[column]
    if not _is_numeric(values):
        if values.dtype.kind == "O" and any(parse_number(_text(one)) is not None for one in values):
            return ""  # some are numbers: the others are reported as in a file
        sample = next((one for one in values if not isinstance(one, int | float) or isinstance(one, bool)), None)
        shown = "" if sample is None else f", such as {sample!r:.40}"
        return f"the column {column!r} holds {values.dtype} values{shown}; convert it to numbers, or leave it out"
    wrong = np.abs(values.to_numpy(np.float64, na_value=np.nan)) > MOST_VALUE
    if not wrong.any():
        return ""
    first = np.array([int(np.argmax(wrong))])
    where = f"row {first[0] + 1}" if given.times is None else given.times.taken(first).labels()[0]
    return (
        f"the column {column!r} has values that are too large ({int(wrong.sum()):,} of {len(wrong):,} rows, first at "
        f"{where}); allowed: numbers from -1e150 to 1e150"
    )


def _times(index: Any) -> Times | None:
    """Return the times of an index: dates, text, decimal years, epochs and the like; None if it holds none."""
    import pandas as pd

    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    if isinstance(index, pd.DatetimeIndex):
        if index.hasnans:
            _refuse(f"the index has {sum(index.isna()):,} missing times; fill them in, or drop the rows")
        wall = index.tz_localize(None).to_numpy().astype("datetime64[us]")
        if index.tz is None:
            return Times(wall)
        instants = index.tz_convert("UTC").tz_localize(None).to_numpy().astype("datetime64[us]")
        return Times(wall, ((wall - instants) // np.timedelta64(1, "m")).astype(np.int64))
    texts = index_texts(index)
    read = read_iso(texts, texts) if texts else None
    if read is not None and not np.isnat(read[0]).any():
        return Times(*read)
    return most_even(texts) if texts else None


def _refuse(text: str) -> Any:
    raise SeriesError([f"series: {text}"]) from None
