"""What has come since a forecast was made: its error, and the coverage that its intervals kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scheduler.future.observing import Made, forecasts_made, observe
from scheduler.series.season import seasons_of
from scheduler.statistics.baseline_table import ALL_TARGETS, baseline_errors
from scheduler.statistics.baselines import compute_baselines
from scheduler.statistics.baselines.makers import rules
from scheduler.statistics.intervals.coverage import clopper_pearson
from scheduler.statistics.intervals.scores import interval_score
from store.errors import UsageError
from store.forecast_scores import SCALED, SCORES, score_forecasts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scheduler.future.known import Known
    from store import Experiment, Store
    from store.experiments.cells import Cell
    from store.forecast_scores import Scale

    Floats = NDArray[np.float64]

SCORED = ("target", "of", "steps", *SCORES)
COVERED = ("target", "level", "steps", "held", "coverage", "low", "high", "width", "interval_score")


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """What a forecast is worth, by the values that have come since it was made."""

    #: the study, the experiment that has the repeats, and the configuration
    experiment: str
    forecast: str
    configuration: str
    #: the name of the series
    series: str
    #: first and last time that is observed
    times: tuple[str, str]
    #: `SCORED`: of the forecast and of baselines that knew as much, by target
    scores: pd.DataFrame
    #: `COVERED`: of the intervals, by target and level in percent
    coverage: pd.DataFrame


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What the store knows of a study that forecasts are scored with, read once for all series."""

    study: Experiment
    score: str
    cells: Mapping[str, Cell]
    baselines: pd.DataFrame
    scales: Mapping[str, Sequence[Scale]]

    @classmethod
    def of(cls, store: Store, study: Experiment) -> _Known:
        """Read it."""
        stored = store.results.baselines(study.id)
        cells, scales = store.experiments.cells(study.id), store.results.scales(study.id)
        return cls(study=study, score=study.score, cells=cells, baselines=stored, scales=scales)

    def best_baseline(self, label: str) -> str:
        """Return the best baseline on the newest split of a series; empty where none was computed."""
        split = self.cells[label].split if label in self.cells else ""
        mine = self.baselines[self.baselines["split_name"] == split] if len(self.baselines) else self.baselines
        return next(iter(baseline_errors(mine, self.score)), "") if len(mine) else ""


def scored_since(known: _Known, one: Made, bounds: pd.DataFrame) -> Since | None:
    """Score a forecast by the values that the store has; None where it has none.

    Args:
        known: of its study.
        one: the forecast, with what has been observed.
        bounds: its intervals.
    """
    seen = one.rows[one.rows["observed"].notna() & one.rows["median"].notna()]
    if seen.empty:
        return None
    by_target = {
        target: {of: getattr(scale, of) for of in SCALED.values()}
        for target, scale in zip(one.targets, known.scales.get(one.label, ()), strict=False)
    }
    others = _baselines(known.best_baseline(one.label), one, seen)
    scores = [row for target in one.targets for row in _scores(seen, target, others, by_target.get(target))]
    covered = [row for target in one.targets for row in _covered(seen, bounds, target)]
    order = seen.sort_values("step")["time"]
    return Since(
        experiment=known.study.name,
        forecast=one.experiment.name,
        configuration=one.point,
        series=one.series.name,
        times=(str(order.iloc[0]), str(order.iloc[-1])),
        scores=pd.DataFrame(scores, columns=list(SCORED)),
        coverage=pd.DataFrame(covered, columns=list(COVERED)),
    )


def _scores(
    known: pd.DataFrame, target: str, others: Mapping[tuple[str, str], Floats], scale: Mapping[str, float] | None
) -> list[dict[str, Any]]:
    """Score the forecast of one target, and the baselines on the same steps, the least error first."""
    mine = known[known["target"] == target]
    steps = mine["step"].to_numpy(dtype=int) - 1
    observed = mine["observed"].to_numpy(dtype=float)
    said = {"forecast": mine["median"].to_numpy(dtype=float)}
    said |= {name: values[steps] for (of, name), values in others.items() if of == target}
    scales = None if scale is None else {of: np.array([value]) for of, value in scale.items()}
    found = []
    for name, values in said.items() if len(mine) else ():
        measured = score_forecasts(observed[:, None, None], values[:, None, None], scales)
        numbers = {score: float(measured[score]) for score in SCORES}
        found.append({"target": target, "of": name, "steps": len(mine), **numbers})
    return found[:1] + sorted(found[1:], key=_error)


