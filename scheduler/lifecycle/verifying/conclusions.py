"""Whether stored summaries, comparisons, ensembles and baselines are what the stored results and series give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.lifecycle.verifying.frames import differing, first_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from scheduler.lifecycle.verifying.findings import Findings
    from store import Experiment, Store

#: what is stored of an experiment, with the columns that name a row, and how far it may be from what is computed here:
#: sums are rounded another way by another processor, and the fits of baselines end elsewhere
KEYS = {
    "summaries": (["configuration"], 1e-9),
    "comparisons": (["a", "b", "over"], 1e-9),
    "ensembles": (["configuration", "combination"], 1e-9),
    "ensemble_steps": (["configuration", "target", "step"], 1e-9),
    "baselines": (["split", "target", "baseline"], 1e-6),
}


def check_conclusions(store: Store, experiment: Experiment, found: Findings, say: Callable[[str], None]) -> None:
    """Compute them again and compare."""
    found.check("every score is that of its forecasts", _wrong_scores(store, experiment))
    if reason := _none_yet(store, experiment):
        found.left.append(reason)
        return
    computed = _computed(store, experiment)
    if len(store.results.baselines(experiment.id)):
        say("computing the baselines again ...")
        computed["baselines"] = _baselines(store, experiment)
    else:
        found.left.append("baselines: none are stored; a report computes them")
    for name, frame in computed.items():
        keys, close = KEYS[name]
        stored = _stored(store, experiment, name)
        words = name.replace("_", " ")
        wrong = differing(_named(stored), _named(frame), keys, close=close)
        found.check(f"{words}: {len(stored)} rows, as computed again", [f"{words}: {one}" for one in wrong])


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame in which pairs on these splits, which all are of an experiment with one, need no further word."""
    from scheduler.statistics.splits.table import THESE

    return frame.replace({"over": {THESE: ""}}) if "over" in frame else frame


def _stored(store: Store, experiment: Experiment, name: str) -> pd.DataFrame:
    import pandas as pd

    frame: pd.DataFrame = getattr(store.results, name)(experiment.id)
    whole = store.checks.whole_summaries(experiment.id) if name == "summaries" else frame[:0]
    return pd.concat([frame, whole], ignore_index=True) if len(whole) else frame


def _none_yet(store: Store, experiment: Experiment) -> str:
    """Return why an experiment has no conclusions, or nothing where it should have."""
    from store import ExperimentState

    if store.futures.study_of(experiment.id) is not None:
        return "summaries: this is a forecast beyond the end of the data, which has none"
    if experiment.state is not ExperimentState.DONE:
        return f"summaries: the experiment is {experiment.state}; they are written when it is done"
    if experiment.id in store.experiments.unsummarised():
        return "summaries: they are not written yet; `scheduler watch` or a report does it"
    return ""


def _computed(store: Store, experiment: Experiment) -> dict[str, pd.DataFrame]:
    from scheduler.lifecycle.aggregate import conclusions

    found = conclusions(store, experiment, store.results.scales(experiment.id))
    # Which split a summary is of is no part of it: the configuration says so, or that it is over all of them.
    return found | {"summaries": found["summaries"].drop(columns="split", errors="ignore")}


def _baselines(store: Store, experiment: Experiment) -> pd.DataFrame:
    from scheduler.lifecycle.baseline_cache import computed_again

    return computed_again(store, experiment.id)


#: the columns of a frame of results, with their names among the scores of forecasts
_SCORES = {"test_rmse": "rmse", "test_mae": "mae", "test_mape": "mape", "test_smape": "smape"}


def _wrong_scores(store: Store, experiment: Experiment) -> list[str]:
    """Return which stored scores are not those of the stored forecasts; a repeat without any is another fault."""
    import numpy as np

    from store.forecast_scores import plain_scores

    keys = ["configuration", "repeat"]
    frame = store.results.frame(experiment.id, [*keys, "diverged", *_SCORES]).set_index(keys)
    stored = frame.loc[frame["diverged"].notna(), list(_SCORES)].astype(float).to_dict("index")
    wrong = []
    for label, block in store.results.each_forecast(experiment.id):
        for repeat, forecast in zip(block.repeats, block.forecast, strict=True):
            scored = plain_scores(block.observed, forecast)
            for column, there in stored.get((label, int(repeat)), {}).items():
                here = _number(scored[_SCORES[str(column)]])
                if not np.isclose(here, there, rtol=1e-9, atol=0, equal_nan=True):
                    place = f"{column} of repeat {repeat} of {label}"
                    wrong.append(f"{place} is {there:.9g}; its forecasts give {here:.9g}")
    return first_of(wrong)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
