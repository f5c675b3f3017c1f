"""From the store to one report: reads everything that a report may show, once, and draws the conclusions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scheduler.report.report_data import BaselineForecast, ReportData, TestPart
from scheduler.report.steps import mean_errors
from scheduler.report.warned import find_all_warnings
from scheduler.statistics.against_baselines import of_split
from scheduler.statistics.baseline_table import baseline_forecasts
from scheduler.statistics.conclusions import Conclusions, draw_conclusions
from scheduler.statistics.summary import summarise
from store.schema.configuration import Configuration
from store.schema.framing import frame

if TYPE_CHECKING:
    import pandas as pd

    from store import Experiment, ForecastSet, Series, Store


#: the columns of the repeats that tables, pictures and the page are made of
SHOWN = ("configuration", "split", "repeat", "seed", "state", "diverged", "train_rmse", "test_rmse", "test_mae")


def gather(
    store: Store, experiment: Experiment, *, curves: bool = True, conclusions: bool = True, brief: bool = False
) -> ReportData:
    """Read an experiment from the store.

    Conclusions are drawn from the results that are there, also while some are missing; only the baselines, which are
    slow, are those that the aggregator has written.

    Args:
        store: the results store.
        experiment: which one.
        curves: whether trajectories and forecasts are read, too; a table needs neither.
        conclusions: whether configurations are compared; summaries need none.
        brief: whether the repeats have only the columns `SHOWN`; Parquet needs all.
    """
    experiment = store.experiments.with_id(experiment.id)
    status = store.experiments.status(experiment.id)
    results = store.results.frame(experiment.id, SHOWN if brief else None)
    series = store.series.get(store.experiments.series_hashes(experiment.id)[0])
    trajectories = store.results.trajectories(experiment.id) if curves else {}
    baselines = store.results.baselines(experiment.id)
    found = Conclusions()
    if conclusions:
        numerics, read = store.results.numerics(experiment.id), forecasts_of(store, experiment.id)
        found = draw_conclusions(experiment, results, baselines, trajectories, read, numerics=numerics, store=store.url)
    asked = configurations(store, experiment)
    data = ReportData(
        experiment=experiment.name,
        store=store.url,
        grid_text=experiment.grid_text,
        description=experiment.description,
        created=status.created,
        finished=status.finished,
        counts={state.value: count for state, count in status.counts.items()},
        series_name=series.name,
        series_values=series.values,
        series_times=series.times,
        results=results,
        summaries=summarise(results),
        trajectories=trajectories,
        baselines=baselines if len(baselines) else None,
        provenance=store.results.provenance(experiment.id),
        partial=status.ended < status.total or status.cancelled > 0,
        warnings=find_all_warnings(store, experiment, asked) if conclusions else (),
        **concluded_fields(found),
    )
    forecasts = store.results.forecasts(experiment.id) if curves else {}
    data = replace(data, **_forecast(store, experiment, data, series, asked, forecasts, curves=curves))
    return replace(data, parts=_parts(store, experiment, data, asked, found, curves=curves))


def _parts(
    store: Store,
    experiment: Experiment,
    data: ReportData,
    asked: Mapping[str, Configuration],
    found: Conclusions,
    *,
    curves: bool,
) -> tuple[ReportData, ...]:
    """Report each split by itself, where there are several."""
    made = []
    splits = data.results["split"].unique()
    for name in map(str, splits) if len(splits) > 1 else ():
        results = data.results[data.results["split"] == name].reset_index(drop=True)
        mine = {label: asked[label] for label in results["configuration"].unique()}
        series = store.series.get(next(iter(mine.values())).series.content_hash)
        own = of_split(data.baselines, name) if data.baselines is not None else None
        part = replace(
            data,
            counts={state: int((results["state"] == state).sum()) for state in data.counts},
            series_name=name,
            warnings=(),
            split=name,
            unit=series.name,
            partial=bool(results["state"].isin(["queued", "running", "cancelled"]).any()),
            series_values=series.values,
            series_times=series.times,
            results=results,
            summaries=data.summaries[data.summaries["split"] == name].reset_index(drop=True),
            trajectories={label: curve for label, curve in data.trajectories.items() if label in mine},
            baselines=own if own is not None and len(own) else None,
            **concluded_fields(found.parts.get(name, Conclusions())),
        )
        forecasts = {label: one for label, one in data.forecasts.items() if label in mine}
        made.append(replace(part, **_forecast(store, experiment, part, series, mine, forecasts, curves=curves)))
    return tuple(made)


def forecasts_of(store: Store, experiment_id: int) -> Callable[[str], ForecastSet | None]:
    """Return a function that reads the forecasts of a configuration by its label."""
    return lambda label: store.results.forecasts(experiment_id, label).get(label)


def configurations(store: Store, experiment: Experiment) -> dict[str, Configuration]:
    """Return the configurations of an experiment, in the order of the grid."""
    stored = store.experiments.parameters(experiment.id)
    return {label: Configuration.model_validate_json(text) for label, text in stored.items()}


def several(configuration: Configuration) -> bool:
    """Return whether there are several steps or targets, so that errors can be broken down by them."""
    return configuration.prepare.horizon > 1 or len(configuration.series.targets) > 1


def _forecast(
    store: Store,
    experiment: Experiment,
    data: ReportData,
    series: Series,
    asked: Mapping[str, Configuration],
    forecasts: Mapping[str, Any],
    *,
    curves: bool,
) -> dict[str, Any]:
    """Return the fields of a report that come from forecasts."""
    apart = [label for label, one in asked.items() if several(one)]
    fields: dict[str, Any] = {
        "step_scores": _step_scores(store, experiment, apart) if apart else None,
        "target_names": next((one.series.targets for one in asked.values()), ()),
    }
    if curves:
        parts = {label: part for label, one in asked.items() if (part := part_of(one, series)) is not None}
        fields |= {
            "forecasts": forecasts,
            "test_parts": parts,
            "mean_errors": mean_errors(data.results),
            "baseline_forecast": _best_baseline(data, asked, series) if forecasts else None,
        }
    return fields


def _step_scores(store: Store, experiment: Experiment, labels: Collection[str]) -> pd.DataFrame | None:
    """Return the errors by target and step of the configurations that have several; None if no repeat has any."""
    found = store.results.step_scores(experiment.id)
    kept = found[found["configuration"].isin(labels)]
    return kept.reset_index(drop=True) if len(kept) else None


def part_of(configuration: Configuration, series: Series) -> TestPart | None:
    """Return where the test rows of a configuration lie in a series, or None if it uses another series."""
    if configuration.series.content_hash != series.content_hash:
        return None
    cut = frame(configuration, len(series.values))
    if not len(cut.test):
        return None
    columns = tuple(series.columns.index(name) for name in configuration.series.targets)
    return TestPart(cut.target_times(cut.test[0]).start, columns)


def _best_baseline(data: ReportData, asked: Mapping[str, Configuration], series: Series) -> BaselineForecast | None:
    """Forecast the test rows with the best baseline, where all configurations forecast the same values."""
    parts = {(part_of(one, series), one.test, one.prepare.horizon) for one in asked.values()}
    name = next(iter(data.baseline_errors), None)
    if name is None or len(parts) != 1:
        return None
    ((part, test, horizon),) = parts
    if part is None or part.row != len(series.values) - test - horizon + 1:
        return None
    values = None if data.baselines is None else baseline_forecasts(data.baselines, name)
    return None if values is None else BaselineForecast(name, values)


def concluded_fields(found: Conclusions) -> dict[str, Any]:
    """Return the fields of a report that hold conclusions from the results."""
    return {
        "comparisons": found.comparison.pairs if found.comparison else None,
        "ranking": found.comparison.ranking if found.comparison else None,
        "beaten": found.beaten,
        "audit": found.audit.table if found.audit else None,
        "audit_words": found.audit.sentences if found.audit else (),
        "answer": found.answer,
        "notes": found.comparison.notes if found.comparison else (),
        "tests": found.comparison.tests if found.comparison else "",
    }
