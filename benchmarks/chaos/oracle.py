"""The oracle: what a study must have in the end, whatever happened to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.chaos.scene import Scene
from scheduler.lifecycle.aggregate import aggregate_finished
from scheduler.statistics.summary import summarise
from store import Store
from store.schema.configuration import Configuration
from tests import standin
from worker.lane import Lane


@dataclass(slots=True)
class Verdict:
    """What is wrong with a study: nothing, if all numbers are 0."""

    lost: int = 0
    doubled: int = 0
    other_bits: int = 0
    stuck: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.lost or self.doubled or self.other_bits or self.stuck or self.words)


def judge(scene: Scene) -> Verdict:
    """Compare a study with what it must be."""
    store, total = scene.store, scene.total
    aggregate_finished(store)
    (experiment,) = store.experiments.list()
    frame = store.results.frame(experiment.id)
    states = Counter(frame["state"])
    verdict = Verdict(stuck=states["queued"] + states["running"], lost=total - len(frame) + states["failed"])
    verdict.lost += states["cancelled"]
    verdict.words += [f"failed: {error}" for error in sorted(set(frame.loc[frame["state"] == "failed", "error"]))]
    done = frame[frame["state"] == "done"]
    verdict.doubled = int(done.duplicated(["configuration", "repeat"]).sum()) + _rows_too_many(scene, len(done))
    verdict.other_bits = _other_bits(scene, done)
    verdict.words += store.checks.faults(experiment.id) + store.checks.orphans()
    if not verdict.stuck:
        verdict.words += _other_summaries(store, experiment.id, frame)
    return verdict


def _rows_too_many(scene: Scene, done: int) -> int:
    """Count the results beyond one for each job that is done."""
    tables = ("scores", "forecast_arrays", *([] if scene.setting.real else ["trajectories"]))
    return sum(abs(scene.ask(f"SELECT count(*) FROM {table}")[0][0] - done) for table in tables)


def _other_summaries(store: Store, experiment_id: int, frame: pd.DataFrame) -> list[str]:
    stored = store.results.summaries(experiment_id).reset_index(drop=True)
    try:
        pd.testing.assert_frame_equal(stored, summarise(frame), check_dtype=False, check_exact=True)
    except AssertionError as problem:
        return [f"summaries: {problem}"]
    return []


def _other_bits(scene: Scene, done: pd.DataFrame) -> int:
    """Count the repeats whose scores, trajectories or forecasts are not those of their seed."""
    store, wrong = scene.store, 0
    curves, blocks = store.results.trajectories(1), store.results.forecasts(1)
    parameters = store.experiments.parameters(1)
    for row in done.itertuples():
        label, repeat = row.configuration, row.repeat
        expected = _expected(scene.setting.real, int(row.seed), parameters[label])
        block = blocks[label]
        found = [(block.forecast[list(block.repeats).index(repeat)], expected.forecasts.forecast)]
        if expected.trajectory is not None:  # of this protocol the engine makes none
            curve = curves[label]
            found.append((curve.test[list(curve.repeats).index(repeat)], expected.trajectory.test_rmse))
        same = all(np.array_equal(np.ravel(one), np.ravel(other)) for one, other in found)
        wrong += not (same and _same(row.test_rmse, expected.test_rmse))
    return wrong


def _same(one: float, other: float) -> bool:
    return one == other or bool(np.isnan(one) and np.isnan(other))


@cache
def _expected(real: bool, seed: int, params: str) -> Any:
    """Return the result of a repeat that nothing disturbs."""
    lane = Lane(job_id=0, configuration=Configuration.model_validate_json(params), seed=seed)
    return _trained_alone(lane) if real else standin.result(lane)


def _trained_alone(lane: Lane) -> Any:
    """Train a repeat by itself in this process: its numbers do not depend on its pack."""
    from scheduler.series.source import bundled
    from worker.engine.train import train

    (result,) = train([lane], bundled("fractions"), progress=lambda done, total: None)
    return result
