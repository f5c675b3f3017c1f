"""The plain records that scheduler, worker and store hand each other; they know no SQL, Celery or TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from store.forecast_scores import Scale
    from store.quantiles import Quantiles

    Float32s = NDArray[np.float32]
    Float64s = NDArray[np.float64]
    Int64s = NDArray[np.int64]


#: what an experiment may be called, in words and as a regular expression
EXPERIMENT_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"
EXPERIMENT_NAME_RULE = "letters, digits, dots, dashes and underscores, at most 100, the first a letter or digit"


class JobState(StrEnum):
    """Where a job is: queued -> running -> done, failed or cancelled."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ExperimentState(StrEnum):
    """Where an experiment is. It is done when no job of it is queued or running."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One or many series observed at the same times, as they travel in the store."""

    name: str
    columns: tuple[str, ...]
    #: (observations, columns), in the order of `columns`
    values: Float64s
    #: one label an observation, as written in the file; empty where the file has none
    times: tuple[str, ...] = ()
    #: SHA-256 of the columns' names and values; the times do not decide a number
    content_hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One repeat as a worker sees it: everything that decides its numbers."""

    id: int
    repeat: int
    seed: int
    #: canonical JSON of the configuration: `Configuration.model_validate_json` reads it
    params: str
    series_hash: str
    #: jobs with the same program can be trained in one pack
    program: str
    queue: str
    attempts: int
    max_attempts: int
    keeps_weights: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Trajectory:
    """RMSE after the epochs `every`, 2 `every`, ... and after the last one; times `factor` in the series' units."""

    epochs: int
    every: int
    #: (points,), points = ceil(epochs / every); NaN or infinity where the repeat diverged
    train_rmse: Float32s
    test_rmse: Float32s
    #: (points,): training rows held out and scored as a third curve; None where there are none
    validation_rmse: Float32s | None = None
    #: a power of two, which is 1 unless the series' units do not fit 32-bit numbers
    factor: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Forecasts:
    """What was forecast for each test row, (steps, horizon, targets), in the units of the series."""

    observed: Float64s
    forecast: Float64s
    quantiles: Quantiles | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The result of one repeat. A repeat that diverged has one, too."""

    job_id: int
    #: NaN where the protocol scores no training part
    train_rmse: float
    test_rmse: float
    diverged: bool
    #: wall time of the pack divided by its lanes
    seconds: float
    trajectory: Trajectory | None
    forecasts: Forecasts | None
    #: further scores by name, e.g. {"step_1": 95.2, "step_2": 99.1} for a horizon of 2
    scores: dict[str, float] = field(default_factory=dict)
    #: what the model that made the last forecast has learnt, by Keras' paths; None unless the job keeps them
    weights: dict[str, Float32s] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Provenance:
    """Where and with what a result was made."""

    worker: str
    host: str
    numerics: int
    python: str
    tensorflow: str
    keras: str
    numpy: str
    git_commit: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewJob:
    """A repeat to be stored."""

    repeat: int
    seed: int
    #: its identity: SHA-256 over all that decides its numbers
    key: str
    program: str  #: jobs with the same program can be trained in one pack
    #: most lanes that a pack with this job may have
    max_pack: int = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class NewConfiguration:
    """A configuration to be stored, with its repeats in order."""

    #: the human name made of the axes' values
    label: str
    #: dotted field -> JSON value, in the order of the grid's axes
    axes: dict[str, Any]
    params: str  #: canonical JSON
    series_hash: str
    jobs: tuple[NewJob, ...]
    #: of each target: the errors of the naive forecast of its training part; empty where not known
    scales: tuple[Scale, ...] = ()
    #: with several splits: the label of the configuration of which this is one split
    point: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class NewExperiment:
    """A grid to be stored: configurations x repeats, in a fixed order."""

    name: str
    description: str
    #: the grid as submitted
    grid_text: str
    grid_file: str
    repeats: int
    seed: int
    queue: str
    #: jobs trained side by side at most; None leaves it to the engine
    pack: int | None
    max_attempts: int
    git_commit: str | None
    configurations: tuple[NewConfiguration, ...]
    #: what repeats are judged by: one of `SCORES`
    score: str = "rmse"
    series_notes: tuple[str, ...] = ()
    keeps_weights: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Experiment:
    """A submitted grid."""

    id: int
    name: str
    state: ExperimentState
    grid_text: str
    grid_file: str
    repeats: int
    seed: int
    queue: str
    pack: int | None
    max_attempts: int
    description: str
    git_commit: str | None
    #: the numbers of repeats at which the scores are looked at, fixed before the first look; None where that is once
    looks: tuple[int, ...] | None
    #: the user's note; empty if there is none
    note: str
    created_at: datetime
    #: when the last repeat was in, or it was cancelled
    finished_at: datetime | None
    #: when the summaries were written
    summarised_at: datetime | None
    #: what repeats are judged by: one of `SCORES`
    score: str = "rmse"
    series_notes: tuple[str, ...] = ()
    keeps_weights: bool = False

    @property
    def judged_by(self) -> str:
        """The column of the results that repeats are judged by."""
        return f"test_{self.score}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What became of a submission."""

    experiment: Experiment
    #: new jobs
    new: int
    #: existing jobs that are shared
    reused: int
    #: False if the same experiment existed already
    created: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Deleted:
    """What was deleted with an experiment, and what was kept."""

    configurations: int
    #: jobs that no other experiment has
    jobs: int
    #: of these jobs
    results: int
    #: jobs that other experiments have, too: they stay with their results
    shared: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """A job that failed for good, and why."""

    job_id: int
    label: str
    repeat: int
    attempts: int
    worker: str
    error: str  #: one line
    #: empty where the worker died
    traceback: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A queued job: the columns needed to send it."""

    id: int
    program: str
    queue: str
    #: most jobs of a pack with this one; falls as failed packs are split
    pack_limit: int


@dataclass(frozen=True, kw_only=True, slots=True)
class TrajectorySet:
    """The trajectories of one configuration, in the units of the series: float64 where float32 cannot hold them."""

    #: (n,) repeat numbers
    repeats: Int64s
    #: (points,) epochs, from 1
    epochs: Int64s
    #: (n, points)
    train: Float32s | Float64s
    test: Float32s | Float64s
    #: (n, points), or None where no rows were held out
    validation: Float32s | Float64s | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ForecastSet:
    """The forecasts of one configuration."""

    repeats: Int64s  #: (n,) repeat numbers
    #: (steps, horizon, targets)
    observed: Float64s
    #: (n, steps, horizon, targets)
    forecast: Float64s
    #: None where a repeat has none
    quantiles: Quantiles | None = None
