"""Synthetic reports for pictures and the page: scores like those of shampoo, trajectories that fall and level off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scheduler.report.report_data import BaselineForecast, ReportData, TestPart
from scheduler.report.steps import mean_errors
from scheduler.statistics.ensembles.table import Members, score_ensembles
from scheduler.statistics.intervals.table import score_intervals
from scheduler.statistics.outcomes import Outcome
from scheduler.statistics.summary import summarise

#: a label that would leave its element, attribute or script wherever it is not escaped
HOSTILE = "</script><img src=x onerror=\"document.title='broken in'\"><b title='\"&amp;$title${title}]]>-->"
STARTED = datetime(2026, 3, 4, 9, 12, tzinfo=UTC)
SALES = np.array([266.0, 145.9, 183.1, 119.3, 180.3, 168.5, 231.8, 224.5, 192.8, 122.9, 336.5, 185.9])
TEST_ROWS = 4


@dataclass(frozen=True)
class MadeCurves:
    """Trajectories as the store gives them."""

    repeats: NDArray[Any]
    epochs: NDArray[Any]
    train: NDArray[Any]
    test: NDArray[Any]


@dataclass(frozen=True)
class MadeForecasts:
    """Forecasts as the store gives them."""

    repeats: NDArray[Any]
    observed: NDArray[Any]
    forecast: NDArray[Any]


def made_report(
    labels: Sequence[str] = ("units=1", "units=2", "units=3"),
    *,
    repeats: int = 12,
    points: int = 60,
    diverged: int = 0,
    waiting: int = 0,
    horizon: int = 1,
    targets: int = 1,
    **changes: Any,
) -> ReportData:
    """Return the report of an experiment.

    Args:
        labels: its configurations.
        repeats: of each.
        points: epochs of a trajectory; 0 = no trajectories.
        diverged: how many repeats of each configuration diverged.
        waiting: how many are not done.
        horizon: of the forecasts; 0 = no forecasts.
        targets: of the forecasts.
        changes: fields of the report that are to be others.
    """
    rng = np.random.default_rng(7)
    results = _results(labels, repeats, diverged, waiting, rng)
    done = repeats - waiting
    forecasts = {label: _forecasts(done, horizon, targets, rng) for label in labels if horizon}
    names = tuple(f"target {place}" for place in range(1, targets + 1))
    apart = forecasts if horizon > 1 or targets > 1 else {}
    fields: dict[str, Any] = {
        "experiment": "tune-units",
        "grid_text": "name: tune-units\ngrid:\n  model.units: [1, 2, 3]\n",
        "description": "How many units?",
        "created": STARTED,
        "finished": None if waiting else STARTED + timedelta(seconds=95),
        "counts": {"done": done * len(labels), "queued": waiting * len(labels)},
        "series_name": "shampoo",
        "series_values": SALES,
        "series_times": tuple(f"1-{month:02d}" for month in range(1, 13)),
        "results": results,
        "summaries": _summaries(labels, results),
        "trajectories": {label: _curves(done, points, diverged, rng) for label in labels if points},
        "forecasts": forecasts,
        "target_names": names,
        "test_parts": dict.fromkeys(forecasts, TestPart(len(SALES) - TEST_ROWS - horizon + 1, (0,) * targets)),
        "baseline_forecast": _baseline_forecast(horizon, targets) if horizon else None,
        "step_scores": _step_scores(apart) if apart else None,
        "mean_errors": mean_errors(results),
        "baselines": pd.DataFrame(
            {"baseline": ["persistence", "ETS"], "rmse": [136.761, 70.4], "mae": [112.0, np.nan]}
        ),
        "provenance": {"python": "3.11", "numerics": 1},
        "partial": waiting > 0,
    }
    return ReportData(**{**fields, **changes})


def with_ensembles(report: ReportData) -> ReportData:
    """Return a report with the ensembles of its forecasts."""
    members = (Members.of(label, found) for label, found in report.forecasts.items())
    found = score_ensembles(members, score=report.score)
    return replace(report, ensembles=found.scores, ensemble_steps=found.steps)


def with_intervals(report: ReportData) -> ReportData:
    """Return a report with the intervals of its forecasts."""
    members = (Members.of(label, found) for label, found in report.forecasts.items())
    return replace(report, intervals=score_intervals(members))


def made_splits(**changes: Any) -> ReportData:
    """Make the report of an experiment on two series of which one is a million times the other, a split each.

    Args:
        changes: fields of each split that are to be others.
    """
    parts = tuple(_split(series, scale, changes) for series, scale in (("small", 1.0), ("large", 1e6)))
    return made_report(
        [label for part in parts for label in part.labels],
        counts={"done": 48},
        baselines=pd.concat([part.baselines.assign(split=part.split) for part in parts if part.baselines is not None]),
        answer="\n".join(f"{part.split}: {part.answer}" for part in parts),
        parts=parts,
    )


def _split(series: str, scale: float, changes: Mapping[str, Any]) -> ReportData:
    labels, name = [f"{series}, units={units}" for units in (1, 2)], f"{series}, last 4 rows"
    whole = made_report(labels, horizon=0)
    results = whole.results.assign(test_rmse=whole.results["test_rmse"] * scale)
    baselines = pd.DataFrame({"baseline": ["persistence", "ETS"], "rmse": [136.761 * scale, 70.4 * scale]})
    fields = {
        "comparisons": made_comparisons(labels),
        "answer": f"{labels[1]} is better.",
        "audit": pd.DataFrame({"configuration": labels, "last": [98 * scale, 99 * scale]}),
    }
    return made_report(
        labels,
        **{
            "results": results,
            "summaries": _summaries(labels, results),
            "series_name": name,
            "split": name,
            "unit": series,
            "baselines": baselines,
            **fields,
            **changes,
        },
    )


def made_comparisons(labels: Sequence[str] = ("units=1", "units=2", "units=3")) -> pd.DataFrame:
    """Return comparisons with every kind of verdict: pairs in the order of `labels`."""
    kinds = [
        (Outcome.BETTER_B, "better"),
        (Outcome.UNDECIDED, "undecided: about 40 more repeats would settle it"),
        (Outcome.NO_DIFFERENCE, "no difference larger than 3.1"),
    ]
    pairs = [(a, b) for place, a in enumerate(labels) for b in labels[place + 1 :]]
    rows = [
        {
            "a": a,
            "b": b,
            "difference": -9.5 + place,
            "low": -14.0 + place,
            "high": -5.0 + place,
            "p_adjusted": 0.0004,
            "effect": -0.8,
            "probability": 0.75,
            "test": "Welch's t",
            "why": "repeats do not share seeds",
            "outcome": kinds[place % 3][0],
            "verdict": kinds[place % 3][1],
            "winner": b if place % 3 == 0 else None,
        }
        for place, (a, b) in enumerate(pairs)
    ]
    return pd.DataFrame(rows)


def _results(
    labels: Sequence[str], repeats: int, diverged: int, waiting: int, rng: np.random.Generator
) -> pd.DataFrame:
    count = len(labels)
    repeat = np.tile(np.arange(repeats), count)
    done = repeat < repeats - waiting
    lost = done & (repeat < diverged)
    scores = rng.normal(100, 9, size=count * repeats) + np.repeat(np.linspace(12, -6, count), repeats)
    return pd.DataFrame(
        {
            "configuration": np.repeat(np.array(labels, dtype=object), repeats),
            "repeat": repeat,
            "seed": 6_000_000_000_000_000_000 + repeat,
            "state": np.where(done, "done", "queued"),
            "diverged": np.where(done, lost, None),
            "train_rmse": np.where(done & ~lost, 61.0, np.nan),
            "test_rmse": np.where(done & ~lost, scores, np.nan),
            "test_mae": np.where(done & ~lost, scores * 0.8, np.nan),
            "seconds": np.where(done, 0.002, np.nan),
            "worker": np.where(done, "worker-0", None),
        }
    )


def _summaries(labels: Sequence[str], results: pd.DataFrame) -> pd.DataFrame:
    names = {"25%": "p25", "50%": "p50", "75%": "p75"}
    described = results.groupby("configuration")["test_rmse"].describe().reindex(list(labels)).rename(columns=names)
    described["count"] = described["count"].fillna(0).astype(int)
    lost = results["diverged"].eq(True).groupby(results["configuration"]).sum()
    described["diverged"] = lost.reindex(list(labels))
    described.index.name = "configuration"
    return described.reset_index()


def _curves(repeats: int, points: int, diverged: int, rng: np.random.Generator) -> MadeCurves:
    epochs = np.arange(1, points + 1)
    fall = 60 * np.exp(-epochs / (points / 8))
    test = (rng.normal(100, 8, size=(repeats, 1)) + fall + rng.normal(0, 0.4, size=(repeats, points))).astype(
        np.float32
    )
    test[:diverged, points // 3 :] = np.nan
    return MadeCurves(np.arange(repeats), epochs, test - 40, test)


def _forecasts(repeats: int, horizon: int, targets: int, rng: np.random.Generator) -> MadeForecasts:
    observed = _observed(horizon, targets)
    forecast = observed + rng.normal(0, 30, size=(repeats, *observed.shape))
    return MadeForecasts(np.arange(repeats), observed, forecast)


def _observed(horizon: int, targets: int) -> NDArray[Any]:
    first = len(SALES) - TEST_ROWS - (horizon - 1)
    rows = np.array([[SALES[first + row + step] for step in range(horizon)] for row in range(TEST_ROWS)])
    return np.repeat(rows[:, :, None], targets, axis=2)


def _baseline_forecast(horizon: int, targets: int) -> BaselineForecast:
    return BaselineForecast("ETS", _observed(horizon, targets) + 25)


def _step_scores(forecasts: Mapping[str, MadeForecasts]) -> pd.DataFrame:
    rows = [
        {
            "configuration": label,
            "repeat": repeat,
            "target": target + 1,
            "step": step + 1,
            "rmse": np.sqrt(np.mean(errors[:, step, target] ** 2)),
            "mae": np.mean(np.abs(errors[:, step, target])),
        }
        for label, found in forecasts.items()
        for repeat, errors in enumerate(found.forecast - found.observed)
        for target in range(errors.shape[2])
        for step in range(errors.shape[1])
    ]
    return pd.DataFrame(rows)


def small_report(configurations: int = 2, repeats: int = 4, *, missing: int = 0, **more: Any) -> ReportData:
    """Return a made-up report of a few repeats, some of them missing."""
    rows: list[dict[str, Any]] = [
        {
            "configuration": f"units={c}",
            "repeat": r,
            "seed": r,
            "state": "done",
            "diverged": False,
            "test_rmse": c + r / 7,
        }
        for c in range(1, configurations + 1)
        for r in range(repeats)
    ]
    for row in rows[:missing]:
        row.update(state="queued", test_rmse=np.nan)
    results = pd.DataFrame(rows)
    counts = results["state"].value_counts().to_dict()
    given: dict[str, Any] = {
        "experiment": "tune",
        "grid_text": "",
        "description": "",
        "created": datetime(2026, 1, 1, tzinfo=UTC),
        "finished": None,
        "counts": counts,
        "series_name": "shampoo",
        "series_values": np.arange(5.0),
        "series_times": (),
        "results": results,
        "summaries": summarise(results),
        "partial": missing > 0,
    }
    return ReportData(**given | more)
