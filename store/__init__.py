"""What scheduler and worker share: the records, the errors, the settings and the store of results.

`store.delivery.queue` is left out, or importing `Job` would load Celery; the schema of configurations is loaded when it
is first asked for, since pydantic takes its time.
"""

from typing import TYPE_CHECKING, Any

from store.errors import (
    BrokerUnreachable,
    GridError,
    NotFound,
    PipelineError,
    SeriesError,
    StoreError,
    StoreUnreachable,
    StoreVersionError,
    TrainingError,
    UsageError,
)
from store.experiments.counts import ConfigurationStatus, ExperimentStatus
from store.opening import Store, open_store
from store.records import (
    Deleted,
    Experiment,
    ExperimentState,
    Failure,
    Forecasts,
    ForecastSet,
    Job,
    JobState,
    NewConfiguration,
    NewExperiment,
    NewJob,
    Provenance,
    Result,
    Series,
    Submitted,
    Trajectory,
    TrajectorySet,
    Waiting,
)
from store.settings import Settings

if TYPE_CHECKING:
    from store.schema.configuration import NUMERICS, Configuration

__all__ = [
    "NUMERICS",
    "BrokerUnreachable",
    "Configuration",
    "ConfigurationStatus",
    "Deleted",
    "Experiment",
    "ExperimentState",
    "ExperimentStatus",
    "Failure",
    "ForecastSet",
    "Forecasts",
    "GridError",
    "Job",
    "JobState",
    "NewConfiguration",
    "NewExperiment",
    "NewJob",
    "NotFound",
    "PipelineError",
    "Provenance",
    "Result",
    "Series",
    "SeriesError",
    "Settings",
    "Store",
    "StoreError",
    "StoreUnreachable",
    "StoreVersionError",
    "Submitted",
    "TrainingError",
    "Trajectory",
    "TrajectorySet",
    "UsageError",
    "Waiting",
    "open_store",
]


def __getattr__(name: str) -> Any:
    if name in {"NUMERICS", "Configuration"}:
        from store.schema import configuration

        return getattr(configuration, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
