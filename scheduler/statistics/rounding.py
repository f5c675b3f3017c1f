"""How much of a score may be rounding: differences that are not larger count as none.

A forecast is a 32-bit number in scaled units, and its error is a difference of 64-bit numbers of the size of the
series. So a score may be off by about

    4 (e32 s u + e64 m)

where e32 and e64 are the distances from 1 to the next number in 32 and 64 bits, s is the largest scaled value of the
target, u is what one scaled unit is in the units of the series, and m is the largest value of the series. Of monthly
sales between 100 and 700 that is 0.0001; of the same sales on top of 1e9 it is hardly more, since the target is
differenced and scaled; of a straight line up to 4, whose differences differ by rounding alone, it is 4e-15.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scheduler.statistics.scores import Bools, Floats
from store.forecast_scores import SCALED
from store.preparation.differencing import differenced
from store.preparation.scaling import Scaler
from store.preparation.transforms import NONE, Transform, errors
from store.schema.differences import reach
from store.schema.prepare import Prepare

if TYPE_CHECKING:
    import pandas as pd

    from store import Experiment, Series, Store

#: fields of `prepare` that decide how large scaled values are
_DECIDING = ("transform", "difference", "scale")
#: roundings that a score may have gone through
ROUNDINGS = 4
#: scores in the units of the series
UNSCALED = ("rmse", "mae")
#: how many percent an error as large as the value counts at most: of MAPE 100, of sMAPE its steepest slope
MOST_PERCENT = {"mape": 100.0, "smape": 400.0}
E32, E64 = float(np.finfo(np.float32).eps), float(np.finfo(np.float64).eps)


def with_rounding(store: Store, experiment: Experiment, results: pd.DataFrame) -> pd.DataFrame:
    """Return results with the column `rounding`: how much of each score may be rounding.

    Args:
        store: the results store.
        experiment: whose results they are.
        results: one row a repeat, with the column `configuration`.
    """
    parameters = store.experiments.parameters(experiment.id)
    found = _of_configurations(store, parameters)
    rounding = results["configuration"].map(found).astype("float64")
    if experiment.score in UNSCALED:
        return results.assign(rounding=rounding)
    factors = results["configuration"].map(_factors(store, experiment, parameters)).astype("float64")
    return results.assign(rounding=rounding * factors, rounding_of_errors=rounding)


def _of_configurations(store: Store, parameters: Mapping[str, str]) -> dict[str, float]:
    """Return the rounding of each configuration, from its canonical JSON."""
    series = cache(store.series.get)
    known: dict[str, float] = {}
    found = {}
    for label, text in parameters.items():
        asked = json.loads(text)
        key = json.dumps([asked["series"], asked.get("prepare")])
        if key not in known:
            known[key] = score_rounding(series(asked["series"]["content_hash"]), asked)
        found[label] = known[key]
    return found


def _factors(store: Store, experiment: Experiment, parameters: Mapping[str, str]) -> dict[str, float]:
    """Return by how much an error counts most in a score that is no error in the units of the series."""
    if experiment.score in SCALED:
        scales = store.results.scales(experiment.id)
        smallest = (
            (label, min(getattr(one, SCALED[experiment.score]) for one in own)) for label, own in scales.items()
        )
        return {label: 1 / least if least > 0 else 0.0 for label, least in smallest}
    series = cache(store.series.get)
    known: dict[str, float] = {}
    found = {}
    for label, text in parameters.items():
        asked = json.loads(text)
        key = json.dumps([asked["series"], asked.get("prepare"), asked.get("test"), asked.get("window")])
        if key not in known:
            least = _least_observed(series(asked["series"]["content_hash"]), asked)
            known[key] = MOST_PERCENT[experiment.score] / least if least > 0 else 0.0
        found[label] = known[key]
    return found


def _least_observed(series: Series, asked: Mapping[str, Any]) -> float:
    """Return the size of the smallest value that is forecast."""
    columns = [series.columns.index(name) for name in asked["series"].get("targets", ()) if name in series.columns]
    last = asked.get("test", 12) + (asked.get("prepare") or {}).get("horizon", 1) - 1
    stop = len(series.values) - (asked.get("window") or {}).get("skip", 0)
    return float(np.abs(series.values[max(0, stop - last) : stop, columns]).min(initial=np.inf))


def score_rounding(series: Series, asked: Mapping[str, Any]) -> float:
    """Return how much of a score may be rounding, in the units of the series; of several targets the largest.

    Args:
        series: the series.
        asked: the configuration, as its canonical JSON has it.
    """
    given = asked.get("prepare") or {}
    prepare = Prepare.model_validate({name: given[name] for name in _DECIDING if name in given})
    return max(
        (
            _of_column(series.values[:, series.columns.index(name)], prepare, name)
            for name in asked["series"].get("targets", ())
            if name in series.columns
        ),
        default=0.0,
    )


def _of_column(values: Floats, prepare: Prepare, name: str) -> float:
    known, lags = values[np.isfinite(values)], prepare.differences_of(name)
    if len(known) <= reach(lags):
        return 0.0
    scale, size = prepare.scale_of(name), float(np.abs(known).max())
    transform = Transform.fit(prepare.transform_of(name), known, scaled=scale is not None)
    transformed = transform.apply(known)
    largest = float(np.abs(transformed).max())
    changes = differenced(transformed, lags)[reach(lags) :, None]
    scaler = Scaler.fit(changes, [scale], np.array([largest]))
    step = float(np.abs(scaler.apply(changes) / scaler.factor).max())  # 0 for a constant, which is forecast as itself
    if transform.word == NONE:
        return ROUNDINGS * (E32 * step + E64 * size)
    moved = np.array(E32 * step + E64 * largest)
    of_series = errors(transform.word, moved, transform.terms(known, 1.0), np)
    return ROUNDINGS * (float(np.abs(of_series).max()) + E64 * size)


def without_rounding(values: Floats, rounding: Floats) -> Floats:
    """Return scores in which a configuration whose scores differ by rounding alone has one score.

    Configurations of that kind which differ by no more than rounding from the lowest of them share its score, and so on
    with the next; ranks are then equal, too.

    Args:
        values: `(repeats, configurations)`; infinity where a repeat diverged, NaN where there is no score.
        rounding: `(configurations,)`.
    """
    finite = np.isfinite(values)
    low = np.where(finite, values, np.inf).min(axis=0, initial=np.inf)
    high = np.where(finite, values, -np.inf).max(axis=0, initial=-np.inf)
    constant = np.flatnonzero(finite.any(axis=0) & (rounding > 0) & (high <= low + rounding))
    if not len(constant):
        return values
    found, shared, room = values.copy(), np.nan, 0.0
    for place in constant[np.argsort(low[constant], kind="stable")]:
        if not low[place] - shared <= max(room, rounding[place]):
            shared, room = low[place], rounding[place]
        found[finite[:, place], place] = shared
    return found


def rounding_of_pairs(
    difference: Floats, rounding: Floats | None, a: NDArray[np.intp], b: NDArray[np.intp]
) -> tuple[Floats, Bools]:
    """Return how much of the difference of each pair may be rounding, and whether all of it may be.

    Args:
        difference: `(pairs,)`.
        rounding: `(configurations,)`; None where nothing is known.
        a: the places of the first of each pair.
        b: those of the second.
    """
    if rounding is None:
        return np.zeros(difference.shape), np.zeros(difference.shape, dtype=np.bool_)
    least = np.maximum(rounding[a], rounding[b])
    with np.errstate(invalid="ignore"):
        return least, (least > 0) & (np.abs(difference) <= least)
