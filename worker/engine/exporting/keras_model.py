"""Repeats as a stock Keras model with its weights, which plain Keras saves and loads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from store.preparation.panels import Together
from store.preparation.transforms import NONE
from store.preparation.windows import windowed
from store.records import Series
from store.schema.configuration import Configuration
from worker.engine import models
from worker.engine.arrays import Float32s, Float64s
from worker.engine.exporting.median import median_model
from worker.engine.exporting.own_code import OwnCode, own_code
from worker.engine.exporting.panel import furthest, members, share, table, write_script
from worker.engine.exporting.script import NotExportable, asked_again, script
from worker.engine.prepare import Prepared, prepare
from worker.engine.protocols.joined import prepared_each
from worker.engine.train import train
from worker.lane import Lane, Trainable

Weights = dict[str, Float32s]
#: how far forecasts of the exported model may be from the stored ones, as a share of these
CLOSE = 1e-4
_APART = (
    "The repeats are fed their own forecasts: the model has all of them as layers, repeat_0 and so on; its output is "
    "the median of what they forecast directly, and forecast.py takes that of all steps."
)


def model(params: str, repeats: Sequence[tuple[int, Weights | None]], series: Series | Together) -> Any:
    """Return the Keras model of a repeat, or of several one whose output is the median of theirs.

    Args:
        params: the configuration, as canonical JSON; on any of the series of one that is trained together.
        repeats: of each the seed and what was kept; without, it is trained again, to the same bits.
        series: what was forecast, or all series that it is trained on together.
    """
    return _model(Configuration.model_validate_json(params), repeats, series)


def _model(
    configuration: Configuration, repeats: Sequence[tuple[int, Weights | None]], series: Series | Together
) -> Any:
    trained = _trained(configuration, repeats, series)
    if isinstance(series, Together):
        prepared = prepared_each(configuration, series)[0]
    else:
        configuration, series = windowed(configuration, series)
        prepared = prepare(configuration, series)
    stock = [
        _stock(configuration, prepared, list((kept or trained[place]).values()))
        for place, (_, kept) in enumerate(repeats)
    ]
    if len(stock) == 1:
        return stock[0]
    return median_model(stock, configuration, None if isinstance(series, Together) else prepared)


def _trained(
    configuration: Configuration, repeats: Sequence[tuple[int, Weights | None]], series: Series | Together
) -> Mapping[int, Weights]:
    """Train the repeats that have no weights again."""
    again = [place for place, (_, weights) in enumerate(repeats) if weights is None]
    lanes = [Lane(job_id=0, configuration=configuration, seed=repeats[place][0], keeps_weights=True) for place in again]
    rows: Trainable = series
    if configuration.window.apart and isinstance(series, Series):  # as they were trained
        rows = [series] * len(lanes)
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
        embedding=None if configuration.panel is None else configuration.panel.embedding,
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
    series: Series | Together,
    *,
    stored: Mapping[str, Float64s],
    title: str,
    folder: Path,
    file: Mapping[str, Any] | None = None,
    keep: Sequence[str] = (),
) -> tuple[str, ...]:
    """Write `model.keras`, `forecast.py` and `series.csv`, and check that they give the stored forecasts.

    Args:
        params: the configuration, as canonical JSON.
        repeats: as for `model`.
        series: as for `model`.
        stored: the forecasts of the results by the names of their series: those of the repeat, or medians of several.
        title: of the script.
        folder: which is there, and empty.
        file: how the study's file was read, see `script`; of series that are trained together, of each.
        keep: the names of those that the script forecasts; none for all.

    Returns:
        What the user should know of what was written, one line each.

    Raises:
        NotExportable: something of the configuration is not written out, or the forecasts would differ.
    """
    configuration = Configuration.model_validate_json(params)
    made = _model(configuration, repeats, series)
    made.save(folder / "model.keras")
    apart = _one_by_one(configuration, len(repeats))
    notes = (_APART,) if apart and configuration.prepare.steps_at_once < configuration.prepare.horizon else ()
    scripted: Callable[[OwnCode], None]
    if isinstance(series, Together):
        panel = members(configuration, series, keep)
        table(panel).to_csv(folder / "series.csv", index=False)
        scripted = partial(write_script, panel, title, folder=folder, files=file or {}, repeats=apart)
    else:
        configuration, series = windowed(configuration, series)
        _table(series).to_csv(folder / "series.csv", index=False)
        again = asked_again(configuration, prepare(configuration, series)).rows
        stored = {name: one[again] for name, one in stored.items()}
        scripted = partial(_write_script, configuration, series, title, folder=folder, file=file or {}, repeats=apart)

    return _with_own_code(made, partial(_write_and_check, scripted, folder, stored, notes))


def _write_and_check(
    scripted: Callable[[OwnCode], None],
    folder: Path,
    stored: Mapping[str, Float64s],
    notes: tuple[str, ...],
    own: OwnCode,
) -> tuple[str, ...]:
    """Write the script with a user's own code in it, and return what is to be known."""
    scripted(own)
    _check(folder, stored)
    return (*own.notes, *notes)


def _write_script(
    configuration: Configuration,
    series: Series,
    title: str,
    own: OwnCode,
    *,
    folder: Path,
    file: Mapping[str, Any],
    repeats: int,
) -> None:
    text = script(configuration, series, title, own, file, repeats=repeats)
    (folder / "forecast.py").write_text(text, encoding="utf-8")


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
    forecasts, the mean of two, is another number than that of forecasts. So are the sums of changes of several
    series, each of which has another scale.
    """
    how = configuration.prepare
    targets, several = configuration.series.targets, how.horizon > 1
    fed = how.steps_at_once < how.horizon
    sums = configuration.panel is not None and several and any(map(how.differences_of, targets))
    transformed = any(how.transform_of(name) != NONE for name in targets)
    return repeats if repeats > 1 and (fed or sums or (transformed and repeats % 2 == 0)) else 0


def _table(series: Series) -> pd.DataFrame:
    table = pd.DataFrame(series.values, columns=list(series.columns))
    if series.times:
        table.insert(0, "time", list(series.times), allow_duplicates=False)
    return table


def _check(folder: Path, stored: Mapping[str, Float64s]) -> None:
    """Run what was written, as a user does, and compare; the forecasts of several series are by their names."""
    import runpy

    written = runpy.run_path(str(folder / "forecast.py"))
    try:
        if "SERIES" in written:
            far = furthest(written, folder / "series.csv", stored)
        else:
            values, _ = written["read"](folder / "series.csv")
            (expected,) = stored.values()
            far = share(written["forecast"](values, *written["study_rows"]()), expected)
    except SystemExit as problem:
        raise NotExportable(str(problem)) from None
    if not far <= CLOSE:
        raise NotExportable(f"the model's forecasts differ from the stored ones by a share of {far:.1g} of the largest")
