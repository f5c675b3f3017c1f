"""The part of the schema that says how a series becomes rows; the arithmetic is in `store.schema.framing`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_serializer

from store.schema.calendar import ALLOWED, read_calendar
from store.schema.fields import About, NonNegative, Part, Positive, Switch

#: the most differences of one column
MOST_DIFFERENCES = 4


def _rising(ends: tuple[float, float]) -> tuple[float, float]:
    """Check that the first end of a scale is the lower one."""
    if not ends[0] < ends[1]:
        raise ValueError("the lower end comes first")
    return ends


_End = Annotated[float, Field(strict=True, ge=-1e9, le=1e9)]
Ends = Annotated[tuple[_End, _End], AfterValidator(_rising)]
Scale = Ends | Literal["standard", "robust"]
#: how one column is scaled
ScaleOf = tuple[float, float] | Literal["standard", "robust"] | None
TransformOf = Literal["none", "log", "log1p", "sqrt", "box_cox"]
DifferenceOf = NonNegative | Annotated[tuple[Positive, ...], Field(min_length=1, max_length=MOST_DIFFERENCES)]


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


class Window(Part):
    """Which observations of its series a configuration knows of: those of one split of an experiment."""

    #: observations at the end that are not known: the window ends before them
    skip: NonNegative = 0
    #: observations before the test part that are trained on; None for all
    train: Positive | None = None
    #: whether the experiment has several splits, whose repeats are trained side by side with rows of their own
    apart: Switch = False

    @property
    def whole(self) -> bool:
        """Whether all observations are known."""
        return not self.skip and self.train is None


class Panel(Part):
    """The series that one model is trained on together; which they are, a store knows by their content."""

    #: SHA-256 over all of them in their order: see `store.preparation.panels`
    content: str
    #: series that are trained on, and those that are forecast: as many results as one training has
    trained: Positive
    forecast: Positive
    #: how a row says which series it is of
    series_input: Literal["none", "one_hot", "embedding"] = "none"
    #: numbers of the vector that is learnt for each series; 0 where none is
    width: NonNegative = 0
    #: of series with the same values, which are told apart by their inputs alone, the number of this one
    twin: NonNegative = 0

    @property
    def features(self) -> int:
        """Inputs of each time step that say which series a row is of."""
        return {"none": 0, "one_hot": self.trained, "embedding": 1}[self.series_input]

    @property
    def embedding(self) -> tuple[int, int] | None:
        """How many vectors are learnt, one for each series that is trained on, and their width."""
        return (self.trained, self.width) if self.series_input == "embedding" else None

    def of_twin(self, number: int) -> Panel:
        """Return the panel of a series, given its number among those with the same values.

        Where the model does not see which series a row is of, all of these have the same result.
        """
        twin = number if self.features else 0
        return self if twin == self.twin else self.model_copy(update={"twin": twin})

    def mark(self, number: int | None) -> list[float]:
        """Return the inputs that say which series a row is of.

        Args:
            number: of the series, among those that are trained on; None for one that is not.
        """
        if self.series_input == "embedding":
            return [float(self.trained if number is None else number)]
        return [float(place == number) for place in range(self.features)]


class Prepare(Part):
    """From the series to rows (see `store.schema.framing` for the arithmetic)."""

    transform: Annotated[
        TransformOf | dict[str, TransformOf],
        About(
            "Transform each value before it is differenced and scaled; forecasts are turned back before they are "
            "scored. `log` and `box_cox`, whose power is fitted to the training observations, are for values above 0, "
            "`log1p` for those above -1, `sqrt` for those from 0. A mapping sets columns one by one; a column that it "
            "does not name has none.",
            allowed="none, log, log1p, sqrt or box_cox, or a mapping of columns to these",
            example="{sales: log, price: none}",
        ),
    ] = "none"
    difference: Annotated[
        DifferenceOf | dict[str, DifferenceOf],
        About(
            "Subtract from each value the value this many steps earlier (12 removes a yearly season from "
            "monthly data); 0 leaves the values unchanged; a list does each, one after the other: [1, 12]. A mapping "
            "sets columns one by one; a column that it does not name has 1.",
            allowed=f"a whole number from 0, a list of 1 to {MOST_DIFFERENCES} whole numbers from 1, or a mapping of "
            "columns to either",
            example="{sales: [1, 12], price: 0}",
        ),
    ] = 1
    lags: Annotated[
        Positive,
        About(
            "Number of steps of each input that the model sees, but for those with lags of their own.",
            allowed="a whole number from 1; lags of a column are written as series.inputs: {load: {lags: 24}}",
            example="3",
        ),
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
    strategy: Annotated[
        Literal["direct", "recursive"],
        About(
            "Whether the model forecasts all steps of the horizon at once, or one step and is fed its forecasts for "
            "the others: it is then trained on the first step of each row, and each input is a target, known ahead, or "
            "has no lag below `horizon`.",
            allowed="direct or recursive",
            example="recursive",
        ),
    ] = "direct"
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
            "same factor. `standard` makes their mean 0 and their standard deviation 1, `robust` their median 0 and "
            "the range of their inner half 1; null leaves the values unchanged. A mapping sets columns one by one; a "
            "column that it does not name has [-1, 1].",
            allowed="two numbers from -1e9 to 1e9, the lower one first, standard, robust or null, or a mapping of "
            "columns to these",
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

    calendar: Annotated[
        tuple[str, ...],
        BeforeValidator(read_calendar),
        About(
            "What of the times the model sees of the forecast steps: parts of a time as sine and cosine, or with "
            "`{month: onehot}` a column of 0 and 1 for each value that occurs; public holidays as `holiday:DE`, of a "
            "part of a country as `holiday:DE-BY`. They are stored with the series as columns.",
            allowed=ALLOWED,
            example="[month]",
        ),
    ] = ()
    #: columns that stay as they are, filled in by the grid: categories and the calendar
    as_is: tuple[str, ...] = ()

    @property
    def steps_at_once(self) -> int:
        """How many steps the model itself forecasts."""
        return 1 if self.strategy == "recursive" else self.horizon

    def transform_of(self, column: str) -> TransformOf:
        """Return how `column` is transformed."""
        if column in self.as_is:
            return "none"
        return self.transform.get(column, "none") if isinstance(self.transform, dict) else self.transform

    def differences_of(self, column: str) -> tuple[int, ...]:
        """Return the lags at which `column` is differenced, one after the other; none for none."""
        if column in self.as_is:
            return ()
        found = self.difference.get(column, 1) if isinstance(self.difference, dict) else self.difference
        return _lags(found)

    def scale_of(self, column: str) -> ScaleOf:
        """Return the range or the way that `column` is scaled, or None."""
        if column in self.as_is:
            return None
        return self.scale.get(column, (-1.0, 1.0)) if isinstance(self.scale, dict) else self.scale

    def of_columns(self, columns: tuple[str, ...]) -> Prepare:
        """Normalize mappings of columns and lists so that equal choices are equal: one value, or a mapping of all."""
        changes: dict[str, Any] = {}
        columns = tuple(column for column in columns if column not in self.as_is)
        if not isinstance(self.difference, int):
            changes["difference"] = _one_or_all({column: _short(self.differences_of(column)) for column in columns})
        if isinstance(self.scale, dict):
            changes["scale"] = _one_or_all({column: self.scale_of(column) for column in columns})
        if isinstance(self.transform, dict):
            changes["transform"] = _one_or_all({column: self.transform_of(column) for column in columns})
        return self.model_copy(update=changes) if changes else self


def _lags(given: int | tuple[int, ...]) -> tuple[int, ...]:
    """Return lags in rising order, since theirs decides nothing."""
    return tuple(sorted(given)) if isinstance(given, tuple) else (given,) if given else ()


def _short(lags: tuple[int, ...]) -> int | tuple[int, ...]:
    """Return lags as one number where there is at most one."""
    return lags if len(lags) > 1 else sum(lags)


def _one_or_all(values: dict[str, Any]) -> Any:
    return next(iter(values.values())) if len(set(values.values())) == 1 else values
