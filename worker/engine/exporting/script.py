"""`forecast.py` of an exported model: the preparation of its rows written out, with the numbers that were fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pprint import pformat
from typing import Any

import numpy as np
from jinja2 import Environment, StrictUndefined

from store.preparation.columns import column
from store.preparation.scaling import Scaler
from store.preparation.transforms import NONE, Transform
from store.records import Series
from store.schema.calendar import HOLIDAY
from store.schema.configuration import BatchTransfer, Configuration, Fixed, Refit, Update
from store.schema.differences import weights
from store.schema.inputs import layout
from store.schema.keras_catalogue import MEDIAN
from worker.engine.arrays import Float64s, Indices
from worker.engine.exporting.made_columns import made_of
from worker.engine.exporting.own_code import OwnCode
from worker.engine.layouts import forecast_batch
from worker.engine.prepare import Prepared, prepare

#: of a model that plain Keras has all of
_PLAIN = OwnCode()
#: nothing is known of the study's file
_NO_FILE: Mapping[str, str | int | None] = {}
#: what a script knows of a file
OF_FILE = ("time", "format", "id", "keep", "freq", "fill", "season")


class NotExportable(ValueError):
    """A repeat cannot be exported; the message says what of it, in one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Which rows a model forecasts again, and in which batches."""

    #: of the rows of the result, those that this model forecast
    rows: slice
    #: the numbers of these rows, and of the parts that a state is carried over before them
    test: Indices
    before: list[Indices]
    #: rows at once, where a state is carried
    batch: int


def asked_again(configuration: Configuration, prepared: Prepared) -> Asked:
    """Return the rows that the last model of a repeat has forecast."""
    protocol, cut = configuration.protocol, prepared.cut
    if isinstance(protocol, Update | Refit):
        learns = isinstance(protocol, Refit) or protocol.update_epochs > 0
        rows = slice(-1, None) if learns else slice(None)
        return Asked(rows=rows, test=np.array(cut.test)[rows], before=[], batch=1)
    batch = forecast_batch(configuration, [prepared.train, prepared.test])
    if not isinstance(protocol, Fixed):
        return Asked(rows=slice(None), test=np.array(cut.train), before=[], batch=protocol.forecast_batch_size)
    warm = protocol.warm_up and configuration.model.carries_state
    before = [np.array(part) for part in (cut.train, cut.validation) if len(part)] if warm else []
    return Asked(rows=slice(None), test=np.array(cut.test), before=before, batch=batch)


def script(
    configuration: Configuration,
    series: Series,
    title: str,
    own: OwnCode = _PLAIN,
    file: Mapping[str, str | int | None] = _NO_FILE,
    *,
    repeats: int = 0,
) -> str:
    """Write `forecast.py`.

    Args:
        configuration: whose rows.
        series: what was forecast.
        title: its first line.
        own: code of objects that plain Keras does not have.
        file: how the study's file was read: time, format, id, keep, freq, fill and season, as far as they are known.
        repeats: how many layers of the model are repeats of which the script takes the median; 0 for none.
    """
    prepared = prepare(configuration, series)
    numbers = Numbers.of(configuration, series, prepared, file)
    return rendered(configuration, title, own, repeats=repeats, numbers=numbers.written, **numbers.switches)


def rendered(configuration: Configuration, title: str, own: OwnCode, *, repeats: int, **given: Any) -> str:
    """Fill the template.

    Args:
        configuration: any of those whose rows the script makes.
        title: its first line.
        own: code of objects that plain Keras does not have.
        repeats: see `script`.
        given: the numbers of one series, and which parts of the template are there.
    """
    found = _environment().from_string(files("worker.engine.exporting").joinpath("forecast.txt").read_text())
    return found.render(
        {"panel": False, "marked": False} | given,
        title=title,
        again=_again(configuration),
        goes_on=[*_on_quantiles(configuration), *_goes_on(configuration)],
        recursive=configuration.prepare.steps_at_once < configuration.prepare.horizon,
        quantiles=len(configuration.training.loss.quantiles),
        median=configuration.training.loss.quantiles.index(MEDIAN),
        stateful=configuration.model.carries_state,
        repeats=repeats,
        registered=own.text,
        custom=own.text,
        needs=own.needs,
        loads=own.loads,
    )


def _environment() -> Environment:
    """Return what fills the template, which is Python and no HTML."""
    return Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined)


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """What a script knows of a series, by the names of its constants; parts that are not needed are empty."""

    constants: dict[str, Any]

    @classmethod
    def of(
        cls, configuration: Configuration, series: Series, prepared: Prepared, file: Mapping[str, str | int | None]
    ) -> Numbers:
        """Collect them."""
        columns, rows = _columns(configuration, series, prepared), _rows(configuration, prepared)
        return cls(constants=columns | rows | _file(configuration, prepared, file))

    @property
    def written(self) -> dict[str, str]:
        """Each as Python."""
        return {name: pformat(value, width=110, sort_dicts=False) for name, value in self.constants.items()}

    @property
    def switches(self) -> dict[str, Any]:
        """Which parts of the template are there."""
        own = self.constants
        return {
            "transforms": bool(own["TRANSFORMS"]),
            "inf": any(np.isinf(factor) for step in own["FORECAST"] for _, _, factor, _ in step),
            "breaks": bool(own["BREAKS"]),
            "fills": any(sum(stop - start for start, stop in part) % own["BATCH"] for part in own["BEFORE"]),
            "file": bool(own["FILE"]),
            "holidays": any(one[1] == HOLIDAY for one in own["MADE"].values()),
        }


def _columns(configuration: Configuration, series: Series, prepared: Prepared) -> dict[str, Any]:
    """Return what is known of columns: differences, transforms and scales."""
    names, how = configuration.series.columns, configuration.prepare
    fitted = {name: _transform(column(configuration, series, name, prepared.cut).transform) for name in names}
    return {
        "DIFFERENCES": {name: list(how.differences_of(name)) for name in names},
        "RANGES": {name: _range(series.values[:, series.columns.index(name)]) for name in names},
        "COUNTED": {name: _counted(how.differences_of(name)) for name in configuration.series.targets},
        "SEEN": _seen(configuration, prepared),
        "FORECAST": _forecast(prepared),
        "TRANSFORMS": fitted if any(word != NONE for word, *_ in fitted.values()) else {},
    }


def _range(values: Float64s) -> tuple[float, float, float]:
    """Return the lowest and the highest of some values, and the middle of their sizes, with six figures."""
    return float(f"{values.min():.6g}"), float(f"{values.max():.6g}"), float(f"{np.median(np.abs(values)):.6g}")


def _rows(configuration: Configuration, prepared: Prepared) -> dict[str, Any]:
    """Return what is known of rows: which are forecast, and how the state gets there."""
    asked, stateful = asked_again(configuration, prepared), configuration.model.carries_state
    times = _times(prepared)
    return {
        "OFFSET": prepared.cut.offset,
        "TEST": _ranges(times[asked.test]),
        "BEFORE": [_ranges(times[part]) for part in asked.before],
        "BATCH": asked.batch,
        "BREAKS": times[np.flatnonzero(np.diff(prepared.rows.stretch)) + 1].tolist() if stateful else [],
    }


def _file(configuration: Configuration, prepared: Prepared, file: Mapping[str, str | int | None]) -> dict[str, Any]:
    """Return what is needed to complete a file as the study did; empty where nothing is to be done."""
    made = dict(made_of(configuration))
    if not made and not file.get("fill") and not file.get("id"):
        return {"FILE": {}, "MADE": {}}
    start = int(_times(prepared)[prepared.cut.test[0]]) + prepared.cut.offset
    return {"FILE": {name: file.get(name) for name in OF_FILE} | {"start": start}, "MADE": made}


def _again(configuration: Configuration) -> str:
    """Return which rows of series.csv are forecast again, in words."""
    protocol = configuration.protocol
    if isinstance(protocol, BatchTransfer):
        return "the training rows of series.csv"
    learns = isinstance(protocol, Refit) or (isinstance(protocol, Update) and protocol.update_epochs > 0)
    return "the last test row of series.csv" if learns else "the test rows of series.csv"


def _on_quantiles(configuration: Configuration) -> list[str]:
    """Return what a model of quantiles gives, as lines of the script's first comment; none of others."""
    shares = configuration.training.loss.quantiles
    if len(shares) == 1:
        return []
    return [
        f"The model gives the quantiles {', '.join(map(str, shares))} of each value; what is printed is the median."
    ]


