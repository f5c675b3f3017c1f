"""A repeat as a stock Keras model with its weights, which plain Keras saves and loads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from store.records import Series
from store.schema.configuration import Configuration
from worker.engine import models
from worker.engine.arrays import Float32s, Float64s
from worker.engine.exporting.script import NotExportable, script, why_not
from worker.engine.layouts import forecast_batch
from worker.engine.prepare import prepare
from worker.engine.train import train
from worker.lane import Lane

#: how far forecasts of the exported model may be from the stored ones, as a share of these
CLOSE = 1e-4


def model(params: str, seed: int, series: Series, weights: dict[str, Float32s] | None) -> Any:
    """Return the Keras model of a repeat.

    Args:
        params: the configuration, as canonical JSON.
        seed: of the repeat.
        series: what was forecast.
        weights: what was kept; None trains the repeat again, to the same bits.
    """
    configuration = Configuration.model_validate_json(params)
    if weights is None:
        lane = Lane(job_id=0, configuration=configuration, seed=seed, keeps_weights=True)
        (result,) = train([lane], series, progress=lambda done, total: None)
        weights = result.weights or {}
    return _stock(configuration, series, list(weights.values()))


def _stock(configuration: Configuration, series: Series, weights: Sequence[Float32s]) -> Any:
    prepared = prepare(configuration, series)
    _, timesteps, features = prepared.train.inputs.shape
    shape = models.Shape(
        batch=forecast_batch(configuration, [prepared.train, prepared.test]),
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
    seed: int,
    series: Series,
    weights: dict[str, Float32s] | None,
    *,
    stored: Float64s,
    title: str,
    folder: Path,
) -> None:
    """Write `model.keras`, `forecast.py` and `series.csv`, and check that they give the stored forecasts.

    Raises:
        NotExportable: something of the configuration is not written out yet, or the forecasts would differ.
    """
    configuration = Configuration.model_validate_json(params)
    if reason := why_not(configuration, series):
        raise NotExportable(reason)
    folder.mkdir(parents=True, exist_ok=True)
    model(params, seed, series, weights).save(folder / "model.keras")
    (folder / "forecast.py").write_text(script(configuration, series, title))
    _table(series).to_csv(folder / "series.csv", index=False)
    _check(folder, stored)


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
    except SystemExit as problem:
        raise NotExportable(str(problem)) from None
    before = [time for part in written["BEFORE"] for time in range(*part)]
    found = written["forecast"](values, range(*written["TEST"]), before)
    far = float(np.abs(found - stored).max() / np.abs(stored).max())
    if not far <= CLOSE:
        raise NotExportable(f"the model's forecasts differ from the stored ones by a share of {far:.1g} of the largest")
