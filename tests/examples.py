"""Small experiments and results for tests of the store; nothing here trains."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
import pandas as pd

from store import (
    Forecasts,
    Job,
    NewConfiguration,
    NewExperiment,
    NewJob,
    Provenance,
    Result,
    Series,
    Store,
    Submitted,
    Trajectory,
)

SERIES = Series(
    name="made-up",
    columns=("sales", "price"),
    values=np.array([[1.0, 0.1], [2.0, 0.2], [3.5, 0.3]]),
    times=("2001-01", "2001-02", "2001-03"),
    content_hash="5e" * 32,
)

PROVENANCE = Provenance(
    worker="host:1",
    host="host",
    numerics=1,
    python="3.11.9",
    tensorflow="2.21.0",
    keras="3.15.1",
    numpy="2.4.6",
    git_commit="abc123",
)


def experiment(
    name: str = "tune",
    labels: Sequence[str] = ("units=1", "units=2"),
    *,
    repeats: int = 3,
    pack: int | None = None,
    max_attempts: int = 3,
    max_pack: int = 64,
    queue: str = "default",
    one_program: bool = False,
    series: Series = SERIES,
) -> NewExperiment:
    """Return an experiment whose jobs' keys depend on label and repeat, and whose programs depend on the label."""
    return NewExperiment(
        name=name,
        description="for a test",
        grid_text="name: tune\n",
        grid_file="tune.yaml",
        repeats=repeats,
        seed=7,
        queue=queue,
        pack=pack,
        max_attempts=max_attempts,
        git_commit=None,
        configurations=tuple(
            NewConfiguration(
                label=label,
                axes={"label": label},
                params=json.dumps({"zeta": 1, "alpha": label}),
                series_hash=series.content_hash,
                jobs=tuple(
                    NewJob(
                        repeat=repeat,
                        seed=2**62 + repeat,
                        key=hashlib.sha256(f"{label}/{repeat}".encode()).hexdigest(),
                        program="program" if one_program else f"program {label}",
                        max_pack=max_pack,
                    )
                    for repeat in range(repeats)
                ),
            )
            for label in labels
        ),
    )


def submit(store: Store, new: NewExperiment | None = None, *, fresh: bool = False) -> Submitted:
    """Store an experiment and the series that it needs."""
    store.series.put(SERIES)
    return store.experiments.create(new or experiment(), fresh=fresh)


def result(job: Job | int, score: float = 100.0, *, diverged: bool = False) -> Result:
    """Return a result with four epochs, and forecasts of 3 rows, 2 steps ahead, for 1 target."""
    job_id = job if isinstance(job, int) else job.id
    curve = np.linspace(score + 3, score, 4, dtype=np.float32)
    if diverged:
        curve[2:] = np.nan
    return Result(
        job_id=job_id,
        train_rmse=score / 2,
        test_rmse=float("nan") if diverged else score,
        diverged=diverged,
        seconds=0.25,
        trajectory=Trajectory(epochs=4, every=1, train_rmse=curve / 2, test_rmse=curve),
        forecasts=Forecasts(
            observed=np.arange(6.0).reshape(3, 2, 1) / 3, forecast=np.arange(6.0).reshape(3, 2, 1) / 3 + score
        ),
        scores={"step_1": score, "step_2": score + 1},
    )


def finish(store: Store, jobs: Sequence[Job], owner: str) -> set[int]:
    """Save a result for each job."""
    return store.results.save([result(job) for job in jobs], owner=owner, provenance=PROVENANCE)


def run_all(store: Store, owner: str = "host:1:all") -> None:
    """Claim and finish all waiting jobs."""
    while jobs := store.jobs.claim_next(owner=owner, lease=60, workers=1):
        finish(store, jobs, owner)


def conclude(store: Store, experiment_id: int, **frames: pd.DataFrame) -> bool:
    """Write conclusions of the results that are there; frames that are left out stay as stored."""
    names = ("summaries", "comparisons", "baselines")
    stored = {name: getattr(store.results, name)(experiment_id) for name in names if name not in frames}
    version = store.results.version(experiment_id)
    return store.results.write_conclusions(experiment_id, of=version, **stored, **frames)
