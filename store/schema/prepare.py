"""The part of the schema that says how a series becomes rows; the arithmetic is in `store.schema.framing`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_serializer

from store.schema.fields import About, NonNegative, Part, Positive, Switch


def _rising(ends: tuple[float, float]) -> tuple[float, float]:
    """Check that the first end of a scale is the lower one."""
    if not ends[0] < ends[1]:
        raise ValueError("the lower end comes first")
    return ends


_End = Annotated[float, Field(strict=True, ge=-1e9, le=1e9)]
Scale = Annotated[tuple[_End, _End], AfterValidator(_rising)]


class InputColumn(Part):
    """What a row sees of one column, where the grid says it for this column."""

    #: how many of the latest values, or which; None for `prepare.lags`
    lags: NonNegative | tuple[Positive, ...] | None = None
    #: whether the values at the forecast steps are seen, too
    known: Switch = False

    @model_serializer
    def _given(self) -> dict[str, Any]:
        """Write what the grid says of the column."""
        given = {} if self.lags is None else {"lags": self.lags}
        return given | ({"known": True} if self.known else {})


class Prepare(Part):
    """From the series to rows (see `store.schema.framing` for the arithmetic)."""

    difference: Annotated[
        NonNegative | dict[str, NonNegative],
        About(
            "Subtract from each value the value this many steps earlier (12 removes a yearly season from "
            "monthly data); 0 leaves the values unchanged. A mapping sets columns one by one; a column "
            "that it does not name has 1.",
            allowed="a whole number from 0, or a mapping of columns to such numbers",
            example="{sales: 1, price: 0}",
        ),
    ] = 1
    lags: Annotated[
        Positive,
        About("Number of steps of each input that the model sees.", allowed="a whole number from 1", example="3"),
    ] = 1
    lags_as: Annotated[
        Literal["features", "timesteps"],
        About(
            "Whether the lags are the features of one time step, or time steps of their own.",
            allowed="features or timesteps",
            example="timesteps",
        ),
    ] = "features"
    horizon: Annotated[
        Positive,
        About("Number of steps forecast from each row.", allowed="a whole number from 1", example="2"),
    ] = 1
    target_at: Annotated[
        Literal["next", "last", "previous"],
        About(
            "Where the first target is: the step after the last input step, that step itself, or the one before it. "
            "A column that is a target and an input must not be seen at the times for which it is forecast.",
            allowed="next, last or previous",
            example="previous",
        ),
    ] = "next"
    scale: Annotated[
        Scale | dict[str, Scale | None] | None,
        About(
            "Scale each column so that its training rows span these two values, and the test rows by the "
            "same factor; null leaves the values unchanged. A mapping sets columns one by one; a column "
            "that it does not name has [-1, 1].",
            allowed="two numbers from -1e9 to 1e9, the lower one first, or null, or a mapping of columns to either",
            example="[0, 1]",
        ),
    ] = (-1.0, 1.0)
    trim: Annotated[
        NonNegative | Literal["auto"],
        About(
            "Number of training rows dropped at the start. `auto` drops what the batch size leaves over, "
            "and none with `pad: true`.",
            allowed="a whole number from 0, or auto",
            example="2",
        ),
    ] = "auto"
    pad: Annotated[
        Switch,
        About(
            "Fill the last batch with rows of weight 0, so that the batch size need not divide the number of rows.",
            allowed="true or false",
            example="true",
        ),
    ] = False
    gap: Annotated[
        NonNegative | Literal["auto"],
        About(
            "Number of rows dropped just before the test rows (and before the validation rows). `auto` "
            "drops the rows whose targets overlap those of later rows: horizon - 1. With 0, a model that "
            "forecasts several steps has been trained on part of what it is asked to forecast.",
            allowed="a whole number from 0, or auto",
            example="0",
        ),
    ] = "auto"

    #: columns that stay as they are, filled in by the grid: categories and the calendar
    as_is: tuple[str, ...] = ()

    def difference_of(self, column: str) -> int:
        """Return the steps between a value of `column` and the one subtracted from it; 0 means no differencing."""
        if column in self.as_is:
            return 0
        return self.difference.get(column, 1) if isinstance(self.difference, dict) else self.difference

    def scale_of(self, column: str) -> tuple[float, float] | None:
        """Return the range that `column` is scaled to, or None."""
        if column in self.as_is:
            return None
        return self.scale.get(column, (-1.0, 1.0)) if isinstance(self.scale, dict) else self.scale

    def of_columns(self, columns: tuple[str, ...]) -> Prepare:
        """Normalize mappings of columns so that equal choices compare equal: one value, or a complete mapping."""
        changes: dict[str, Any] = {}
        if isinstance(self.difference, dict):
            differences = {column: self.difference_of(column) for column in columns}
            changes["difference"] = _one_or_all(differences)
        if isinstance(self.scale, dict):
            scales = {column: self.scale_of(column) for column in columns}
            changes["scale"] = _one_or_all(scales)
        return self.model_copy(update=changes) if changes else self


def _one_or_all(values: dict[str, Any]) -> Any:
    return next(iter(values.values())) if len(set(values.values())) == 1 else values
