"""Repeats as a stock Keras model with its weights, which plain Keras saves and loads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from store.preparation.transforms import NONE
from store.preparation.windows import windowed
from store.records import Series
from store.schema.configuration import Configuration
from worker.engine import models
from worker.engine.arrays import Float32s, Float64s
from worker.engine.exporting.median import median_model
from worker.engine.exporting.own_code import OwnCode, own_code
from worker.engine.exporting.script import NotExportable, asked_again, script
from worker.engine.prepare import Prepared, prepare
from worker.engine.train import train
from worker.lane import Lane

Weights = dict[str, Float32s]
#: how far forecasts of the exported model may be from the stored ones, as a share of these
CLOSE = 1e-4
_APART = (
    "The repeats are fed their own forecasts: the model has all of them as layers, repeat_0 and so on; its output is "
    "the median of what they forecast directly, and forecast.py takes that of all steps."
)


def model(params: str, repeats: Sequence[tuple[int, Weights | None]], series: Series) -> Any:
    """Return the Keras model of a repeat, or of several one whose output is the median of theirs.

    Args:
        params: the configuration, as canonical JSON.
        repeats: of each the seed and what was kept; without, it is trained again, to the same bits.
        series: what was forecast.
    """
    return _model(Configuration.model_validate_json(params), repeats, series)


def _model(configuration: Configuration, repeats: Sequence[tuple[int, Weights | None]], series: Series) -> Any:
    trained = _trained(configuration, repeats, series)
    configuration, series = windowed(configuration, series)
    prepared = prepare(configuration, series)
    stock = [
        _stock(configuration, prepared, list((kept or trained[place]).values()))
        for place, (_, kept) in enumerate(repeats)
    ]
    return stock[0] if len(stock) == 1 else median_model(stock, configuration, prepared)


def _trained(
    configuration: Configuration, repeats: Sequence[tuple[int, Weights | None]], series: Series
) -> Mapping[int, Weights]:
    """Train the repeats that have no weights again."""
    again = [place for place, (_, weights) in enumerate(repeats) if weights is None]
    lanes = [Lane(job_id=0, configuration=configuration, seed=repeats[place][0], keeps_weights=True) for place in again]
    rows = [series] * len(lanes) if configuration.window.apart else series  # as they were trained
    results = train(lanes, rows, progress=lambda done, total: None) if lanes else []
    return {place: result.weights or {} for place, result in zip(again, results, strict=True)}


def _stock(configuration: Configuration, prepared: Prepared, weights: Sequence[Float32s]) -> Any:
    _, timesteps, features = prepared.rows.inputs.shape
    shape = models.Shape(
        batch=asked_again(configuration, prepared).batch,
        timesteps=timesteps,
        features=features,
        horizon=configuration.prepare.steps_at_once,
        targets=len(prepared.targets),
        quantiles=len(configuration.training.loss.quantiles),
    )
    # How weights began no longer matters, and plain Keras has no initializer of gates.
    plain = configuration.model.model_copy(update={"gates": "together"})
    stock = models.network(plain, shape, any_batch=not configuration.model.carries_state)
    for variable, value in zip(stock.trainable_variables, weights, strict=True):
        variable.assign(value)
    return stock


def export(
    params: str,
    repeats: Sequence[tuple[int, Weights | None]],
    series: Series,
    *,
    stored: Float64s,
    title: str,
    folder: Path,
    file: Mapping[str, str | int | None] | None = None,
) -> tuple[str, ...]:
    """Write `model.keras`, `forecast.py` and `series.csv`, and check that they give the stored forecasts.

    Args:
        params: the configuration, as canonical JSON.
        repeats: as for `model`.
        series: what was forecast.
        stored: the forecasts of the result: those of the repeat, or the medians of several.
        title: of the script.
        folder: which is there, and empty.
        file: how the study's file was read; see `script`.

    Returns:
        What the user should know of what was written, one line each.

    Raises:
        NotExportable: something of the configuration is not written out, or the forecasts would differ.
    """
    configuration = Configuration.model_validate_json(params)
    made = _model(configuration, repeats, series)
    configuration, series = windowed(configuration, series)
    made.save(folder / "model.keras")
    _table(series).to_csv(folder / "series.csv", index=False)
    expected = stored[asked_again(configuration, prepare(configuration, series)).rows]
    apart = _one_by_one(configuration, len(repeats))
    notes = (_APART,) if apart and configuration.prepare.steps_at_once < configuration.prepare.horizon else ()

    def write(own: OwnCode) -> tuple[str, ...]:
        text = script(configuration, series, title, own, file or {}, repeats=apart)
        (folder / "forecast.py").write_text(text)
        _check(folder, expected)
        return (*own.notes, *notes)

    return _with_own_code(made, write)


def _with_own_code(made: Any, write: Callable[[OwnCode], tuple[str, ...]]) -> tuple[str, ...]:
    """Write a script with the source of what a model has that plain Keras has not, or else import its module there."""
    own = own_code(made)
    try:
        return write(own)
    except NotExportable:
        raise
    except Exception:  # the source of a class or function needs more of its module than itself
        if not own.text:
            raise
        return write(own_code(made, imported=True))


def _one_by_one(configuration: Configuration, repeats: int) -> int:
    """Return how many repeats a script asks one by one, to take the median itself; 0 where the model's is the same.

    Repeats that are fed their own forecasts part after the first step, and the median of an even number of transformed
    forecasts, the mean of two, is another number than that of forecasts.
    """
    how = configuration.prepare
    fed = how.steps_at_once < how.horizon
    transformed = any(how.transform_of(name) != NONE for name in configuration.series.targets)
    return repeats if repeats > 1 and (fed or (transformed and repeats % 2 == 0)) else 0


def _table(series: Series) -> pd.DataFrame:
    table = pd.DataFrame(series.values, columns=list(series.columns))
    if series.times:
        table.insert(0, "time", list(series.times), allow_duplicates=False)
    return table


def _check(folder: Path, stored: Float64s) -> None:
    """Run what was written, as a user does, and compare."""
    import runpy

    written = runpy.run_path(str(folder / "forecast.py"))
    try:
        values, _ = written["read"](folder / "series.csv")
        found = written["forecast"](values, *written["study_rows"]())
    except SystemExit as problem:
        raise NotExportable(str(problem)) from None
    far = float(np.abs(found - stored).max() / np.abs(stored).max())
    if not far <= CLOSE:
        raise NotExportable(f"the model's forecasts differ from the stored ones by a share of {far:.1g} of the largest")
