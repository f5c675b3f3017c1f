"""`forecast.py` of an exported model: the preparation of its rows written out, with the numbers that were fitted."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources import files
from pprint import pformat
from string import Template
from typing import Any

import numpy as np

from store.records import Series
from store.schema.configuration import Configuration, Fixed
from store.schema.differences import weights
from store.schema.framing import Frame
from store.schema.inputs import layout
from store.schema.keras_catalogue import MEDIAN
from worker.engine.layouts import forecast_batch
from worker.engine.prepare import Prepared, prepare

#: an activation that Keras no longer has, as a script registers it
_OLDER = "keras2_hard_sigmoid"
_REGISTERED = f'''

@keras.saving.register_keras_serializable("repeats")
def {_OLDER}(x):
    """What Keras meant by hard_sigmoid before version 3."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)
'''


class NotExportable(ValueError):
    """A repeat cannot be exported; the message says what of it, in one line."""


def why_not(configuration: Configuration, series: Series) -> str | None:
    """Return why a configuration cannot be written out yet, or None where it can."""
    how, kind, protocol = configuration.prepare, configuration.model.kind, configuration.protocol.kind
    transformed = any(how.transform_of(name) != "none" for name in configuration.series.columns)
    reasons = {
        f"protocol {protocol} has another model for each row; that of fixed is exported": protocol != "fixed",
        f"kind {kind} is of the package {configuration.model.package}": bool(configuration.model.package),
        "prepare.transform is not written out yet": transformed,
        f"prepare.strategy {how.strategy} is not written out yet": how.strategy != "direct",
        "series.missing leaves rows out, which is not written out yet": bool(configuration.series.left_out),
    }
    found = next((reason for reason, holds in reasons.items() if holds), None)
    if found is None and prepare(configuration, series).scaler.constant.any():
        return "a column that is forecast is constant in the training rows"
    return found


def script(configuration: Configuration, series: Series, title: str) -> str:
    """Write `forecast.py`."""
    prepared = prepare(configuration, series)
    cut = prepared.cut
    names, lags = configuration.series.columns, configuration.prepare.differences_of
    text = files("worker.engine.exporting").joinpath("forecast.txt").read_text()
    quantiles = configuration.training.loss.quantiles
    return Template(text).substitute(
        title=title,
        differences=_written({name: list(lags(name)) for name in names}),
        counted=_written({name: _counted(lags(name)) for name in configuration.series.targets}),
        seen=_written(_seen(configuration, prepared)),
        forecast=_written(_forecast(prepared)),
        offset=cut.offset,
        test=_times(cut, cut.test),
        before=[_times(cut, part) for part in _warmed(configuration, cut)],
        batch=forecast_batch(configuration, [prepared.train, prepared.test]),
        stateful=configuration.model.carries_state,
        quantiles=len(quantiles),
        median=quantiles.index(MEDIAN),
        registered=_REGISTERED if _OLDER in configuration.canonical() else "",
    )


def _written(value: Any) -> str:
    return pformat(value, width=110, sort_dicts=False)


def _counted(lags: tuple[int, ...]) -> list[tuple[int, int]]:
    return [(back, -weight) for back, weight in weights(lags).items() if back]


def _times(cut: Frame, part: range) -> tuple[int, int]:
    return cut.first + part.start, cut.first + part.stop


def _warmed(configuration: Configuration, cut: Frame) -> Iterable[range]:
    """Return the rows over which a state is carried before the test rows."""
    protocol = configuration.protocol
    warm = isinstance(protocol, Fixed) and protocol.warm_up and configuration.model.carries_state
    return [part for part in (cut.train, cut.validation) if len(part)] if warm else []


def _seen(configuration: Configuration, prepared: Prepared) -> list[list[tuple[str, int, float, float, float]]]:
    """List what each time step has: column, steps from the row's time, and the scale as it was fitted."""
    places, names = iter(range(prepared.seen.factor.shape[-1])), configuration.series.inputs
    return [
        [(names[column], time, *_numbers(prepared.seen, (next(places),))) for time, column in step]
        for step in layout(configuration)
    ]


def _forecast(prepared: Prepared) -> list[list[tuple[str, float, float, float]]]:
    """List what each step ahead has: the targets, each with its scale."""
    horizon, _ = prepared.scaler.factor.shape
    return [
        [(name, *_numbers(prepared.scaler, (step, place))) for place, name in enumerate(prepared.targets)]
        for step in range(horizon)
    ]


def _numbers(scaler: Any, place: tuple[int, ...]) -> tuple[float, float, float]:
    """Return low, factor and bottom; a constant column, which tells nothing, is multiplied by 0."""
    low, factor, bottom = (float(part[place]) for part in (scaler.low, scaler.factor, scaler.bottom))
    return low, factor if np.isfinite(factor) else 0.0, bottom
