"""The fields that say where a series comes from: `series` in a grid file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from scheduler.series.input_columns import read_inputs
from store.schema.fields import About, Part, Positive, Switch
from store.schema.prepare import InputColumn

#: what Postgres and a terminal can take; `Cc` are the control characters
Text = Annotated[str, StringConstraints(pattern=r"^[\P{Cc}\n\t]*$")]
Columns = tuple[str, ...]
#: of periods, the longest first
FREQUENCIES = ("yearly", "half-yearly", "quarterly", "monthly", "weekly", "daily")


class SeriesSource(Part):
    """Where a series comes from: bundled, by `name`, or the user's own file, by `path`."""

    name: Annotated[
        str | None, About("A bundled series.", allowed="the name of a bundled series", example="tens_and_fives")
    ] = None
    path: Annotated[
        Text | None,
        About(
            "A CSV file (also .gz), an Excel workbook (.xlsx) or a Parquet file, relative to the grid file.",
            allowed="a path without control characters",
            example="sales.csv",
        ),
    ] = None
    encoding: Annotated[
        str | None,
        About("How the file is encoded; by default it is found.", allowed="an encoding of Python", example="cp1252"),
    ] = None
    delimiter: Annotated[
        Annotated[str, StringConstraints(min_length=1, max_length=1)] | None,
        About(
            "What parts the columns; by default it is found from the rows.",
            allowed="one character, in quotes",
            example='";"',
        ),
    ] = None
    header: Annotated[
        Switch | None,
        About(
            "Whether the file names its columns; with `false` they are column_1, column_2 and so on.",
            allowed="true or false",
            example="false",
        ),
    ] = None
    time: Annotated[
        str | Annotated[Columns, Field(min_length=1)] | None,
        About(
            "The column with the times, or several that make up a time. Rows are sorted by it. Without it, rows"
            " are used in the order of the file.",
            allowed="a column of the file, or a list of them",
            example="Month",
        ),
    ] = None
    format: Annotated[
        str | None,
        About("The format of the times; by default it is found.", allowed="a strptime format", example='"%d.%m.%Y"'),
    ] = None
    frequency: Annotated[
        Literal["yearly", "half-yearly", "quarterly", "monthly", "weekly", "daily"] | None,
        About(
            "Which rows are used where the times are years, quarters and months of the same time below each other.",
            allowed="yearly, half-yearly, quarterly, monthly, weekly or daily",
            example="monthly",
        ),
    ] = None
    timezone: Annotated[
        str | None,
        About(
            "The zone of times that are written without one, or to which others are converted.",
            allowed="a name of the IANA database",
            example="Europe/Berlin",
        ),
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None,
        About(
            "The decimal mark of the numbers; by default a point.",
            allowed="a point or a comma, in quotes",
            example='","',
        ),
    ] = None
    thousands: Annotated[
        Literal[".", ",", " ", "'"] | None,
        About(
            "What parts thousands in the numbers; by default nothing does.",
            allowed="a point, a comma, a space or an apostrophe, in quotes",
            example='"."',
        ),
    ] = None
    na: Annotated[
        tuple[str | int | float, ...] | None,
        About(
            "Values that stand for a missing one, beside an empty cell, NA, NaN, null, none, ?, - and a point.",
            allowed="a list of numbers and texts",
            example="[-999, closed]",
        ),
    ] = None
    flags: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1)], ...] | None,
        About(
            "Marks at numbers, such as p for provisional ones, without which they are read; () and [] are those around "
            "a number. By default a number with a mark is refused, and one in parentheses is negative.",
            allowed="a list of marks",
            example='[p, "*", "()"]',
        ),
    ] = None
    categories: Annotated[
        Annotated[Columns, Field(min_length=1)] | None,
        About(
            "Inputs whose numbers are codes, such as the type of a store: each code becomes a column of 0 and 1, as "
            "categories of text do.",
            allowed="a list of columns that are inputs",
            example="[fives]",
        ),
    ] = None
    missing: Annotated[
        Literal["refuse", "previous", "linear", "seasonal", "mask"] | None,
        About(
            "What becomes of missing values and of rows that are missing between the times. By default the file is "
            "refused. `previous` fills them by the value before, `linear` by the line between their neighbours, "
            "`seasonal` by the value one season before; `mask` fills none. But for `previous`, no training row sees or "
            "forecasts such a value; in the test part all fill by the value before, and `mask` is refused there.",
            allowed="refuse, previous, linear, seasonal or mask",
            example="previous",
        ),
    ] = None
    max_gap: Annotated[
        Positive | None,
        About("The longest run of missing rows that `missing` fills.", allowed="a whole number from 1", example="3"),
    ] = None
    duplicates: Annotated[
        Literal["refuse", "first", "last", "mean", "sum"] | None,
        About(
            "Which value counts where rows have the same time; by default rows that differ are refused.",
            allowed="refuse, first, last, mean or sum",
            example="mean",
        ),
    ] = None
    id: Annotated[
        str | Annotated[Columns, Field(min_length=1)] | None,
        About(
            "The column that tells several series of a file apart, or several that do so together.",
            allowed="a column of the file, or a list of them",
            example="store",
        ),
    ] = None
    keep: Annotated[
        str | int | Annotated[tuple[str | int, ...], Field(min_length=1)] | None,
        About(
            "The series that is used, by its value in the column `id`, or a list of them; by default all.",
            allowed="a value of the column, or a list of them",
            example="[A, B]",
        ),
    ] = None
    as_: Annotated[
        Literal["columns"] | None,
        Field(alias="as"),
        About(
            "How several series are used: by default each by itself; with `columns` as the columns of one table.",
            allowed="columns",
            example="columns",
        ),
    ] = None
    value: Annotated[
        str | Annotated[Columns, Field(min_length=1)] | None,
        About(
            "The one column that is forecast from its own past; optional if the file has no other. Of a list, each "
            "column is a series by itself.",
            allowed="a column of the file, or a list of them",
            example="Sales",
        ),
    ] = None
    targets: Annotated[
        Columns | None,
        About("The columns that are forecast.", allowed="a list of columns of the file", example="[sum]"),
    ] = None
    inputs: Annotated[
        Columns | dict[str, InputColumn] | None,
        BeforeValidator(read_inputs),
        About(
            "The columns that the model sees; by default the targets. A mapping gives columns `lags` of their own, a "
            "number or a list such as [1, 24, 168] (1 is the newest value), and marks as `known: true` those whose "
            "values at the forecast steps are known beforehand, such as plans. A column of text becomes a column of 0 "
            "and 1 for each of its categories, at most 50.",
            allowed="a list of columns of the file, or a mapping of columns to {lags: ..., known: ...}",
            example="{tens: {lags: [1, 3]}, fives: {known: true}}",
        ),
    ] = None
    season: Annotated[
        Positive | Annotated[tuple[Positive, ...], Field(min_length=1)] | None,
        About(
            "The seasonal period in rows, or several, for the seasonal baselines and MASE; training does not depend on "
            "it. By default it follows from the times: hourly 24 and 168, daily 7 (5 on business days), weekly 52, "
            "monthly 12, quarterly 4. 1 means no season.",
            allowed="a whole number from 1, or a list of them",
            example="[24, 168]",
        ),
    ] = None

    @property
    def forecast(self) -> Columns:
        """The columns that are forecast, as far as the grid names them."""
        value = () if self.value is None else self.value
        return self.targets or ((value,) if isinstance(value, str) else value)

    @property
    def several(self) -> bool:
        """Whether it stands for several series, each by itself."""
        told_apart = self.id is not None and self.as_ is None
        kept = self.keep is None or (isinstance(self.keep, tuple) and len(self.keep) > 1)
        return isinstance(self.value, tuple) or (told_apart and kept)
