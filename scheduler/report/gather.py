"""From the store to one report: reads everything that a report may show, once, and draws the conclusions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scheduler.future.outcome import newest_future
from scheduler.report.one_split import concluded_fields, one_split
from scheduler.report.over_splits import gather_over_splits
from scheduler.report.parts import find_test_parts
from scheduler.report.report_data import BaselineForecast, ReportData, TestPart
from scheduler.report.shown import best
from scheduler.report.steps import mean_errors
from scheduler.report.warned import find_all_warnings
from scheduler.statistics.accuracy import MOST_TESTED
from scheduler.statistics.baseline_table import baseline_forecasts
from scheduler.statistics.conclusions import Conclusions, draw_conclusions
from scheduler.statistics.ensembles.reading import best_means, read_ensembles
from scheduler.statistics.ensembles.table import Members
from scheduler.statistics.intervals.table import MOST, score_intervals
from scheduler.statistics.over_splits.frames import has_several
from scheduler.statistics.rounding import with_rounding
from scheduler.statistics.selection_audit import Picked, pick
from scheduler.statistics.summary import summarise
from store.forecast_scores import SCORES
from store.schema.reading import read_configurations

if TYPE_CHECKING:
    import pandas as pd

    from scheduler.report.report_data import Curves
    from store import Experiment, ForecastSet, Series, Store
    from store.schema.configuration import Configuration


#: the columns of the repeats that tables, pictures and the page are made of
SHOWN = ("configuration", "split", "repeat", "seed", "state", "diverged", "train_rmse", "test_rmse", "test_mae")


def gather(
    store: Store,
    experiment: Experiment,
    *,
    curves: bool = True,
    conclusions: bool = True,
    early: bool = False,
    brief: bool = False,
    scores: bool = False,
) -> ReportData:
    """Read an experiment from the store.

    Conclusions are drawn from the results that are there, also while some are missing; only the baselines, which are
    slow, are those that the aggregator has written.

    Args:
        store: the results store.
        experiment: which one.
        curves: whether trajectories and forecasts are read, too; a table needs neither.
        conclusions: whether configurations are compared; summaries need none.
        early: whether somebody looks again and again while repeats are to come: then configurations are compared only
            as far as the planned looks allow, and with no baseline, since each look is another chance to be wrong.
        brief: whether the repeats have only the columns `SHOWN`, and what they are judged by; Parquet needs all.
        scores: whether they have every score nevertheless, which takes a while for 100,000 of them.
    """
    experiment = store.experiments.with_id(experiment.id)
    compared = conclusions and not (early and experiment.looks is None)
    results = store.results.frame(experiment.id, _columns(experiment, scores=scores) if brief else None)
    cells = store.experiments.cells(experiment.id)
    fields = _of_experiment(store, experiment) | {"future": newest_future(store, experiment.id) if curves else None}
    if has_several(cells):
        return gather_over_splits(store, experiment, results, cells, fields, conclusions=compared)
    asked = configurations(store, experiment)
    fields["warnings"] = find_all_warnings(store, experiment, asked) if conclusions else ()
    return _gathered(store, experiment, results, asked, fields, curves=curves, compared=compared, early=early)


def _gathered(
    store: Store,
    experiment: Experiment,
    results: pd.DataFrame,
    asked: Mapping[str, Configuration],
    fields: Mapping[str, Any],
    *,
    curves: bool,
    compared: bool,
    early: bool,
) -> ReportData:
    """Report an experiment whose configurations have one split each; `fields` are those of the experiment."""
    series = store.series.get(store.experiments.series_hashes(experiment.id)[0])
    summaries = summarise(results, experiment.judged_by)
    shown = best(summaries)
    trajectories, picked = _curves(store, experiment, shown, audited=compared) if curves else ({}, {})
    baselines = store.results.baselines(experiment.id)
    held_against = baselines.iloc[:0] if early else baselines
    tested = MOST_TESTED if compared and len(held_against) else MOST
    wanted = _wanted(best_means(results, experiment.judged_by, tested), shown if curves else set())
    read = read_ensembles(store, experiment, results, wanted=wanted)
    judged = (store, experiment, results, held_against, picked, read.forecasts)
    found = read_conclusions(*judged) if compared else Conclusions()
    data = ReportData(
        **fields,
        **_of_series(series),
        results=results,
        summaries=summaries,
        trajectories=trajectories,
        forecasts=_pictured(read.forecasts, shown) if curves else {},
        ensembles=read.ensembles.scores,
        ensemble_steps=read.ensembles.steps,
        intervals=_intervals(experiment, results, read.forecasts),
        scales=store.results.scales(experiment.id) if curves else {},
        step_scores=_step_scores(store, experiment, asked),
        baselines=baselines if len(baselines) else None,
        **concluded_fields(found),
    )
    whole = _with_forecast_fields(data, series, asked, curves=curves)
    return replace(whole, parts=_parts(store, whole, asked, found, curves=curves))


def _of_series(series: Series) -> dict[str, Any]:
    return {"series_name": series.name, "series_values": series.values, "series_times": series.times}


def _columns(experiment: Experiment, *, scores: bool) -> list[str]:
    every = [f"test_{name}" for name in SCORES] if scores else [experiment.judged_by]
    return list(dict.fromkeys((*SHOWN, *every)))


def _wanted(tested: set[str] | None, shown: set[str] | None) -> set[str] | None:
    """Return the configurations whose forecasts are read: those that are tested or drawn; None for all."""
    return None if tested is None or shown is None else tested | shown


def _intervals(experiment: Experiment, results: pd.DataFrame, forecasts: Mapping[str, ForecastSet]) -> pd.DataFrame:
    """Score the intervals of the best configurations whose forecasts were read, in the order of the grid."""
    best_ones = best_means(results, experiment.judged_by, MOST)
    labels = [str(label) for label in results["configuration"].unique() if best_ones is None or label in best_ones]
    return score_intervals(Members.of(label, forecasts[label]) for label in labels if label in forecasts)


def _pictured(forecasts: Mapping[str, ForecastSet], shown: Collection[str] | None) -> dict[str, ForecastSet]:
    return {label: found for label, found in forecasts.items() if shown is None or label in shown}


def _of_experiment(store: Store, experiment: Experiment) -> dict[str, Any]:
    """Return the fields of a report that are about the experiment as a whole: its names, times and progress."""
    status = store.experiments.status(experiment.id)
    return {
        "experiment": experiment.name,
        "score": experiment.score,
        "store": store.url,
        "grid_text": experiment.grid_text,
        "description": experiment.description,
        "created": status.created,
        "finished": status.finished,
        "counts": {state.value: count for state, count in status.counts.items()},
        "partial": status.ended < status.total or status.cancelled > 0,
        "series_notes": experiment.series_notes,
        "provenance": store.results.provenance(experiment.id),
    }


def _curves(
    store: Store, experiment: Experiment, shown: Collection[str] | None, *, audited: bool
) -> tuple[dict[str, Curves], dict[str, Picked]]:
    """Read trajectories, and keep those that are shown: all may be more than the memory holds.

    Args:
        store: the results store.
        experiment: whose.
        shown: the configurations that pictures may show; None for all.
        audited: whether the selection audit needs the scores at the epochs that it picks, of all configurations.
    """
    kept: dict[str, Curves] = {}
    picked: dict[str, Picked] = {}
    for label, curves in store.results.each_trajectory(experiment.id, None if audited else shown):
        if audited:
            picked[label] = pick(curves)
        if shown is None or label in shown:
            kept[label] = curves
    return kept, picked


def read_conclusions(
    store: Store,
    experiment: Experiment,
    results: pd.DataFrame,
    baselines: pd.DataFrame,
    picked: Mapping[str, Picked],
    forecasts: Mapping[str, ForecastSet],
) -> Conclusions:
    """Draw the conclusions from what was read of an experiment; without picked epochs, nothing is audited."""
    others = forecasts_of(store, experiment.id)
    return draw_conclusions(
        experiment,
        with_rounding(store, experiment, results),
        baselines,
        picked,
        lambda label: forecasts[label] if label in forecasts else others(label),
        numerics=store.results.numerics(experiment.id),
        store=store.url,
    )


def _parts(
    store: Store, data: ReportData, asked: Mapping[str, Configuration], found: Conclusions, *, curves: bool
) -> tuple[ReportData, ...]:
    """Report each split by itself, where there are several."""
    made = []
    splits = data.results["split"].unique()
    for name in map(str, splits) if len(splits) > 1 else ():
        part = one_split(data, name, found.parts.get(name, Conclusions()))
        mine = {label: asked[label] for label in part.results["configuration"].unique()}
        series = store.series.get(next(iter(mine.values())).series.content_hash)
        part = replace(part, unit=series.name, series_values=series.values, series_times=series.times)
        made.append(_with_forecast_fields(part, series, mine, curves=curves))
    return tuple(made)


def forecasts_of(store: Store, experiment_id: int) -> Callable[[str], ForecastSet | None]:
    """Return a function that reads the forecasts of a configuration by its label."""
    return lambda label: store.results.forecasts(experiment_id, [label]).get(label)


def configurations(store: Store, experiment: Experiment) -> dict[str, Configuration]:
    """Return the configurations of an experiment, in the order of the grid."""
    return read_configurations(store.experiments.parameters(experiment.id))


def several(configuration: Configuration) -> bool:
    """Return whether there are several steps or targets, so that errors can be broken down by them."""
    return configuration.prepare.horizon > 1 or len(configuration.series.targets) > 1


def _with_forecast_fields(
    data: ReportData, series: Series, asked: Mapping[str, Configuration], *, curves: bool
) -> ReportData:
    """Add to a report what describes its forecasts: the targets, where the test rows lie, and the best baseline's."""
    named = replace(data, target_names=next((one.series.targets for one in asked.values()), ()))
    if not curves:
        return named
    parts = find_test_parts(asked, series)
    return replace(
        named,
        test_parts={label: part for label, part in parts.items() if part is not None},
        mean_errors=mean_errors(data.results),
        baseline_forecast=_best_baseline(data, asked, series, parts) if data.forecasts else None,
    )


def _step_scores(store: Store, experiment: Experiment, asked: Mapping[str, Configuration]) -> pd.DataFrame | None:
    """Return the errors by target and step of the configurations that have several; None if no repeat has any."""
    labels = [label for label, one in asked.items() if several(one)]
    if not labels:
        return None
    found = store.results.step_scores(experiment.id)
    kept = found[found["configuration"].isin(labels)]
    return kept.reset_index(drop=True) if len(kept) else None


def _best_baseline(
    data: ReportData, asked: Mapping[str, Configuration], series: Series, parts: Mapping[str, TestPart | None]
) -> BaselineForecast | None:
    """Forecast the test rows with the best baseline, where all configurations forecast the same values."""
    different = {(parts[label], one.test, one.prepare.horizon) for label, one in asked.items()}
    name = next(iter(data.baseline_errors), None)
    if name is None or len(different) != 1:
        return None
    ((part, test, horizon),) = different
    if part is None or part.row != len(series.values) - test - horizon + 1:
        return None
    values = None if data.baselines is None else baseline_forecasts(data.baselines, name)
    return None if values is None else BaselineForecast(name, values)