def _error(row: Mapping[str, Any]) -> tuple[bool, float]:
    """Return what rows are sorted by: those without a score are last."""
    error = float(row["rmse"])
    return bool(np.isnan(error)), error


def _baselines(best: str, one: Made, known: pd.DataFrame) -> dict[tuple[str, str], Floats]:
    """Forecast the same steps with the naive rules and the best baseline of the study, by target and name."""
    seasons = seasons_of(one.series, one.chosen.series.season)
    ahead = int(known["step"].max())
    columns = [one.series.columns.index(target) for target in one.targets]
    # what a forecast from the end of the series makes of values after it is nothing
    values = np.vstack([one.series.values[:, columns], np.repeat(one.series.values[-1:, columns], ahead, axis=0)])
    names = {*rules(seasons), *([best] if best else [])}
    try:
        table = compute_baselines(values, test=1, horizon=ahead, seasons=seasons, targets=one.targets, names=names)
    except ValueError:
        return {}
    usable = table[(table["target"] != ALL_TARGETS) & table["forecasts"].notna()]
    return {
        (str(row["target"]), str(row["baseline"])): np.asarray(row["forecasts"], dtype=float)[0]
        for row in usable.to_dict("records")
    }


def _covered(known: pd.DataFrame, bounds: pd.DataFrame, target: str) -> list[dict[str, Any]]:
    """Return how many observed values lie in the intervals of each level."""
    both = known[known["target"] == target].merge(bounds, on=["target", "step"])
    found = []
    for level in both["level"].unique().tolist():
        rows = both[both["level"] == level]
        low, high, observed = (rows[name].to_numpy(dtype=float) for name in ("low", "high", "observed"))
        held = int(((low <= observed) & (observed <= high)).sum())
        least, most = clopper_pearson(held, len(rows))
        numbers = {"steps": len(rows), "held": held, "coverage": held / len(rows), "low": least, "high": most}
        numbers |= {"width": float(np.mean(high - low))}
        score = float(np.mean(interval_score(low, high, observed, level)))
        found.append({"target": target, "level": level, **numbers, "interval_score": score})
    return found


def drift(since: Since) -> list[str]:
    """Return, for each level, whether the intervals kept what they promise, in a sentence."""
    lines = []
    for row in since.coverage.to_dict("records"):
        of = f" of {row['target']}" if since.coverage["target"].nunique() > 1 else ""
        kept = f"{row['level']:g}% intervals{of} held {row['held']} of {row['steps']} values"
        between = f"{row['coverage']:.0%}, {row['low']:.0%} to {row['high']:.0%}"
        if row["high"] < row["level"] / 100:
            judged = "fewer than they should: errors are larger than in the test rows. Train again with the new rows."
        else:
            judged = "no fewer than is to be expected."
        lines.append(f"{kept} ({between}): {judged}")
    return lines


def score_study(store: Store, named: Experiment, actual: Known | None) -> list[Since]:
    """Write what has come since, and score all forecasts of a study that have some of it, the newest first.

    Args:
        store: the results store.
        named: a study, or one of its forecasts.
        actual: what has come; None for what is stored already.

    Raises:
        UsageError: nothing was forecast, or nothing of it has come.
    """
    number = store.futures.study_of(named.id)
    study = named if number is None else store.experiments.with_id(number)
    made = forecasts_made(store, study, named)
    if actual is not None:
        observe(store, study, made, actual)
        made = forecasts_made(store, study, named)
    known = _Known.of(store, study)
    bounds = {one.experiment.id: store.futures.intervals(one.experiment.id) for one in made}
    of_label = {key: dict(tuple(frame.groupby("configuration"))) for key, frame in bounds.items()}
    found = [
        since
        for one in made
        if (
            since := scored_since(known, one, of_label[one.experiment.id].get(one.label, bounds[one.experiment.id][:0]))
        )
    ]
    if not found:
        first, last = made[0].times[0], made[0].times[-1]
        raise UsageError(
            f"no value of {first} to {last} is in the store, which {study.name} has forecast: name a file that has "
            "some with --actual FILE"
        )
    return found
