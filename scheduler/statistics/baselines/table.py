"""The table of the baselines: their forecasts of the test rows, and their errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
import pandas as pd

from scheduler.statistics.baseline_table import ALL_TARGETS
from scheduler.statistics.baselines import makers
from scheduler.statistics.baselines.scoring import measures, pooled_rows
from scheduler.statistics.baselines.walk import CannotFit, Floats, Model, Tick, Walked, walk_model, walk_rule
from store.forecast_scores import SCORES

#: raised whenever the baselines of the same series would have other numbers or names than before
VERSION = 2
#: told which baseline is being computed, how many there are, and which share of all of them is done
Progress = Callable[[str, float], None]


def compute_baselines(
    values: Floats,
    *,
    test: int,
    horizon: int = 1,
    seasons: Sequence[int] = (),
    targets: Sequence[str] = (),
    names: Collection[str] = (),
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Score every baseline on the last `test` rows of a series.

    A row is a forecast origin; origins are one step apart, and the last row ends with the series. Errors are pooled
    over rows and steps, in the units of the series.

    Args:
        values: `(observations,)` or `(observations, targets)`.
        test: how many rows.
        horizon: steps that a row forecasts.
        seasons: in rows, the shortest first; empty where there is none, or none is known.
        targets: names of the targets; their numbers if empty.
        names: which baselines; all if empty.
        progress: told of each baseline and of the share that is done; what it raises ends the computation.

    Returns:
        Columns target, baseline, the scores (`store.forecast_scores`), mase_of, note, forecasts, the best RMSE of each
        target first. MASE and RMSSE are over the errors of `mase_of` on the observations before the test part: the
        naive forecast of the shortest season, or persistence where there is none. A baseline that cannot be computed
        has no numbers and says why in `note`. With several targets, further rows pool their errors, as the score of a
        repeat does. `forecasts` are lists, a row of steps for each test row; None in the pooled rows.

    Raises:
        ValueError: if there is no observation before the test part.
    """
    table = np.asarray(values, dtype=np.float64).reshape(len(values), -1)
    start = len(table) - horizon + 1 - test
    if test < 1 or horizon < 1 or start < 1:
        raise ValueError(f"{len(table)} observations are too few for {test} test rows of {horizon} steps.")
    labels = [str(target) for target in targets] or [str(column) for column in range(table.shape[1])]
    walk = _Walk(start, horizon, tuple(seasons), frozenset(names), progress, targets=len(labels))
    found = [
        {"target": label, **row} for label, column in zip(labels, table.T, strict=True) for row in walk.rows(column)
    ]
    frame = pd.DataFrame(found)
    if len(labels) > 1:
        frame = pd.concat([frame, pd.DataFrame(pooled_rows(frame))], ignore_index=True)
    return _ordered(frame, labels)


class _Walk:
    """All baselines of one series after another, on the same rows."""

    def __init__(
        self,
        start: int,
        horizon: int,
        seasons: tuple[int, ...],
        names: Collection[str],
        progress: Progress | None,
        *,
        targets: int,
    ) -> None:
        self._start, self._horizon, self._seasons = start, horizon, seasons
        self._progress = progress or (lambda name, share: None)
        self._names = [name for name in makers.names(seasons) if name in names or not names]
        self._all, self._done = max(1, targets * len(self._names)), 0

    def rows(self, series: Floats) -> Iterator[dict[str, object]]:
        """Walk forward with each baseline: its errors, a note and its forecasts."""
        rows = len(series) - self._horizon + 1 - self._start
        for name in self._names:

            def tick(row: int, name: str = name) -> None:
                self._progress(name, (self._done + row / rows) / self._all)

            tick(0)
            yield {"baseline": name, **self._measured(series, name, tick)}
            self._done += 1

    def _measured(self, series: Floats, name: str, tick: Tick) -> dict[str, object]:
        nothing = {**dict.fromkeys(SCORES, np.nan), "mase_of": ""}
        try:
            walked = self._walked(series, name, tick)
        except CannotFit as reason:
            return {**nothing, "note": str(reason), "forecasts": None}
        found = measures(walked.forecasts, series, self._start, self._seasons)
        return {**found, "note": walked.note, "forecasts": walked.forecasts.tolist()}

    def _walked(self, series: Floats, name: str, tick: Tick) -> Walked:
        train = series[: self._start]
        known = makers.rules(self._seasons)
        if name in known:
            rule, needs = known[name]
            makers.check_length(train, needs)
            return walk_rule(rule, series, self._start, self._horizon)
        # fitted in units of the training part's spread: optimizers have absolute tolerances
        unit = float(np.std(train)) or 1.0
        model = _made(makers.models(self._seasons)[name], train / unit)
        walked = walk_model(model, series / unit, self._start, self._horizon, tick)
        return Walked(walked.forecasts * unit, walked.note)


def _made(make: makers.ModelMaker, train: Floats) -> Model:
    """Choose the form of a model on the training part.

    Raises:
        CannotFit: there is none, and why.
    """
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of candidates that are not chosen
        try:
            return make(train)
        except CannotFit:
            raise
        except Exception as reason:  # whatever a library stumbles over, the report says it and goes on
            raise CannotFit(f"cannot be fitted: {type(reason).__name__}: {reason}") from reason


def _ordered(frame: pd.DataFrame, labels: Sequence[str]) -> pd.DataFrame:
    """Sort the rows: all targets together first, then each target; within them the best baseline first."""
    order = pd.Categorical(frame["target"], [ALL_TARGETS, *labels])
    rows = frame.assign(order=order).sort_values(["order", "rmse"], kind="stable", ignore_index=True)
    return rows.drop(columns="order")