def _goes_on(configuration: Configuration) -> list[str]:
    """Return how a study whose model changes from row to row goes on, as lines of the script's first comment."""
    protocol, epochs = configuration.protocol, configuration.training.epochs
    if isinstance(protocol, Refit):
        how = f"a new model was fitted for {epochs} epochs to all rows known by then"
    elif isinstance(protocol, Update) and protocol.update_epochs:
        rows = f"the last {protocol.last} rows" if protocol.last else "all rows"
        how = f"the model was trained for {protocol.update_epochs} more epochs on {rows} known by then"
    else:
        return []
    return [
        f"The study walks forward: before each forecast {how}. This is the model of the last",
        "test row, which does not learn from newer values; `scheduler forecast` goes on as the study does.",
    ]


def _transform(fitted: Transform) -> tuple[str, float, float]:
    return fitted.word, fitted.power, fitted.center


def _counted(lags: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(back, -weight) for back, weight in weights(lags).items() if back]


def _times(prepared: Prepared) -> Indices:
    """Return the time of each row."""
    cut = prepared.cut
    return cut.first + (np.array(cut.kept) if cut.kept else np.arange(cut.rows))


def _ranges(times: Indices) -> list[tuple[int, int]]:
    """Write times that rise as ranges, each with its first time and the one after its last."""
    ends = np.flatnonzero(np.diff(times) > 1) + 1
    return [(int(part[0]), int(part[-1]) + 1) for part in np.split(times, ends) if len(part)]


def _seen(configuration: Configuration, prepared: Prepared) -> list[list[tuple[str, int, float, float, float]]]:
    """List what each time step has: column, steps from the row's time, and the scale as it was fitted."""
    places, names = iter(range(prepared.seen.factor.shape[-1])), configuration.series.inputs
    return [
        [(names[feature.column], feature.time, *_numbers(prepared.seen, (next(places),))) for feature in step]
        for step in layout(configuration)
    ]


def _forecast(prepared: Prepared) -> list[list[tuple[str, float, float, float]]]:
    """List what each step ahead has: the targets, each with its scale; that of a constant column is infinite."""
    scaler = prepared.scaler
    horizon, _ = scaler.factor.shape
    return [
        [(name, *_place(scaler, (step, place))) for place, name in enumerate(prepared.targets)]
        for step in range(horizon)
    ]


def _numbers(scaler: Scaler, place: tuple[int, ...]) -> tuple[float, float, float]:
    """Return low, factor and bottom; a constant column, which tells nothing, is multiplied by 0."""
    low, factor, bottom = _place(scaler, place)
    return low, factor if np.isfinite(factor) else 0.0, bottom


def _place(scaler: Scaler, place: tuple[int, ...]) -> tuple[float, float, float]:
    return float(scaler.low[place]), float(scaler.factor[place]), float(scaler.bottom[place])
