"""The fields that say where a series comes from: `series` in a grid file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from store.schema.fields import About, Part, Positive

#: what Postgres and a terminal can take; `Cc` are the control characters
Text = Annotated[str, StringConstraints(pattern=r"^[\P{Cc}\n\t]*$")]
Columns = tuple[str, ...]


class SeriesSource(Part):
    """Where a series comes from: bundled, by `name`, or the user's own CSV file, by `path`."""

    name: Annotated[
        str | None, About("A bundled series.", allowed="the name of a bundled series", example="tens_and_fives")
    ] = None
    path: Annotated[
        Text | None,
        About(
            "A CSV file with a header line, relative to the grid file.",
            allowed="a path without control characters",
            example="sales.csv",
        ),
    ] = None
    time: Annotated[
        str | None,
        About(
            "The column with the times, which must increase, without duplicates or gaps. Without it, rows"
            " are used in the order of the file.",
            allowed="a column of the file",
            example="Month",
        ),
    ] = None
    format: Annotated[
        str | None,
        About("The format of the times; by default ISO 8601.", allowed="a strptime format", example='"%d.%m.%Y"'),
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None,
        About(
            "The decimal mark of the numbers; by default a point.",
            allowed="a point or a comma, in quotes",
            example='","',
        ),
    ] = None
    value: Annotated[
        str | None,
        About(
            "The one column that is forecast from its own past; optional if the file has no other.",
            allowed="a column of the file",
            example="Sales",
        ),
    ] = None
    targets: Annotated[
        Columns | None,
        About("The columns that are forecast.", allowed="a list of columns of the file", example="[sum]"),
    ] = None
    inputs: Annotated[
        Columns | None,
        About(
            "The columns whose past the model sees; by default the targets.",
            allowed="a list of columns of the file",
            example="[tens, fives]",
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
